"""On a PostgreSQL a server judges reports anew while another stores: neither overlooks what the
other does, and neither waits for the other without end."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from reprise import i18n
from reprise.adapters.signing.jws import Ed25519Signer
from reprise.domain.report.report import Report
from reprise.errors import StorageError
from reprise.server import database_locks, opening
from reprise.server.database import close_database, writing
from reprise.server.database_errors import busy_error, is_away
from reprise.server.opening import open_database
from reprise.server.reports import models
from reprise.server.reports.judging import judge_anew
from reprise.server.reports.storing import Checked, put_all
from server.kit import enrolled, fresh, signed
from server.postgresql import Cluster
from unit.domain.pc import samples

pytestmark = pytest.mark.whole
_PATIENCE_S = 20
_SHORT_S = 8  # less than a report waits where nobody asks it for less
_HOLD = "SELECT 1 FROM reports_pc WHERE serial = %s FOR NO KEY UPDATE"


@pytest.fixture
def address(cluster: Cluster) -> str:
    return cluster.own_database()


@pytest.fixture
def station(address: str, tmp_path: Path) -> Iterator[Ed25519Signer]:
    signer = enrolled(address, tmp_path / "stick")
    open_database(address)
    yield signer
    close_database()


@pytest.fixture
def other(address: str, station: Ed25519Signer) -> Iterator[psycopg.Connection]:
    """Another server's connection."""
    with patient(address) as raw:
        yield raw
        raw.commit()


def patient(address: str) -> psycopg.Connection:
    """It never gives way in a circle of those who wait; only a superuser may say so."""
    raw = psycopg.connect(address, user="reprise")
    raw.execute("SET deadlock_timeout = '1h'")
    raw.commit()
    return raw


def put(station: Ed25519Signer, *reports: Report) -> None:
    put_all([Checked(report, signed(station, report), station.kid) for report in reports])


def judge() -> None:
    with writing():
        judge_anew()


def begun(pool: ThreadPoolExecutor, what: Callable[[], object]) -> Callable[[], object]:
    """In a thread of its own, with a connection of its own. What waits for its end."""

    def work() -> object:
        try:
            return what()
        finally:
            close_database()

    future = pool.submit(work)
    return lambda: future.result(_PATIENCE_S)


def judged_by_another_rule(other: psycopg.Connection) -> None:
    """The newest report is now the first of its table."""
    ids = other.execute("SELECT report_id FROM reports_report ORDER BY received_at DESC").fetchall()
    for row in ids:
        other.execute("UPDATE reports_report SET rule = 1 WHERE report_id = %s", row)
    other.commit()


def until_somebody_waits(other: psycopg.Connection, count: int = 1) -> None:
    asked = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    end = time.monotonic() + _PATIENCE_S
    while other.execute(asked).fetchone() != (count,):
        assert time.monotonic() < end, "nobody asked for what another holds"
        time.sleep(0.01)


def two_pcs(station: Ed25519Signer) -> list[Report]:
    """Their reports; that of the second PC is the first to be judged."""
    numbers = [f"{n}0000000-0000-4000-8000-000000000000" for n in "21"]
    new = [fresh(serial=f"PC{n}") for n in range(2)]
    reports = [replace(one, report_id=number) for one, number in zip(new, numbers, strict=True)]
    for report in reports:
        put(station, report)
    return reports


def test_a_report_that_is_being_stored_is_not_overlooked(
    station: Ed25519Signer, other: psycopg.Connection
) -> None:
    good = fresh(samples.good_report(), serial="BOTH")
    inventory = replace(samples.bad_report().inventory, machine=good.inventory.machine)
    failed = fresh(replace(samples.bad_report(), inventory=inventory))
    put(station, good)
    judged_by_another_rule(other)
    stored, go_on = threading.Event(), threading.Event()

    def store() -> None:
        with writing():
            put(station, failed)
            stored.set()
            assert go_on.wait(_PATIENCE_S)

    with ThreadPoolExecutor(2) as pool:
        storing = begun(pool, store)
        try:
            assert stored.wait(_PATIENCE_S)
            judging = begun(pool, judge)
            until_somebody_waits(other)
        finally:
            go_on.set()
        storing()
        judging()
    assert models.Pc.objects.get().outcome == "failed"


@pytest.mark.parametrize("what", ["judges", "stores"])
def test_whoever_waits_for_a_pc_holds_none_that_comes_after_it(
    station: Ed25519Signer, other: psycopg.Connection, what: str
) -> None:
    first, second = two_pcs(station)
    again = [fresh(report) for report in (second, first)]
    judged_by_another_rule(other)
    other.execute(_HOLD, ["PC0"])
    with ThreadPoolExecutor(1) as pool:
        done = begun(pool, judge if what == "judges" else lambda: put(station, *again))
        try:
            until_somebody_waits(other)
            other.execute(f"{_HOLD} NOWAIT", ["PC1"])
        finally:
            other.rollback()
        done()


@pytest.mark.parametrize("tries", [1, 5])
def test_a_start_gives_way_to_a_server_that_takes_pcs_in_another_order(
    address: str,
    station: Ed25519Signer,
    other: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    tries: int,
) -> None:
    monkeypatch.setattr(opening, "_TRIES", tries)
    two_pcs(station)
    put(station, fresh(serial="PC2"))
    judged_by_another_rule(other)
    other.execute(_HOLD, ["PC2"])
    with patient(address) as third, ThreadPoolExecutor(2) as pool:
        third.execute(_HOLD, ["PC1"])
        started = begun(pool, lambda: open_database(address))
        try:
            until_somebody_waits(third)  # with PC0
            asked = begun(pool, lambda: other.execute(_HOLD, ["PC0"]))
            until_somebody_waits(third, 2)
        finally:
            third.commit()  # the start goes on to PC2, and sees that each waits for the other
            other.commit()  # once it has PC0
        asked()
        if tries == 1:
            with pytest.raises(StorageError, match=busy_error().what):
                started()
        else:
            started()
    assert models.Report.objects.filter(rule=1).exists() is (tries == 1)


def test_whoever_stores_waits_for_no_other_server_for_ever(
    station: Ed25519Signer, other: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its requests are told to come again, and a key can be closed meanwhile."""
    monkeypatch.setattr(database_locks, "PATIENCE_S", 0.2)
    held, free = two_pcs(station)
    began = time.monotonic()
    other.execute(_HOLD, (held.inventory.machine.serial,))
    more = [replace(one, report_id=str(uuid.uuid4()), session_id="") for one in (held, free)]
    with i18n.using("en"), pytest.raises(StorageError, match="held for too long") as told:
        put(station, *more)
    assert is_away(told.value), "each of them would wait by itself"
    put(station, more[1])
    other.commit()
    put(station, more[0])
    assert models.Report.objects.count() == 4
    assert time.monotonic() - began < _SHORT_S


def test_whoever_stores_waits_for_no_key_that_closes_for_ever(
    station: Ed25519Signer, other: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the first that a report waits for, in the question that says how long."""
    monkeypatch.setattr(database_locks, "PATIENCE_S", 0.2)
    began = time.monotonic()
    other.execute("SELECT pg_advisory_xact_lock(%s)", [database_locks._KEYS])  # as close_keys
    with i18n.using("en"), pytest.raises(StorageError, match="held for too long"):
        put(station, fresh())
    other.commit()
    put(station, fresh())
    assert time.monotonic() - began < _SHORT_S
