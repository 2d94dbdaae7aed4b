"""One column of a sound report was altered, as one flipped bit does: when a rule judges it anew, or
a restore, what its session or an older report says is not listed instead."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reprise.adapters.signing.jws import Ed25519Signer
from reprise.domain.report.report import Report
from reprise.server import clock
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.reports.catalogue import list_pcs
from reprise.server.reports.sound import State
from server.kit import enrolled, fresh
from server.taking import OURS
from server.test_check_doubted import start
from server.test_check_unsound import Made, put
from unit.domain.pc import samples

pytestmark = pytest.mark.whole
_NOW = datetime.now(UTC).replace(microsecond=0)
_BY = pytest.mark.parametrize("by", ["restore", "upgrade"])


@dataclass(frozen=True)
class Bench:
    """Two stations, and what they tell of one PC. Some others are there, too."""

    made: Made
    second: Ed25519Signer
    failed: Report

    def put(self, station: Ed25519Signer, days: float, report: Report) -> None:
        """It comes so many days ago."""
        with clock.played_at(_NOW - timedelta(days=days)):
            put(self.made.database, station, report)

    def said(self, report: Report, days: float) -> Report:
        """Of this PC, in another session, sealed so many days ago."""
        machine = self.failed.inventory.machine
        other = fresh(replace(report, inventory=replace(report.inventory, machine=machine)))
        return sealed(other, days)

    def part(self, report: Report, days: float) -> Report:
        """What the stick still held when it began again, after a minute of the session."""
        part = self.said(report, days)
        part = replace(part, session_id=self.failed.session_id, left_of=str(uuid.uuid4()))
        return replace(part, clock=replace(part.clock, session_s=60.0))

    def judge_anew(self, by: str, *lines: str) -> list[str]:
        """After these were written. How the PCs are listed."""
        with self.made.by_hand() as raw:
            raw.execute("PRAGMA foreign_keys = OFF")
            for line in lines:
                assert raw.execute(line).rowcount == 1
            if by == "upgrade":
                raw.execute("UPDATE reports_report SET rule = 1")
        if by == "upgrade":
            start(self.made)
        else:
            self.made.look(anew=True)
        return self.made.listed()


def sealed(report: Report, days: float, *, trusted: bool = True) -> Report:
    at = (_NOW - timedelta(days=days)).isoformat()
    return replace(report, clock=replace(report.clock, trusted=trusted, sealed_at=at))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    database = tmp_path / "here" / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    second = enrolled(database, tmp_path / "second", "Bench 2")
    failed = sealed(fresh(samples.bad_report(), serial="FINDME123"), 5)
    failed = replace(failed, clock=replace(failed.clock, session_s=7200.0))
    return Bench(Made(database, station, failed), second, failed)


_FAILED = "outcome = 'failed'"
_ERASED = "outcome = 'sanitized'"
_PART = "outcome = 'sanitized' AND cut_off = 1"


def line(what: str, where: str = _FAILED) -> str:
    return f"UPDATE reports_report SET {what} WHERE {where}"  # noqa: S608


_ANOTHER_SESSION = line("session_id = 'x' || substr(session_id, 2)")
_ANOTHER_PC = line("pc_id = (SELECT id FROM reports_pc WHERE serial = 'OTHER')")
_ANOTHER_KEY = line("kid = 'x' || substr(kid, 2)")
_NO_DATE = line("received_at = '2026-31-24 10:00:00'")
_OF_ITS_OWN = (
    (_ANOTHER_SESSION,),
    (_ANOTHER_PC,),
    (line("cut_off = 1, session_s = 1"),),
    (line("superseded_by = ''", _PART),),
    (line("organisation = 3"), _ANOTHER_SESSION),
)


def _key_altered(serial: str) -> str:
    """Of the row of a PC."""
    words = "UPDATE reports_pc SET machine_key = 'x' || substr(machine_key, 2) WHERE serial = '{}'"
    return words.format(serial)


@_BY
@pytest.mark.parametrize("of_its_session", [True, False])
def test_what_nobody_can_read_stays_of_its_pc_whose_key_was_altered(
    bench: Bench, by: str, of_its_session: bool
) -> None:
    """No other PC is made of the reports that can be read."""
    good = samples.good_report()
    bench.put(bench.made.station, 5, bench.failed)
    bench.put(bench.made.station, 4, (bench.part if of_its_session else bench.said)(good, 6))
    lines = (line("jws = 'x'"), _key_altered("FINDME123"))
    assert bench.judge_anew(by, *lines) == ["failed"]


def test_a_row_of_two_pcs_becomes_neither_s(bench: Bench) -> None:
    other = replace(fresh(samples.good_report(), serial="OTHER"), report_id=str(uuid.UUID(int=0)))
    bench.put(bench.made.station, 5, bench.failed)
    bench.put(bench.second, 3, other)
    moved = line("pc_id = (SELECT id FROM reports_pc WHERE serial = 'FINDME123')", _ERASED)
    bench.judge_anew("upgrade", moved, _key_altered("FINDME123"), _key_altered("OTHER"))
    with bench.made.by_hand() as raw:
        words = "SELECT pc.serial, said.outcome FROM reports_report said JOIN reports_pc pc"
        told = set(raw.execute(f"{words} ON pc.id = said.pc_id"))
    assert told == {("FINDME123", "failed"), ("OTHER", "sanitized")}


@_BY
@pytest.mark.parametrize("lines", _OF_ITS_OWN)
def test_no_part_is_listed_instead_of_its_session_s_own(
    bench: Bench, by: str, lines: tuple[str, ...]
) -> None:
    good, made = samples.good_report(), bench.made
    bench.put(bench.second, 20, bench.said(good, 20))
    bench.put(bench.second, 8, sealed(fresh(good, serial="OTHER"), 8))
    bench.put(made.station, 5, bench.failed)
    bench.put(made.station, 3.9, bench.part(good, 4))
    assert made.listed() == ["failed", "sanitized"]
    assert bench.judge_anew(by, *lines) == ["failed", "sanitized"]
    assert set(made.states().values()) == {State.GOOD}


_OF_PARTS = (
    line("session_s = 1"),
    line("session_s = 1e9", _PART),
    line("cut_off = 0", _PART),
)


@_BY
@pytest.mark.parametrize("altered", _OF_PARTS)
def test_no_part_is_listed_instead_of_a_longer_one(bench: Bench, by: str, altered: str) -> None:
    longer = replace(bench.failed, left_of=str(uuid.uuid4()))
    bench.put(bench.made.station, 4.9, bench.part(samples.good_report(), 4.95))
    bench.put(bench.made.station, 3.9, longer)
    assert bench.judge_anew(by, altered) == ["failed"]
    assert set(bench.made.states().values()) == {State.GOOD}


@_BY
@pytest.mark.parametrize("which", ["failed", "sanitized"])
def test_no_older_erasure_is_the_newest_by_another_receipt(
    bench: Bench, by: str, which: str
) -> None:
    """The date of a receipt is signed by nobody: before the seal it moves what failed, and it moves
    an erasure whose station did not trust its clock."""
    erased = bench.said(samples.good_report(), 40)
    bench.put(bench.second, 40, sealed(erased, 40, trusted=which == "failed"))
    bench.put(bench.made.station, 9.9, sealed(bench.failed, 10))
    year = "2006" if which == "failed" else "2096"
    altered = line(f"received_at = '{year}' || substr(received_at, 5)", f"outcome = '{which}'")
    for _ in range(2):
        assert bench.judge_anew(by, altered) == ["failed"]


@_BY
def test_when_it_was_done_is_made_anew_after_a_doubt(bench: Bench, by: str) -> None:
    """It was listed after what its session said besides: no date was altered."""
    erased, made = bench.said(samples.good_report(), 4.5), bench.made
    bench.put(made.station, 5, bench.failed)
    bench.put(made.station, 3.9, bench.part(samples.good_report(), 4))
    bench.put(bench.second, 4.5, erased)
    with made.by_hand() as raw:
        words = "SELECT sha256 FROM reports_report WHERE report_id = ?"
        (sha256,) = raw.execute(words, [bench.failed.report_id]).fetchone()
    damaged = bench.judge_anew(by, line("sha256 = 'x'"))
    assert damaged == ["failed"]
    mended = line(f"sha256 = '{sha256}'")
    assert bench.judge_anew("restore", mended) == ["sanitized"]
    assert set(made.states().values()) == {State.GOOD}


@_BY
@pytest.mark.parametrize("lines", [(_ANOTHER_KEY,), (_NO_DATE,), (_ANOTHER_KEY, _NO_DATE)])
def test_what_has_neither_its_key_nor_a_date_keeps_its_session_s_place(
    bench: Bench, by: str, lines: tuple[str, ...]
) -> None:
    bench.put(bench.made.station, 5, bench.failed)
    bench.put(bench.made.station, 3.9, bench.part(samples.good_report(), 4))
    for _ in range(2):
        assert bench.judge_anew(by, *lines) == ["failed"]
        lines = ()


@_BY
@pytest.mark.parametrize("first", [False, True])
def test_what_leaves_another_station_s_session_silences_nobody_there(
    bench: Bench, by: str, first: bool
) -> None:
    """The report that erased, filed under the key of the station whose report failed."""
    own = bench.said(samples.good_report(), 5)
    number = f"{'0' if first else 'f'}0000000-0000-4000-8000-000000000000"
    own = replace(own, report_id=number, session_id=bench.failed.session_id)
    part = bench.part(samples.bad_report(), 4)
    bench.put(bench.made.station, 5, own)
    bench.put(bench.second, 3.9, part)
    assert bench.made.listed() == ["failed"]
    lines = (
        line(f"kid = '{bench.second.kid}'", "cut_off = 0"),
        line(f"superseded_by = '{own.report_id}'", "cut_off = 1"),
    )
    assert bench.judge_anew(by, *lines) == ["failed"]
    assert set(bench.made.states().values()) == {State.GOOD}


def test_a_pc_is_found_by_what_a_report_without_a_date_told(bench: Bench) -> None:
    bench.put(bench.made.station, 5, bench.failed)
    bench.judge_anew("restore", _NO_DATE)
    open_database(str(bench.made.database))
    assert len(list_pcs(OURS, "findme123", 1, 10).lines) == 1
    close_database()


@_BY
def test_what_has_neither_a_pc_nor_a_date_ends_nothing(bench: Bench, by: str) -> None:
    bench.put(bench.made.station, 5, bench.failed)
    assert bench.judge_anew(by, "DELETE FROM reports_pc", _NO_DATE) == []
