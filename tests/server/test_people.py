"""Accounts, invitations, roles, tokens and the record of changes, asked of the services that the
pages use."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from reprise.errors import InputError
from reprise.server.audit.models import Entry
from reprise.server.audit.services import Action, trail
from reprise.server.people import invitations, members, models, organisations, tokens
from reprise.server.people.accounts import find_user, forget, has_second_factor
from reprise.server.people.closing_pages import NameForm
from reprise.server.people.instance import may_set_up, new_set_up_secret, set_up
from reprise.server.people.own_data import data_of
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
from server.kit import PASSWORD
from server.persons import actions, joined
from server.taking import OURS


def test_a_first_start_is_done_once(people_database: Path) -> None:
    old, secret = new_set_up_secret(), new_set_up_secret()
    assert old is not None and secret is not None
    assert not may_set_up(old)  # the newest link counts
    assert may_set_up(secret)
    stored = sqlite3.connect(people_database).execute("SELECT * FROM people_instance").fetchall()
    assert secret not in repr(stored)
    with pytest.raises(InputError):
        set_up(old, "A", "B", "b@example.org", PASSWORD)
    with pytest.raises(InputError):
        set_up(secret, "A\0", "B", "b@example.org", PASSWORD)
    user = set_up(secret, " A\u00a0 of\tX", "B", "B@Example.org", PASSWORD)
    assert user.email == "b@example.org" and user.runs_instance
    (mine,) = members.belongings(user)
    assert (mine.name, mine.role) == ("A of X", Role.ADMINISTRATOR)
    assert not may_set_up(secret)
    assert new_set_up_secret() is None
    with pytest.raises(InputError):
        set_up(secret, "A", "C", "c@example.org", PASSWORD)
    assert actions() == [Action.SET_UP]


@pytest.mark.parametrize("name", ["A of X", "A  of\u00a0X", "A\tof X"])  # by an older version
def test_a_name_with_other_blanks_can_be_typed(name: str) -> None:
    assert all(NameForm(name, {"name": typed}).is_valid() for typed in ("A of X", name))
    assert not NameForm(name, {"name": "A ofX"}).is_valid()


def test_an_invitation_works_once(alix: models.User) -> None:
    _invitation, secret = invitations.invite(OURS, " Tom@Example.ORG ", Role.TECHNICIAN)
    found = invitations.find_invitation(secret)
    assert found is not None
    assert (found.email, found.role) == ("tom@example.org", Role.TECHNICIAN)
    tom = invitations.join_new(secret, "Tom", PASSWORD)
    assert tom.check_password(PASSWORD)
    assert invitations.find_invitation(secret) is None
    with pytest.raises(NotHereError):
        invitations.join_new(secret, "Eve", PASSWORD)
    assert [m.role for m in members.list_members(OURS)] == [Role.ADMINISTRATOR, Role.TECHNICIAN]
    assert actions()[:2] == [Action.PERSON_JOINED, Action.PERSON_INVITED]


def test_an_invitation_ends(alix: models.User) -> None:
    first, old = invitations.invite(OURS, "tom@example.org", Role.TECHNICIAN)
    # a form that was sent twice ends nothing
    models.Invitation.objects.update(made_at=datetime.now(UTC) - timedelta(minutes=5))
    _second, new = invitations.invite(OURS, "tom@example.org", Role.AUDITOR)
    assert invitations.find_invitation(old) is None  # the newest counts
    third, withdrawn = invitations.invite(OURS, "eve@example.org", Role.TECHNICIAN)
    invitations.withdraw(OURS, third.number)
    assert invitations.find_invitation(withdrawn) is None
    with pytest.raises(NotHereError):
        invitations.withdraw(OURS, first.number)
    models.Invitation.objects.update(ends_at=datetime.now(UTC) - timedelta(seconds=1))
    assert invitations.find_invitation(new) is None
    with pytest.raises(NotHereError):
        invitations.join_new(new, "Tom", PASSWORD)
    assert find_user("tom@example.org") is None


def test_who_is_known_joins_with_the_account_it_has(alix: models.User) -> None:
    other = organisations.make_organisation(OURS, "Ressourcerie")
    there = of_command(other)
    _invitation, secret = invitations.invite(there, alix.email, Role.AUDITOR)
    with pytest.raises(NotHereError):  # nobody makes a second account, or another password
        invitations.join_new(secret, "Alix", "another password of twelve")
    eve = joined("eve@example.org", Role.TECHNICIAN)
    with pytest.raises(NotHereError):
        invitations.join_known(secret, eve)
    invitations.join_known(secret, alix)
    assert [b.role for b in members.belongings(alix)] == [Role.AUDITOR, Role.ADMINISTRATOR]
    assert alix.check_password(PASSWORD)


@pytest.mark.parametrize(
    "email", ["", "x", "a@b", "a b@example.org", "a@example.org\nBcc: c@d.org"]
)
def test_an_address_that_is_none_is_not_invited(alix: models.User, email: str) -> None:
    with pytest.raises(InputError):
        invitations.invite(OURS, email, Role.TECHNICIAN)


def test_an_organisation_keeps_an_administrator(alix: models.User) -> None:
    changes: tuple[Callable[[], None], ...] = (
        lambda: members.remove(OURS, alix.pk),
        lambda: members.change_role(OURS, alix.pk, Role.AUDITOR),
        lambda: forget(alix, Actor(alix.pk)),
    )
    for change in changes:
        with pytest.raises(InputError):
            change()
    tom = joined("tom@example.org", Role.ADMINISTRATOR)
    members.change_role(OURS, alix.pk, Role.AUDITOR)
    with pytest.raises(InputError):
        members.remove(OURS, tom.pk)
    assert actions()[0] is Action.ROLE_CHANGED
    assert trail(OURS, 1, 1).lines[0].before == {"role": "administrator"}


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.AUDITOR, Role.BENEFICIARY])
def test_services_ask_for_the_right_themselves(alix: models.User, role: Role) -> None:
    scope = of_role(1, role, Actor(alix.pk))
    for change in (
        lambda: members.change_role(scope, alix.pk, Role.AUDITOR),
        lambda: members.remove(scope, alix.pk),
        lambda: invitations.invite(scope, "eve@example.org", Role.ADMINISTRATOR),
        lambda: tokens.make_token(scope, "T", [Right.SEE_REPORTS], 1),
        lambda: organisations.change_settings(
            scope, organisations.Settings("X", False, "Europe/Paris")
        ),
        lambda: organisations.make_organisation(scope, "X"),
    ):
        with pytest.raises(ForbiddenError):
            change()
    assert actions() == [Action.SET_UP]


def test_an_administrator_makes_nobody_the_servers_keeper(alix: models.User) -> None:
    scope = of_role(1, Role.ADMINISTRATOR, Actor(alix.pk))
    with pytest.raises(ForbiddenError):
        invitations.invite(scope, "eve@example.org", Role.ADMINISTRATOR, runs_instance=True)


def test_a_person_is_forgotten_and_the_record_stays(alix: models.User) -> None:
    tom = joined("tom@example.org", Role.TECHNICIAN)
    told = json.dumps(data_of(tom))
    assert "tom@example.org" in told and "Ville de Vaulx" in told
    lines = Entry.objects.count()
    forget(tom, Actor(tom.pk))
    assert find_user("tom@example.org") is None
    gone = models.User.objects.get(pk=tom.pk)
    assert (gone.name, gone.is_active, gone.has_usable_password()) == ("", False, False)
    assert not has_second_factor(gone)
    assert [m.user for m in members.list_members(OURS)] == [alix.pk]
    assert Entry.objects.count() == lines + 1
    assert actions()[0] is Action.PERSON_ERASED
    with connection.cursor() as cursor:  # nowhere
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            assert "tom@example.org" not in repr(cursor.fetchall()), table


def test_a_token_ends(alix: models.User) -> None:
    token, said = tokens.make_token(OURS, "GLPI", [Right.SEE_REPORTS], 1)
    scope = tokens.scope_of_token(said)
    assert scope == Scope(1, frozenset({Right.SEE_REPORTS}), Actor(token=token.number))
    assert said not in repr(list(models.Token.objects.values()))
    for other in ("", "reprise_", said[:-1], said.upper(), said + " "):
        assert tokens.scope_of_token(other) is None
    (listed,) = tokens.list_tokens(OURS)
    assert listed.used_at is not None
    models.Token.objects.update(ends_at=datetime.now(UTC))
    assert tokens.scope_of_token(said) is None
    token, said = tokens.make_token(OURS, "Second", [Right.SEE_STATIONS], 1)
    tokens.revoke_token(OURS, token.number)
    assert tokens.scope_of_token(said) is None
    with pytest.raises(NotHereError):
        tokens.revoke_token(OURS, token.number)


def test_a_token_of_before_keeps_what_tokens_may_still_do(alix: models.User) -> None:
    token, said = tokens.make_token(OURS, "GLPI", [Right.SEE_REPORTS], 1)
    models.Token.objects.update(rights="manage-stations\nsee-reports")
    scope = tokens.scope_of_token(said)
    assert scope == Scope(1, frozenset({Right.SEE_REPORTS}), Actor(token=token.number))
    assert [one.rights for one in tokens.list_tokens(OURS)] == [(Right.SEE_REPORTS,)]


@pytest.mark.parametrize(
    ("rights", "days"),
    [
        ([], 5),
        ([Right.MANAGE_PEOPLE], 5),
        ([Right.MANAGE_STATIONS], 5),
        ([Right.SEE_REPORTS], 0),
        ([Right.SEE_REPORTS], 731),
    ],
)
def test_a_token_is_never_more_than_a_program_may(
    alix: models.User, rights: list[Right], days: int
) -> None:
    with pytest.raises(InputError):
        tokens.make_token(OURS, "T", rights, days)


def test_settings_are_checked_and_recorded(alix: models.User) -> None:
    wanted = organisations.Settings("Vaulx", True, "Indian/Reunion")
    organisations.change_settings(OURS, wanted)
    assert organisations.settings_of(OURS) == wanted
    line = trail(OURS, 1, 1).lines[0]
    assert line.before["name"] == "Ville de Vaulx" and line.after["name"] == "Vaulx"
    for name, zone in (("", "Europe/Paris"), ("x" * 101, "Europe/Paris"), ("A", "Mars/Base")):
        with pytest.raises(InputError):
            organisations.change_settings(OURS, organisations.Settings(name, False, zone))


def test_the_record_is_never_changed(alix: models.User, people_database: Path) -> None:
    before = list(Entry.objects.values())
    assert before
    for change in (
        lambda: Entry.objects.update(actor="user:99"),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.filter(pk=before[0]["id"])._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"):
            change()
    with closing(sqlite3.connect(people_database)) as raw:
        replace = "REPLACE INTO audit_entry SELECT id, at, organisation, 'user:9', action, subject,"
        replace += " before, after FROM audit_entry"
        for line in ("UPDATE audit_entry SET actor = ''", "DELETE FROM audit_entry", replace):
            with pytest.raises(sqlite3.DatabaseError, match="append-only"):
                raw.execute(line)
    assert list(Entry.objects.values()) == before


def test_a_change_that_cannot_be_recorded_is_not_made(
    alix: models.User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with pytest.raises(Exception, match="no"):
        invitations.invite(OURS, "tom@example.org", Role.TECHNICIAN)
    assert models.Invitation.objects.count() == 0
