"""Which of a PC's reports count, and which of them decides what it is listed as."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reprise.adapters.signing.jws import Ed25519Signer, generate_signer
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.server import clock
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.reports import models
from reprise.server.reports.archive import other_reports
from reprise.server.reports.catalogue import list_pcs
from reprise.server.reports.storing import Put
from reprise.server.reports.telling import tell_pc
from reprise.server.stations.services import enroll
from server.kit import fresh, open_new, signed
from server.taking import OURS, put_report
from unit.domain.pc import samples

Keys = tuple[Ed25519Signer, Ed25519Signer]


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Keys]:
    """Of two stations of an open database."""
    open_new(tmp_path / "reprise.db")
    made = (generate_signer(), generate_signer())
    for number, key in enumerate(made):
        enroll(OURS, f"Bench {number}", key.public_pem().decode(), key.kid)
    yield made
    close_database()


def stored(report: Report, key: Ed25519Signer) -> None:
    assert put_report(report, signed(key, report), key.kid)[0] is Put.STORED


def listed() -> tuple[Outcome, list[str]]:
    """Of the only PC: what it is, and its reports that count."""
    (pc,) = list_pcs(OURS, "", 1, 10).lines
    return pc.outcome, [line.report_id for line in pc.reports]


def left(report: Report, session_s: float = 1.0) -> Report:
    """As a later start makes it from a journal that breaks off."""
    lasted = replace(report.clock, session_s=session_s)
    return replace(report, left_of=str(uuid.uuid4()), clock=lasted)


def same_session(report: Report, of: Report) -> Report:
    return replace(fresh(report), session_id=of.session_id)


def test_another_station_silences_no_report_of_a_session(keys: Keys) -> None:
    cut_off = left(fresh(samples.bad_report()))
    own = same_session(samples.good_report(), cut_off)
    longer = left(same_session(samples.good_report(), cut_off), 9.0)
    stored(cut_off, keys[0])
    for other in (own, longer):
        stored(other, keys[1])
    _outcome, counting = listed()
    assert sorted(counting) == sorted([cut_off.report_id, own.report_id])
    more = left(same_session(samples.bad_report(), cut_off), 5.0)
    stored(more, keys[0])
    _outcome, counting = listed()
    assert sorted(counting) == sorted([more.report_id, own.report_id])


def test_what_another_station_had_silenced_counts_when_it_is_judged_anew(
    keys: Keys, tmp_path: Path
) -> None:
    """Versions before this one looked at the session alone."""
    cut_off = left(fresh(samples.bad_report()))
    own = same_session(samples.good_report(), cut_off)
    stored(cut_off, keys[0])
    stored(own, keys[1])
    here = models.Report.objects.filter(report_id=cut_off.report_id)
    here.update(superseded_by=own.report_id)
    models.Report.objects.update(rule=0)
    close_database()
    open_new(tmp_path / "reprise.db")
    assert here.values_list("superseded_by", flat=True).get() == ""


@pytest.mark.parametrize("column", ["cut_off", "session_id", "station"])
def test_no_altered_column_keeps_away_what_a_session_says_itself(keys: Keys, column: str) -> None:
    """As if another report were its own: a part of it, another session's, another station's."""
    own = fresh(samples.bad_report())
    erased = same_session(samples.good_report(), own)
    serial = own.inventory.machine.serial
    other, key, altered = {
        "cut_off": (left(erased), keys[0], False),
        "session_id": (fresh(erased, serial=serial), keys[0], own.session_id),
        "station": (erased, keys[1], keys[0].kid),
    }[column]
    stored(other, key)
    here = models.Report.objects.filter(report_id=other.report_id)
    before = here.values_list(column, flat=True).get()
    here.update(**{column: altered})
    stored(own, keys[0])
    assert here.values_list(column, flat=True).get() == before
    outcome, counting = listed()
    if column == "cut_off":
        assert (outcome, counting) == (Outcome.FAILED, [own.report_id])
    else:
        assert sorted(counting) == sorted([own.report_id, other.report_id])
    second = same_session(samples.good_report(), own)
    assert put_report(second, signed(keys[0], second), keys[0].kid)[0] is Put.SECOND


@pytest.mark.parametrize("altered", [{"cut_off": False}, {"session_s": 99.0}])
def test_no_altered_column_silences_a_part_that_goes_further(
    keys: Keys, altered: dict[str, bool | float]
) -> None:
    """As if the shorter part, which still says erased, were the session's own or the longest."""
    erased = left(fresh(samples.good_report()))
    longer = left(same_session(samples.bad_report(), erased), 5.0)
    stored(erased, keys[0])
    models.Report.objects.update(**altered)
    stored(longer, keys[0])
    assert listed() == (Outcome.FAILED, [longer.report_id])


_DAY = timedelta(days=1)
_NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)


def sealed(report: Report, at: str, *, trusted: bool = True) -> Report:
    return replace(report, clock=replace(report.clock, sealed_at=at, trusted=trusted))


def received(report: Report, at: datetime, key: Ed25519Signer) -> None:
    with clock.played_at(at):
        stored(report, key)


@pytest.mark.parametrize(
    ("late", "outcome"),
    [
        (sealed(samples.good_report(), "2026-11-20T12:00:00Z"), Outcome.FAILED),
        (sealed(samples.good_report(), "2026-11-29T08:00:00+02:00"), Outcome.ERASED),
        # of these nobody knows when it was done
        (sealed(samples.good_report(), "2026-11-20T12:00:00Z", trusted=False), Outcome.ERASED),
        (sealed(samples.good_report(), "yesterday"), Outcome.ERASED),
        (sealed(samples.good_report(), "0001-01-01T00:00:00+14:00"), Outcome.ERASED),
        (sealed(samples.good_report(), "9999-12-31T23:59:59-14:00"), Outcome.ERASED),
    ],
)
def test_what_was_done_last_decides_and_not_what_comes_last(
    keys: Keys, late: Report, outcome: Outcome
) -> None:
    failed = sealed(fresh(samples.bad_report()), "2026-11-28T10:00:00Z")
    received(failed, _NOW - _DAY, keys[0])
    late = fresh(late)
    received(late, _NOW, keys[1])
    first, second = (failed, late) if outcome is Outcome.FAILED else (late, failed)
    order = [first.report_id, second.report_id]
    assert listed() == (outcome, order)
    (pc,) = list_pcs(OURS, "", 1, 10).lines
    assert pc.last_received_at == _NOW
    told = tell_pc(OURS, pc.pc)
    assert (told.outcome, [one.report_id for one in told.reports]) == (outcome, order)
    assert other_reports(OURS, late.report_id)[0][0] == failed.report_id


def test_a_clock_that_goes_ahead_makes_no_report_newer(keys: Keys) -> None:
    ahead = sealed(fresh(samples.good_report()), "2027-11-28T10:00:00Z")
    received(ahead, _NOW - _DAY, keys[0])
    failed = sealed(fresh(samples.bad_report()), "2026-11-29T08:00:00Z")
    received(failed, _NOW, keys[1])
    assert listed() == (Outcome.FAILED, [failed.report_id, ahead.report_id])


def test_an_older_database_learns_when_its_reports_were_done(keys: Keys, tmp_path: Path) -> None:
    where = str(tmp_path / "reprise.db")
    failed = sealed(fresh(samples.bad_report()), "2026-11-28T10:00:00Z")
    late = sealed(fresh(samples.good_report()), "2026-11-20T12:00:00Z")
    for report, at in ((failed, _NOW - _DAY), (late, _NOW)):
        received(report, at, keys[0])
    close_database()
    with closing(sqlite3.connect(where)) as raw, raw:
        raw.execute("DROP INDEX report_by_pc")
        raw.execute("ALTER TABLE reports_report DROP COLUMN done_at")
        raw.execute("CREATE INDEX report_by_pc ON reports_report (pc_id, received_at)")
        raw.execute("DELETE FROM django_migrations WHERE app = 'reports' AND name > '0007'")
        raw.execute("UPDATE reports_pc SET outcome = 'sanitized'")
    open_database(where)
    assert listed() == (Outcome.FAILED, [failed.report_id, late.report_id])
