"""On a PostgreSQL an organisation ends, or a key is revoked, while something comes in by it: what
is acknowledged was stored before the end, and nothing comes in after it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaitsError

import psycopg
import pytest

from reprise.adapters.signing.jws import Ed25519Signer, generate_signer
from reprise.domain.station.enrolment import EnrolmentRequest, public_jwk
from reprise.server.database import close_database
from reprise.server.enrolments.services import enrol_by_code, offer
from reprise.server.opening import open_database
from reprise.server.people import invitations, models
from reprise.server.people.accounts import add_member, forget, make_user
from reprise.server.people.closing import end_organisation
from reprise.server.people.keepers import let_keeper_go
from reprise.server.people.leftover import erase_left
from reprise.server.people.members import belongings
from reprise.server.people.organisations import make_organisation
from reprise.server.people.proof import prove
from reprise.server.people.scope import Actor, NotHereError, Role, of_command
from reprise.server.problems import ProblemError
from reprise.server.reports import models as reports
from reprise.server.reports import storing
from reprise.server.reports.storing import Checked, Put, put_all
from reprise.server.stations.facts import saw
from reprise.server.stations.services import Station, enroll, revoke, station_of_key
from server.kit import PASSWORD, fresh, signed
from server.postgresql import Cluster
from server.taking import OURS
from server.test_keepers import as_keeper

pytestmark = pytest.mark.whole
_PATIENCE_S = 20
_WAITS_S = 0.4  # long enough for whatever does not wait


@pytest.fixture(scope="module")
def address(cluster: Cluster) -> str:
    return cluster.own_database()


@pytest.fixture
def pool(address: str) -> Iterator[ThreadPoolExecutor]:
    open_database(address)
    with ThreadPoolExecutor(2) as threads:
        yield threads
        threads.submit(close_database)
    close_database()


def done(pool: ThreadPoolExecutor, what: Callable[[], object]) -> Future[object]:
    """In a thread of its own, with a connection of its own."""

    def work() -> object:
        try:
            return what()
        finally:
            close_database()

    return pool.submit(work)


def there() -> tuple[int, Ed25519Signer]:
    """A new organisation with a station."""
    number, signer = make_organisation(OURS, generate_signer().kid), generate_signer()
    enroll(of_command(number), "Bench", signer.public_pem().decode(), signer.kid)
    return number, signer


def put(signer: Ed25519Signer) -> Put:
    report = fresh()
    ((what, _stored),) = put_all([Checked(report, signed(signer, report), signer.kid)])
    return what


ENDS: dict[str, Callable[[int, str], object]] = {
    "organisation": lambda number, _kid: end_organisation(OURS, number),
    "key": lambda number, kid: revoke(of_command(number), kid),
}


@pytest.mark.parametrize("what", list(ENDS))
def test_a_report_that_is_being_stored_comes_before_the_end(
    pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    number, signer = there()
    read, go_on = threading.Event(), threading.Event()

    def slowly(stations: Iterable[Station]) -> None:
        read.set()
        assert go_on.wait(_PATIENCE_S)
        saw(stations)

    monkeypatch.setattr(storing, "saw", slowly)
    coming = done(pool, lambda: put(signer))
    assert read.wait(_PATIENCE_S)  # its key is good
    ending = done(pool, lambda: ENDS[what](number, signer.kid))
    try:
        with pytest.raises(StillWaitsError):
            ending.result(_WAITS_S)
    finally:
        go_on.set()
    assert coming.result(_PATIENCE_S) is Put.STORED
    ending.result(_PATIENCE_S)
    assert put(signer) is Put.REVOKED
    assert reports.Report.objects.filter(station=signer.kid).count() == 1


def test_a_report_that_comes_while_it_ends_waits_and_is_refused(
    pool: ThreadPoolExecutor, address: str
) -> None:
    number, signer = there()
    with psycopg.connect(address) as ending:  # as end_organisation begins
        ending.execute("SELECT pg_advisory_xact_lock(%s)", [0x4B455953])
        ended = "UPDATE people_organisation SET ended_at = now() WHERE id = %s"
        ending.execute(ended, [number])
        coming = done(pool, lambda: put(signer))
        with pytest.raises(StillWaitsError):
            coming.result(_WAITS_S)
    assert coming.result(_PATIENCE_S) is Put.REVOKED


@pytest.mark.parametrize("by", ["code", "invitation"])
def test_who_comes_in_while_it_ends_is_not_let_in(
    pool: ThreadPoolExecutor, address: str, by: str
) -> None:
    """And neither waits for the other without end."""
    number, _signer = there()
    new = generate_signer()
    _offer, code = offer(of_command(number), "Bench 2", 24)
    email = f"{new.kid}@example.org".lower().replace("_", "-")
    _one, secret = invitations.invite(of_command(number), email, Role.TECHNICIAN)
    user = make_user(email, "Tom", PASSWORD)
    asked = EnrolmentRequest(public_jwk(new.public_x()), "B", code, "0.2", "x", "2026-11-29", "")

    def comes() -> None:
        if by == "invitation":
            invitations.join_known(secret, user)
        else:
            enrol_by_code(asked, new.kid, new.public_pem().decode())

    with psycopg.connect(address) as held:  # by whoever does something else there
        held.execute("SELECT 1 FROM people_organisation WHERE id = %s FOR UPDATE", [number])
        ending = done(pool, lambda: end_organisation(OURS, number))
        with pytest.raises(StillWaitsError):
            ending.result(_WAITS_S)
        coming = done(pool, comes)
        with pytest.raises(StillWaitsError):
            coming.result(_WAITS_S)
    ending.result(_PATIENCE_S)
    with pytest.raises((ProblemError, NotHereError)):
        coming.result(_PATIENCE_S)
    assert station_of_key(new.kid) is None
    assert not belongings(user)
    assert not models.Membership.objects.filter(user=user).exists()


def test_who_erases_an_account_of_nobody_waits_with_empty_hands(
    pool: ThreadPoolExecutor, address: str
) -> None:
    """For who opens its organisation again, who wants to know that they look after the server."""
    number, _signer = there()
    keeper = make_user(f"keeper-{number}@example.org", "Kay", PASSWORD, runs_instance=True)
    left = make_user(f"left-{number}@example.org", "Lea", PASSWORD)
    add_member(left, number, Role.TECHNICIAN)
    end_organisation(OURS, number)
    with psycopg.connect(address) as opening:  # as reopen_organisation
        opening.execute("SELECT 1 FROM people_organisation WHERE id = %s FOR UPDATE", [number])
        erasing = done(pool, lambda: erase_left(as_keeper(keeper), left.pk))
        with pytest.raises(StillWaitsError):
            erasing.result(_WAITS_S)
        opening.execute("SELECT 1 FROM people_user WHERE runs_instance FOR UPDATE NOWAIT")
        opening.execute("UPDATE people_organisation SET ended_at = NULL WHERE id = %s", [number])
    with pytest.raises(NotHereError):
        erasing.result(_PATIENCE_S)
    assert [one.organisation for one in belongings(left)] == [number]


_ENDS_INVITATIONS: dict[str, Callable[[models.User, models.User], object]] = {
    "is let go": lambda kay, kim: let_keeper_go(as_keeper(kim), kay.pk),
    "erases the own account": lambda kay, _kim: forget(kay, Actor(kay.pk)),
    "proves the own address": lambda kay, _kim: prove(kay),
}


@pytest.mark.parametrize("how", _ENDS_INVITATIONS)
def test_who_ends_what_a_keeper_made_waits_with_empty_hands(
    pool: ThreadPoolExecutor, address: str, how: str
) -> None:
    """For who joins by one of the invitations that end with it, and ends the others."""
    kay, kim = (
        make_user(f"{name}-{how[:3]}@example.org", name, PASSWORD, runs_instance=True, proven=False)
        for name in ("kay", "kim")
    )
    number = make_organisation(as_keeper(kay), f"Nobody's yet: {how}")
    one, _secret = invitations.invite(
        as_keeper(kay, number), "first@example.org", Role.ADMINISTRATOR
    )
    with psycopg.connect(address) as joining:  # as join_new
        joining.execute("SELECT 1 FROM people_organisation WHERE id = %s FOR UPDATE", [number])
        going = done(pool, lambda: _ENDS_INVITATIONS[how](kay, kim))
        with pytest.raises(StillWaitsError):
            going.result(_WAITS_S)
        held = "SELECT 1 FROM people_invitation WHERE id = %s FOR UPDATE NOWAIT"
        joining.execute(held, [one.number])
    going.result(_PATIENCE_S)
    assert not invitations.list_invitations(as_keeper(kim, number))
