"""Who prepared an account, was let go, or asked to be forgotten, has no way in that is left."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.signals import password_reset
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.core.management import call_command

from reprise.errors import InputError
from reprise.server.audit.services import Action, server_trail, trail
from reprise.server.enrolments.services import Found, find_offer, offer
from reprise.server.people import accounts, invitations, members, models, organisations, tokens
from reprise.server.people.accounts import forget, has_second_factor, make_user
from reprise.server.people.own_data import data_of
from reprise.server.people.proof import is_proven
from reprise.server.people.scope import (
    Actor,
    ForbiddenError,
    NotHereError,
    Right,
    Role,
    Scope,
    of_command,
    of_role,
)
from reprise.server.problems import ProblemError
from reprise.server.retention.services import tidy_up
from server.kit import PASSWORD
from server.persons import joined, of_person
from server.taking import OURS


def test_who_handed_the_link_on_has_not_the_account_for_ever(alix: models.User) -> None:
    """An administrator of one organisation makes an account for somebody's address, and waits for
    another organisation to let it in."""
    _invitation, secret = invitations.invite(of_person(alix), "tom@example.org", Role.ADMINISTRATOR)
    tom = invitations.join_new(secret, "Tom", PASSWORD)
    assert not is_proven(tom)
    UserSession.objects.create(user=tom, session_key="k" * 32, ip="127.0.0.1", user_agent="x")
    Authenticator.objects.create(user=tom, type=Authenticator.Type.TOTP, data={"secret": "x"})
    SocialAccount.objects.create(user=tom, provider="openid", uid="x")
    ways_in = _what_lets_in(tom)
    password_reset.send(sender=models.User, request=None, user=tom)  # its owner got mail
    assert is_proven(tom)
    assert tom.check_password(PASSWORD)  # that one is the owner's
    assert not any(ways_in())
    assert not UserSession.objects.filter(user=tom).exists()
    assert not has_second_factor(tom)
    assert not SocialAccount.objects.filter(user=tom).exists()
    # of an account that was proven nothing ends
    Authenticator.objects.create(user=tom, type=Authenticator.Type.TOTP, data={"secret": "x"})
    password_reset.send(sender=models.User, request=None, user=tom)
    assert has_second_factor(tom)


def _what_lets_in(user: models.User) -> Callable[[], tuple[bool, ...]]:
    """Made by this person as an administrator: whether the invitation, the token, its own code and
    the token's work."""
    mine = of_person(user)
    _one, secret = invitations.invite(mine, f"friend-of-{user.pk}@example.org", Role.TECHNICIAN)
    token, said = tokens.make_token(mine, f"T{user.pk}", [Right.SEE_STATIONS], 700)
    of_token = Scope(1, frozenset({Right.MANAGE_STATIONS}), Actor(token=token.number))
    codes = [offer(scope, "Bench", 24)[1] for scope in (mine, of_token)]

    def work() -> tuple[bool, ...]:
        left = [_find_code(code) for code in codes]
        found = invitations.find_invitation(secret), tokens.scope_of_token(said), *left
        return tuple(one is not None for one in found)

    assert all(work())
    return work


def _find_code(code: str) -> Found | None:
    try:
        return find_offer(code)
    except ProblemError:
        return None


def test_a_mailed_link_proves_an_address(alix: models.User) -> None:
    invitation, secret = invitations.invite(of_person(alix), "tom@example.org", Role.TECHNICIAN)
    invitations.was_mailed(of_person(alix), invitation.number)
    assert is_proven(invitations.join_new(secret, "Tom", PASSWORD))
    assert is_proven(alix)


@pytest.mark.parametrize("how", ["removed", "demoted", "erased"])
def test_who_was_let_go_does_not_come_back(alix: models.User, how: str) -> None:
    eve = joined("eve@example.org", Role.ADMINISTRATOR)
    theirs, others = _what_lets_in(eve), _what_lets_in(alix)
    if how == "removed":
        members.remove(OURS, eve.pk)
    elif how == "demoted":
        members.change_role(OURS, eve.pk, Role.BENEFICIARY)
    else:
        forget(eve, Actor(eve.pk))
    assert not any(theirs())
    assert all(others())
    ended = [line.action for line in trail(OURS, 1, 100).lines]
    for action, count in ((Action.ENROLMENT_WITHDRAWN, 2), (Action.TOKEN_REVOKED, 1)):
        assert ended.count(action) == count


def test_a_code_ends_with_the_token_that_made_it(alix: models.User) -> None:
    work = _what_lets_in(alix)
    (token,) = tokens.list_tokens(OURS)
    tokens.revoke_token(OURS, token.number)
    assert work() == (True, False, True, False)


def test_of_a_code_that_was_made_before_the_record_tells_by_whom(alix: models.User) -> None:
    eve = joined("eve@example.org", Role.ADMINISTRATOR)
    _open, code = offer(of_person(eve), "Bench", 24)
    call_command("migrate", "enrolments", "0002", verbosity=0)
    call_command("migrate", "enrolments", verbosity=0)
    assert _find_code(code) is not None
    members.remove(OURS, eve.pk)
    assert _find_code(code) is None


def test_an_invitation_changes_no_role(alix: models.User) -> None:
    with pytest.raises(InputError):
        invitations.invite(OURS, alix.email, Role.BENEFICIARY)
    _one, secret = invitations.invite(OURS, alix.email, Role.BENEFICIARY, runs_instance=True)
    invitations.join_known(secret, alix)
    assert [m.role for m in members.list_members(OURS)] == [Role.ADMINISTRATOR]


def test_the_last_who_looks_after_the_server_stays(alix: models.User) -> None:
    joined("tom@example.org", Role.ADMINISTRATOR)
    with pytest.raises(InputError, match="serve"):
        forget(alix, Actor(alix.pk))


def test_what_a_forgotten_person_was_elsewhere_is_forgotten(alix: models.User) -> None:
    tom = joined("tom@example.org", Role.TECHNICIAN)
    SocialAccount.objects.create(user=tom, provider="openid", uid="x", extra_data={"name": "Tom T"})
    assert "Tom T" in json.dumps(data_of(tom))
    other = of_command(organisations.make_organisation(OURS, "Other"))
    _waiting, secret = invitations.invite(other, "tom@example.org", Role.TECHNICIAN)
    forget(tom, Actor(tom.pk))
    assert not SocialAccount.objects.exists()
    assert invitations.find_invitation(secret) is None


def test_an_administrator_erases_the_account_of_who_is_nowhere_else(alix: models.User) -> None:
    tom = joined("tom@example.org", Role.ADMINISTRATOR)
    _token, said = tokens.make_token(of_person(tom), "T", [Right.SEE_REPORTS], 5)
    other = organisations.make_organisation(OURS, "Other")
    accounts.add_member(tom, other, Role.TECHNICIAN)
    assert not members.is_only_here(OURS, tom.pk)
    with pytest.raises(InputError):  # another organisation's, too
        members.erase(of_person(alix), tom.pk)
    models.Membership.objects.filter(user=tom, organisation=other).delete()
    assert not members.is_only_here(OURS, alix.pk)
    with pytest.raises(InputError):  # the server's
        members.erase(of_person(tom), alix.pk)
    assert accounts.find_user("alix@example.org") and accounts.find_user("tom@example.org")
    assert members.is_only_here(OURS, tom.pk)
    with pytest.raises(ForbiddenError):
        members.erase(of_role(1, Role.AUDITOR, Actor(alix.pk)), tom.pk)
    members.erase(of_person(alix), tom.pk)
    gone = models.User.objects.get(pk=tom.pk)
    assert (gone.name, gone.is_active, gone.has_usable_password()) == ("", False, False)
    assert tokens.scope_of_token(said) is None
    line = trail(OURS, 1, 1).lines[0]
    assert (line.action, line.actor) == (Action.PERSON_ERASED, f"user:{alix.pk}")
    with pytest.raises(NotHereError):
        members.erase(of_person(alix), tom.pk)


def test_what_is_over_is_not_kept(alix: models.User) -> None:
    now = datetime.now(UTC)
    for key, end in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, expire_date=now + timedelta(hours=end))
    invitations.invite(OURS, "tom@example.org", Role.TECHNICIAN)
    invitations.invite(OURS, "eve@example.org", Role.TECHNICIAN)
    models.Invitation.objects.filter(email="tom@example.org").update(ends_at=now - timedelta(31))
    for number, key in enumerate(("old", "new", "left by logging out")):
        UserSession.objects.create(user=alix, session_key=key, ip=f"10.0.0.{number}")
    tidy_up()
    assert [row.ip for row in UserSession.objects.all()] == ["10.0.0.1"]
    assert list(Session.objects.values_list("pk", flat=True)) == ["new"]
    assert [i.email for i in invitations.list_invitations(OURS)] == ["eve@example.org"]
    assert models.Invitation.objects.count() == 1


def test_a_person_of_no_organisation_is_in_the_servers_record(alix: models.User) -> None:
    keeper = make_user("keeper@example.org", "Keeper", PASSWORD, runs_instance=True)
    user_logged_in.send(sender=models.User, request=None, user=keeper)
    user_logged_in.send(sender=models.User, request=None, user=alix)
    assert [line.actor for line in server_trail(OURS, 1, 9).lines] == [f"user:{keeper.pk}"]
    assert trail(OURS, 1, 1).lines[0].actor == f"user:{alix.pk}"
