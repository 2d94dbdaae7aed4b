"""A report that is doubted stays its session's: it keeps its place, is listed after what the
session said besides, and is judged anew by whoever can read it again."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import RULE_VERSION
from reprise.server import clock
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.reports import judging
from reprise.server.reports.sound import State
from reprise.server.reports.storing import Put
from server.kit import fresh, signed
from server.taking import put_report
from server.test_check_unsound import Made, made_in, put
from unit.domain.pc import samples

pytestmark = pytest.mark.whole
_ROWS = "SELECT * FROM reports_report ORDER BY report_id"


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return made_in(tmp_path)


def of_its_session(report: Report, said: Report, *, part: bool) -> Report:
    """What another report said, as of the same PC and session."""
    inventory = replace(said.inventory, machine=report.inventory.machine)
    other = fresh(replace(said, inventory=inventory, clock=report.clock))
    left_of = str(uuid.uuid4()) if part else ""
    return replace(other, session_id=report.session_id, left_of=left_of)


def damage(made: Made, which: Report) -> None:
    with made.by_hand() as raw:
        words = "UPDATE reports_report SET jws = x'00' WHERE report_id = ?"
        assert raw.execute(words, [which.report_id]).rowcount


def start(made: Made) -> None:
    open_database(str(made.database))
    close_database()


def rows(made: Made) -> list[object]:
    with made.by_hand() as raw:
        return raw.execute(_ROWS).fetchall()


def test_a_part_that_comes_after_the_doubt_erased_nothing(made: Made) -> None:
    damage(made, made.failed)
    made.look(anew=True)
    part = of_its_session(made.failed, samples.good_report(), part=True)
    put(made.database, made.station, part)
    assert made.listed() == ["failed"]
    assert made.states() == {made.failed.report_id: State.CHANGED, part.report_id: State.GOOD}
    made.look(anew=True)
    assert made.listed() == ["failed"]


def test_its_place_stays_taken(made: Made) -> None:
    damage(made, made.failed)
    made.look(anew=True)
    own = of_its_session(made.failed, samples.good_report(), part=False)
    open_database(str(made.database))
    result, _stored = put_report(own, signed(made.station, own), made.station.kid)
    close_database()
    assert result is Put.SECOND


def test_of_two_that_0_1_took_the_one_that_is_doubted_is_listed(made: Made) -> None:
    own = of_its_session(made.failed, samples.good_report(), part=False)
    with made.by_hand() as raw:
        raw.execute("UPDATE reports_report SET cut_off = 1, session_id = ''")
    put(made.database, made.station, own)
    with made.by_hand() as raw:
        words = "UPDATE reports_report SET cut_off = ?, session_id = ? WHERE report_id = ?"
        raw.execute(words, [1, own.session_id, own.report_id])
        raw.execute(words, [0, own.session_id, made.failed.report_id])
    damage(made, made.failed)
    for _ in range(2):
        made.look(anew=True)
        assert made.listed() == ["failed"]
        assert made.states()[own.report_id] is State.GOOD


@pytest.mark.parametrize("by", ["restore", "upgrade"])
def test_what_failed_last_is_not_listed_before_an_erasure(made: Made, by: str) -> None:
    """Its session said less, and earlier than another session erased the PC."""
    failed = fresh(samples.bad_report(), serial="LAST")
    failed = replace(failed, clock=replace(failed.clock, trusted=False))  # done as it is received
    part = of_its_session(failed, samples.good_report(), part=True)
    erased = fresh(of_its_session(failed, samples.good_report(), part=False))
    for hours, report in enumerate((part, erased, failed)):
        with clock.played_at(datetime.now(UTC) - timedelta(hours=9 - hours)):
            put(made.database, made.station, report)
    assert made.listed()[1] == "failed"
    damage(made, failed)
    if by == "restore":
        made.look(anew=True)
    else:
        with made.by_hand() as raw:
            raw.execute("UPDATE reports_report SET rule = 1")
        start(made)
    assert made.listed()[1] == "failed"
    assert made.states()[part.report_id] is made.states()[erased.report_id] is State.GOOD


@pytest.mark.parametrize("by", ["restore", "upgrade"])
def test_bytes_name_their_key_where_the_column_does_not(made: Made, by: str) -> None:
    part = of_its_session(made.failed, samples.good_report(), part=True)
    put(made.database, made.station, part)
    with made.by_hand() as raw:
        raw.execute("UPDATE reports_report SET kid = 'x' || substr(kid, 2) WHERE cut_off = 0")
    assert made.states()[made.failed.report_id] is State.UNPROVEN
    if by == "restore":
        made.look(anew=True)
    else:
        with made.by_hand() as raw:
            raw.execute("UPDATE reports_report SET rule = ?", [-RULE_VERSION])
        start(made)
    assert made.states() == {made.failed.report_id: State.GOOD, part.report_id: State.GOOD}
    assert made.listed() == ["failed"]


def test_another_organisation_s_key_is_not_believed(made: Made) -> None:
    with made.by_hand() as raw:
        raw.execute("UPDATE reports_report SET kid = 'x' || substr(kid, 2), organisation = 2")
    made.look(anew=True)
    assert made.states() == {made.failed.report_id: State.UNPROVEN}


def test_a_number_that_is_no_text_is_not_the_report_of_that_text(made: Made) -> None:
    good = fresh(samples.good_report(), serial="TWIN")
    put(made.database, made.station, good)
    with made.by_hand() as raw:
        raw.executescript("CREATE TEMP TABLE twin AS SELECT * FROM reports_report")
        raw.execute("UPDATE twin SET report_id = CAST(report_id AS BLOB), session_id = ''")
        raw.execute("UPDATE twin SET jws = x'00'")
        raw.execute("INSERT INTO reports_report SELECT * FROM twin")
    made.look(anew=True)
    assert made.states()[good.report_id] is State.GOOD
    assert made.states()[good.report_id.encode()] is State.CHANGED
    start(made)
    with made.by_hand() as raw:
        rules = raw.execute("SELECT typeof(report_id), rule FROM reports_report").fetchall()
    assert sorted(set(rules)) == [("blob", -RULE_VERSION), ("text", RULE_VERSION)]


@pytest.mark.parametrize("before", [True, False])
def test_the_own_report_tells_all_that_a_damaged_part_can(made: Made, before: bool) -> None:
    good = fresh(samples.good_report(), serial="GOOD")
    part = of_its_session(good, samples.bad_report(), part=True)
    put(made.database, made.station, part, *([good] if before else []))
    damage(made, part)
    made.look(anew=True)
    assert made.listed()[1] == ("sanitized" if before else "failed")
    if not before:
        put(made.database, made.station, good)
    assert made.listed()[1] == "sanitized"
    assert made.states()[good.report_id] is State.GOOD


def test_what_an_older_version_could_not_read_is_judged_anew(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    with made.by_hand() as raw:
        (jws,) = raw.execute("SELECT jws FROM reports_report").fetchone()
        made.replaced(raw, made.letter())
        raw.execute("UPDATE reports_report SET outcome = 'sanitized'")
    monkeypatch.setattr(judging, "RULE_VERSION", RULE_VERSION - 1)
    start(made)
    monkeypatch.setattr(judging, "RULE_VERSION", RULE_VERSION)
    with made.by_hand() as raw:
        made.replaced(raw, jws)
    start(made)
    assert made.states() == {made.failed.report_id: State.GOOD}


def test_a_doubt_stays_as_it_is_at_each_start_and_is_told(
    made: Made, caplog: pytest.LogCaptureFixture
) -> None:
    part = of_its_session(made.failed, samples.good_report(), part=True)
    put(made.database, made.station, part)
    damage(made, made.failed)
    made.look(anew=True)
    before = rows(made)
    for _ in range(2):
        caplog.clear()
        start(made)
        assert len(caplog.records) == 1
    made.look(anew=True)
    assert rows(made) == before
    with made.by_hand() as raw:  # another version begins
        raw.execute("UPDATE reports_report SET rule = rule + (rule < 0) - (rule > 0)")
    start(made)
    assert rows(made) == before


@pytest.mark.parametrize("which", ["cut_off = 0", "cut_off = 1"])
@pytest.mark.parametrize("done_at", ["9999-12-31 23:59:59.999999", "zzz", "0001-01-01 00:00:00"])
@pytest.mark.parametrize("own_is_sound", [True, False])
def test_a_date_that_is_none_ends_nothing(
    made: Made, which: str, done_at: str, own_is_sound: bool
) -> None:
    part = of_its_session(made.failed, samples.good_report(), part=True)
    put(made.database, made.station, part)
    with made.by_hand() as raw:
        raw.execute(f"UPDATE reports_report SET done_at = ? WHERE {which}", [done_at])  # noqa: S608
    damage(made, part if own_is_sound else made.failed)
    with made.by_hand() as raw:
        raw.execute("UPDATE reports_report SET rule = 1")
    start(made)  # of a server whose rule is another
    assert made.listed() == ["failed"]
    made.look(anew=True)
    assert made.listed() == ["failed"]
