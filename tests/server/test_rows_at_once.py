"""On a PostgreSQL two people change the same row at once: what one of them did is not undone by
what the other had read before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest

from reprise.adapters.signing.jws import generate_signer
from reprise.domain.station.enrolment import EnrolmentRequest, public_jwk
from reprise.errors import InputError
from reprise.server.database import close_database, writing
from reprise.server.enrolments.by_hand import enrol_by_hand
from reprise.server.enrolments.services import offer
from reprise.server.opening import open_database
from reprise.server.people import members, models
from reprise.server.people.accounts import forget, make_user
from reprise.server.people.adapters import Accounts
from reprise.server.people.factors import remove_factors
from reprise.server.people.holding import hold_organisations
from reprise.server.people.invitations import invite, join_known
from reprise.server.people.keepers import let_keeper_go
from reprise.server.people.organisations import Settings, change_settings, make_organisation
from reprise.server.people.scope import (
    Actor,
    ForbiddenError,
    NotHereError,
    Right,
    Role,
    Scope,
    of_command,
)
from reprise.server.people.tokens import make_token
from reprise.server.stations.services import enroll, rename, revoke, set_end, station_of_key
from server.kit import PASSWORD
from server.persons import joined, of_person
from server.postgresql import Cluster
from server.taking import OURS

pytestmark = pytest.mark.whole
_PATIENCE_S = 20


@pytest.fixture(scope="module")
def address(cluster: Cluster) -> str:
    return cluster.own_database()


@pytest.fixture
def other(address: str) -> Iterator[psycopg.Connection]:
    """Who is quicker: what it does holds the rows until it is told to commit."""
    open_database(address)
    with psycopg.connect(address) as raw:
        raw.execute("SELECT set_config('reprise.organisation', 'every', false)")
        raw.commit()
        yield raw
    close_database()


def _meanwhile(
    other: psycopg.Connection, did: Sequence[tuple[str, object]], late: Callable[[], object]
) -> None:
    """`late` is begun once the other has done its part, and waits for it; then that is kept."""
    for sql, value in did:
        other.execute(sql, (value,))

    def work() -> None:
        try:
            late()
        finally:
            close_database()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)
        try:
            _wait_until_it_waits(other)
        finally:
            other.commit()
        done.result(_PATIENCE_S)


def _wait_until_it_waits(other: psycopg.Connection) -> None:
    asked = "SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    end = time.monotonic() + _PATIENCE_S
    while other.execute(asked).fetchone() == (0,):
        assert time.monotonic() < end, "it never asked for a row that the other holds"
        time.sleep(0.01)


@pytest.mark.parametrize(
    "late", [lambda kid: rename(OURS, kid, "New name"), lambda kid: set_end(OURS, kid, None)]
)
def test_a_key_that_was_revoked_stays_so(
    other: psycopg.Connection, late: Callable[[str], None]
) -> None:
    signer = generate_signer()
    enroll(OURS, "Bench", signer.public_pem().decode(), signer.kid)
    revoked = "UPDATE stations_station SET revoked_at = now() WHERE kid = %s"
    _meanwhile(other, [(revoked, signer.kid)], lambda: late(signer.kid))
    station = station_of_key(signer.kid)
    assert station is not None
    assert station.revoked_at is not None


def test_who_was_removed_is_no_member_by_a_role(other: psycopg.Connection) -> None:
    eve = joined("eve@example.org", Role.TECHNICIAN)

    def late() -> None:
        with pytest.raises(NotHereError):
            members.change_role(OURS, eve.pk, Role.ADMINISTRATOR)

    removed = [
        ("SELECT id FROM people_organisation WHERE id = %s FOR UPDATE", OURS.organisation),
        ("DELETE FROM people_membership WHERE user_id = %s", eve.pk),
    ]
    _meanwhile(other, removed, late)
    assert not members.belongings(eve)


def _by_hand(scope: Scope) -> object:
    key, now = generate_signer(), datetime.now(UTC).isoformat()
    asked = EnrolmentRequest(public_jwk(key.public_x()), "Bench", "", "0.2", "", now, "")
    return enrol_by_hand(scope, asked, key.kid, key.public_pem().decode())


_LETS_IN: dict[str, Callable[[Scope, int], object]] = {
    "code": lambda scope, _friend: offer(scope, "Bench", 24),
    "invitation": lambda scope, _friend: invite(scope, "friend@example.org", Role.ADMINISTRATOR),
    "token": lambda scope, _friend: make_token(scope, "T", [Right.SEE_REPORTS], 5),
    "request": lambda scope, _friend: _by_hand(scope),
    "role": lambda scope, friend: members.change_role(scope, friend, Role.ADMINISTRATOR),
}


@pytest.mark.parametrize("what", _LETS_IN)
@pytest.mark.parametrize("how", ["removed", "demoted"])
def test_who_is_let_go_lets_nobody_in_at_that_moment(
    other: psycopg.Connection, what: str, how: str
) -> None:
    """The page had found the right before it was taken away."""
    friend = joined(f"friend-{what}-{how}@example.org", Role.TECHNICIAN)
    eve = joined(f"eve-{what}-{how}@example.org", Role.ADMINISTRATOR)

    def late() -> None:
        with pytest.raises(ForbiddenError):
            _LETS_IN[what](of_person(eve), friend.pk)

    change = "DELETE FROM people_membership WHERE user_id = %s"
    if how == "demoted":
        change = "UPDATE people_membership SET role = 'auditor' WHERE user_id = %s"
    held = ("SELECT id FROM people_organisation WHERE id = %s FOR UPDATE", OURS.organisation)
    _meanwhile(other, [held, (change, eve.pk)], late)


def _key_of(kid: str) -> str:
    signer = generate_signer()
    enroll(OURS, kid, signer.public_pem().decode(), signer.kid)
    return signer.kid


_IS_HARM: dict[str, Callable[[Scope, int, str], object]] = {
    "account": lambda scope, victim, _kid: members.erase(scope, victim),
    "factor": lambda scope, victim, _kid: remove_factors(scope, victim),
    "member": lambda scope, victim, _kid: members.remove(scope, victim),
    "settings": lambda scope, _victim, _kid: change_settings(scope, Settings("E", False, "UTC")),
    "renewed": lambda scope, _victim, kid: set_end(scope, kid, None),
    "renamed": lambda scope, _victim, kid: rename(scope, kid, "E"),
    "revoked": lambda scope, _victim, kid: revoke(scope, kid),
}


@pytest.mark.parametrize("what", _IS_HARM)
def test_who_is_let_go_does_no_harm_at_that_moment(other: psycopg.Connection, what: str) -> None:
    victim = joined(f"victim-{what}@example.org", Role.TECHNICIAN)
    eve = joined(f"eve-harms-{what}@example.org", Role.ADMINISTRATOR)
    kid = _key_of(what)

    def late() -> None:
        with pytest.raises(ForbiddenError):
            _IS_HARM[what](of_person(eve), victim.pk, kid)

    gone = ("DELETE FROM people_membership WHERE user_id = %s", eve.pk)
    _meanwhile(other, [gone], late)  # whoever lets somebody go holds the organisation, too


def test_reports_come_in_while_somebody_is_let_go(other: psycopg.Connection) -> None:
    """Whoever holds an organisation keeps no station waiting: it could wait for that one's row."""
    with writing():
        hold_organisations([OURS.organisation])
        other.execute("SET LOCAL lock_timeout = '2s'")
        other.execute("SET CONSTRAINTS ALL IMMEDIATE")
        new = "INSERT INTO reports_pc (organisation_id, machine_key, maker, model, serial, uuid,"
        new += " chassis, last_received_at) VALUES (%s, 'held', '', '', '', '', '', now())"
        other.execute(new, [OURS.organisation])
        other.rollback()


def test_who_looked_after_the_server_invites_nobody_afterwards(other: psycopg.Connection) -> None:
    kay = make_user("kay@example.org", "Kay", PASSWORD, runs_instance=True)
    scope = Scope(
        OURS.organisation, of_command(1).rights, Actor(kay.pk)
    )  # as instance_pages has it
    scope = replace(scope, organisation=make_organisation(scope, "Nobody's yet"))
    invite(scope, "first@example.org", Role.ADMINISTRATOR)

    def late() -> None:
        with pytest.raises(ForbiddenError):
            invite(scope, "second@example.org", Role.ADMINISTRATOR)

    ended = "UPDATE people_user SET runs_instance = false WHERE id = %s"
    _meanwhile(other, [(ended, kay.pk)], late)


def test_two_who_let_each_other_go_leave_one(other: psycopg.Connection) -> None:
    models.User.objects.filter(runs_instance=True).update(runs_instance=False)
    one, two = (
        make_user(f"{name}@example.org", name, PASSWORD, runs_instance=True)
        for name in ("one", "two")
    )

    def late() -> None:
        scope = Scope(0, frozenset({Right.RUN_INSTANCE}), Actor(one.pk))
        with pytest.raises(ForbiddenError):
            let_keeper_go(scope, two.pk)

    held = "SELECT id FROM people_user WHERE runs_instance AND %s > 0 ORDER BY id FOR UPDATE"
    ended = "UPDATE people_user SET runs_instance = false WHERE id = %s"
    _meanwhile(other, [(held, 1), (ended, one.pk)], late)
    assert list(models.User.objects.filter(runs_instance=True)) == [two]


def _forgotten(user: models.User) -> list[tuple[str, object]]:
    email, gone = f"{user.pk}@erased.invalid", "UPDATE people_user SET is_active = false, email ="
    return [(f"{gone} '{email}' WHERE id = %s", user.pk)]


def _still_gone(user: models.User) -> bool:
    now = models.User.objects.get(pk=user.pk)
    return (now.is_active, now.email) == (False, f"{user.pk}@erased.invalid")


def test_who_was_forgotten_stays_so_whatever_password_comes(other: psycopg.Connection) -> None:
    tom = make_user("tom@example.org", "Tom", PASSWORD)
    _meanwhile(other, _forgotten(tom), lambda: Accounts().set_password(tom, "another of twelve"))
    assert _still_gone(tom)


def test_who_was_forgotten_stays_so_whatever_is_joined(other: psycopg.Connection) -> None:
    kim = make_user("kim@example.org", "Kim", PASSWORD)
    _one, secret = invite(OURS, kim.email, Role.TECHNICIAN, runs_instance=True)
    _meanwhile(other, _forgotten(kim), lambda: join_known(secret, kim))
    assert _still_gone(kim)


def test_who_became_the_only_administrator_is_not_forgotten(other: psycopg.Connection) -> None:
    """Made one by somebody who leaves at the same moment."""
    models.Membership.objects.all().delete()
    ann = joined("ann@example.org", Role.TECHNICIAN)

    def late() -> None:
        with pytest.raises(InputError):
            forget(ann, Actor(ann.pk))

    made = [
        ("SELECT id FROM people_organisation WHERE id = %s FOR UPDATE", OURS.organisation),
        ("UPDATE people_membership SET role = 'administrator' WHERE user_id = %s", ann.pk),
    ]
    _meanwhile(other, made, late)
    assert [one.role for one in members.belongings(ann)] == [Role.ADMINISTRATOR]
