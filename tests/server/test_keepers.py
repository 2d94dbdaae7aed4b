"""Who looks after the server see each other, and let one go."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from reprise import i18n
from reprise.errors import InputError
from reprise.server.audit.services import Action, server_trail, trail
from reprise.server.people import invitations, members, models
from reprise.server.people.accounts import find_user, forget, make_user
from reprise.server.people.keepers import (
    ask_factor_of_keepers,
    find_keeper,
    let_keeper_go,
    list_keepers,
)
from reprise.server.people.organisations import make_organisation
from reprise.server.people.scope import (
    Actor,
    ForbiddenError,
    NotHereError,
    Right,
    Role,
    Scope,
    of_command,
)
from reprise.server.people.walls import standing_of
from server.kit import PASSWORD
from server.persons import joined, of_person
from server.taking import OURS


def as_keeper(user: models.User, organisation: int = 0) -> Scope:
    """As the pages of the server have it."""
    rights = of_command(organisation).rights if organisation else frozenset({Right.RUN_INSTANCE})
    return Scope(organisation, rights, Actor(user.pk))


@pytest.fixture
def keeper() -> models.User:
    return make_user("keeper@example.org", "Keeper", PASSWORD, runs_instance=True)


def test_they_see_each_other(alix: models.User, keeper: models.User) -> None:
    tom = joined("tom@example.org", Role.ADMINISTRATOR)
    Authenticator.objects.create(user=keeper, type=Authenticator.Type.TOTP, data={"secret": "x"})
    told = [(one.user, one.email, one.second_factor) for one in list_keepers(as_keeper(alix))]
    assert told == [(alix.pk, alix.email, False), (keeper.pk, keeper.email, True)]
    with pytest.raises(NotHereError):
        find_keeper(as_keeper(alix), tom.pk)
    with pytest.raises(ForbiddenError):
        list_keepers(of_person(tom))


def test_one_is_let_go_at_once(alix: models.User, keeper: models.User) -> None:
    Authenticator.objects.create(user=alix, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert let_keeper_go(as_keeper(keeper), alix.pk).email == alix.email
    assert [one.user for one in list_keepers(as_keeper(keeper))] == [keeper.pk]
    (line, *_others) = server_trail(OURS, 1, 9).lines
    told = (line.action, line.actor, line.subject)
    assert told == (Action.KEEPER_LET_GO, f"user:{keeper.pk}", f"user:{alix.pk}")
    with pytest.raises(ForbiddenError):  # by a page that was asked for before
        make_organisation(as_keeper(alix), "Other")
    with pytest.raises(NotHereError):
        let_keeper_go(as_keeper(keeper), alix.pk)
    assert [member.role for member in members.list_members(OURS)] == [Role.ADMINISTRATOR]


def test_the_last_one_stays(alix: models.User, keeper: models.User) -> None:
    let_keeper_go(as_keeper(alix), alix.pk)
    with i18n.using("en"), pytest.raises(InputError, match="alone looks after the server"):
        let_keeper_go(as_keeper(keeper), keeper.pk)
    assert [one.user for one in list_keepers(as_keeper(keeper))] == [keeper.pk]


def test_nothing_that_was_prepared_brings_the_server_back(
    alix: models.User, keeper: models.User
) -> None:
    other = make_organisation(as_keeper(alix), "Other")
    _own, lets_in = invitations.invite(
        as_keeper(alix, other), "friend@example.org", Role.ADMINISTRATOR
    )
    _back, gives_back = invitations.invite(OURS, alix.email, Role.ADMINISTRATOR, runs_instance=True)
    of_alix = of_person(alix)
    _member, stays = invitations.invite(of_alix, "tom@example.org", Role.TECHNICIAN)
    let_keeper_go(as_keeper(keeper), alix.pk)
    left = [invitations.find_invitation(one) is not None for one in (lets_in, gives_back, stays)]
    assert left == [False, False, True]


@pytest.mark.parametrize("is_new", [True, False])
def test_who_gets_the_server_is_told_by_the_records(alix: models.User, is_new: bool) -> None:
    if not is_new:
        joined("tom@example.org", Role.ADMINISTRATOR)
    _one, secret = invitations.invite(
        OURS, "tom@example.org", Role.ADMINISTRATOR, runs_instance=True
    )
    if is_new:
        tom = invitations.join_new(secret, "Tom", PASSWORD)
    else:
        found = find_user("tom@example.org")
        assert found is not None
        invitations.join_known(secret, tom := found)
    assert [one.email for one in list_keepers(OURS)] == ["alix@example.org", "tom@example.org"]
    for lines in (server_trail(OURS, 1, 9).lines, trail(OURS, 1, 9).lines):
        told = [(one.actor, one.subject) for one in lines if one.action is Action.KEEPER_ADDED]
        assert told == [(f"user:{tom.pk}", f"user:{tom.pk}")]


def test_who_has_the_server_already_is_not_told_of_again(alix: models.User) -> None:
    _one, secret = invitations.invite(OURS, alix.email, Role.ADMINISTRATOR, runs_instance=True)
    invitations.join_known(secret, alix)
    assert not server_trail(OURS, 1, 9).lines


def test_a_member_who_gets_the_server_becomes_an_administrator(alix: models.User) -> None:
    """As the command says that it invites one."""
    tom = joined("tom@example.org", Role.TECHNICIAN)
    _one, secret = invitations.invite(OURS, tom.email, Role.ADMINISTRATOR, runs_instance=True)
    invitations.join_known(secret, tom)
    assert [one.role for one in members.belongings(tom)] == [Role.ADMINISTRATOR]
    changed = [one for one in trail(OURS, 1, 9).lines if one.action is Action.ROLE_CHANGED]
    assert [(one.before, one.after) for one in changed] == [
        ({"role": "technician"}, {"role": "administrator"})
    ]


def _must_add_factor(user: models.User) -> bool:
    request = HttpRequest()
    request.user, request.session = models.User.objects.get(pk=user.pk), SessionStore()
    standing = standing_of(request)
    assert standing is not None
    return standing.must_add_factor


def test_a_second_factor_is_asked_of_all_of_them(alix: models.User, keeper: models.User) -> None:
    """Of who belongs to no organisation, too; of nobody else."""
    tom = joined("tom@example.org", Role.ADMINISTRATOR)
    everybody = (alix, keeper, tom)
    assert not any(map(_must_add_factor, everybody))
    with pytest.raises(ForbiddenError):
        ask_factor_of_keepers(of_person(tom), True)
    for _twice in range(2):
        ask_factor_of_keepers(as_keeper(alix), True)
    assert [_must_add_factor(one) for one in everybody] == [True, True, False]
    Authenticator.objects.create(user=keeper, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert [_must_add_factor(one) for one in everybody] == [True, False, False]
    ask_factor_of_keepers(as_keeper(alix), False)
    assert not any(map(_must_add_factor, everybody))
    lines = server_trail(OURS, 1, 9).lines
    told = [(one.action, one.subject, one.after["needs_second_factor"]) for one in lines]
    assert told == [(Action.SETTINGS_CHANGED, "server", wanted) for wanted in (False, True)]


def test_who_erases_the_own_account_is_told_to_the_others(
    alix: models.User, keeper: models.User
) -> None:
    joined("tom@example.org", Role.ADMINISTRATOR)
    forget(alix, Actor(alix.pk))
    assert [one.user for one in list_keepers(as_keeper(keeper))] == [keeper.pk]
    line = server_trail(as_keeper(keeper), 1, 9).lines[0]
    assert (line.action, line.subject) == (Action.PERSON_ERASED, f"user:{alix.pk}")
