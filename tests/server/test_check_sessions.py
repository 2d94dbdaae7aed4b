"""`reprise server check` asks the signed bytes which of a session's reports counts, and of which PC
it is: whoever writes to the database cannot have another one listed. A restore sets it right."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reprise.domain.report.report import Report
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.reports.catalogue import list_pcs
from reprise.server.reports.sound import State
from reprise.server.reports.verifying import look_at_each
from server.backups import backed_up, restored
from server.kit import enrolled, fresh, reprise, signed
from server.taking import OURS, put_report
from unit.domain.pc import samples

pytestmark = pytest.mark.whole


@dataclass(frozen=True)
class Made:
    """One PC: of a session that failed in the end, a start before says that it erased. Another PC,
    erased."""

    database: Path
    cut: Report
    own: Report
    other: Report


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    place = tmp_path_factory.mktemp("made")
    database = place / "here" / "reprise.db"
    good = fresh(samples.good_report())
    clock = replace(good.clock, session_s=1.0)
    cut = replace(good, left_of=str(uuid.uuid4()), clock=clock)
    bad = fresh(samples.bad_report())
    inventory = replace(bad.inventory, machine=good.inventory.machine)
    own = replace(bad, session_id=good.session_id, inventory=inventory)
    other = fresh(samples.good_report(), serial="ZZ")
    station = enrolled(database, place / "stick")
    open_database(str(database))
    for report in (cut, own, other):
        put_report(report, signed(station, report), station.kid)
    close_database()
    return Made(database, cut, own, other)


@pytest.fixture
def database(made: Made, tmp_path: Path) -> Path:
    shutil.copytree(made.database.parent, tmp_path / "here")
    return tmp_path / "here" / made.database.name


def listed(database: Path) -> tuple[list[tuple[str, str]], dict[str | bytes, State]]:
    """Of each PC its serial number and outcome; of each report what a check says."""
    open_database(str(database))
    lines = [(line.serial, line.outcome.value) for line in list_pcs(OURS, "", 1, 10).lines]
    states = {looked.report_id: looked.state for looked in look_at_each()}
    close_database()
    return sorted(lines), states


_COUNTS = "UPDATE reports_report SET superseded_by = '' WHERE report_id = '{0}'"
_GIVES_WAY = "UPDATE reports_report SET superseded_by = '{1}' WHERE report_id = '{0}'"
_IS_OWN = "UPDATE reports_report SET cut_off = 0 WHERE report_id = '{0}'"
_IS_CUT = "UPDATE reports_report SET cut_off = 1, session_s = 0 WHERE report_id = '{0}'"
_OF_ANOTHER_PC = (
    "UPDATE reports_report SET pc_id = (SELECT pc_id FROM reports_report WHERE report_id = '{1}')"
    " WHERE report_id = '{0}'"
)
_ALL_LISTED_AS = "UPDATE reports_pc SET outcome = '{0}'"


def _swapped(made: Made) -> list[str]:
    return [
        _COUNTS.format(made.cut.report_id),
        _GIVES_WAY.format(made.own.report_id, made.cut.report_id),
        _ALL_LISTED_AS.format("sanitized"),
    ]


def _swapped_in_every_column(made: Made) -> list[str]:
    words = [_IS_CUT.format(made.own.report_id), _IS_OWN.format(made.cut.report_id)]
    return [*words, *_swapped(made)]


def _both_silenced(made: Made) -> list[str]:
    return [
        _GIVES_WAY.format(made.own.report_id, made.cut.report_id),
        _GIVES_WAY.format(made.cut.report_id, made.own.report_id),
        "UPDATE reports_pc SET outcome = '' WHERE serial <> 'ZZ'",
    ]


def _moved(made: Made) -> list[str]:
    return [
        _OF_ANOTHER_PC.format(made.own.report_id, made.other.report_id),
        _COUNTS.format(made.cut.report_id),
        _GIVES_WAY.format(made.other.report_id, made.own.report_id),
        "UPDATE reports_pc SET outcome = 'sanitized' WHERE serial <> 'ZZ'",
        "UPDATE reports_pc SET outcome = 'failed' WHERE serial = 'ZZ'",
    ]


def _exchanged(made: Made) -> list[str]:
    """Each PC is listed under the other's report."""
    return [
        "UPDATE reports_report SET pc_id = 3 - pc_id",
        "UPDATE reports_pc SET outcome = CASE outcome WHEN 'failed' THEN 'sanitized'"
        " ELSE 'failed' END",
    ]


# A PC like the other one, which is erased.
_MADE_UP = """
CREATE TEMP TABLE made_up AS SELECT * FROM reports_pc WHERE serial = 'ZZ';
UPDATE made_up SET id = 99, machine_key = 'made up', serial = 'MADEUP';
INSERT INTO reports_pc SELECT * FROM made_up;
"""

ALTERED = (_swapped, _swapped_in_every_column, _both_silenced, _moved, _exchanged)


@pytest.mark.parametrize("altered", ALTERED)
def test_a_list_that_was_set_otherwise_is_told_and_restored_as_signed(
    made: Made, database: Path, tmp_path: Path, altered: Callable[[Made], list[str]]
) -> None:
    before, states = listed(database)
    assert set(states.values()) == {State.GOOD}
    assert [outcome for _serial, outcome in before] == ["failed", "sanitized"]
    with closing(sqlite3.connect(database)) as raw, raw:
        for line in altered(made):
            assert raw.execute(line).rowcount
    after, states = listed(database)
    assert after != before
    assert states[made.own.report_id] is State.OTHERWISE

    assert backed_up(database, tmp_path / "box.tar").returncode == 0
    done = restored(tmp_path / "box.tar", tmp_path / "there" / "reprise.db")
    assert done.returncode == 4
    assert "judged anew" in done.stdout
    lines, states = listed(tmp_path / "there" / "reprise.db")
    assert lines == before
    assert set(states.values()) == {State.GOOD}


def test_a_pc_of_which_nothing_was_signed_is_told_and_not_listed_again(
    database: Path, tmp_path: Path
) -> None:
    before, _states = listed(database)
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.executescript(_MADE_UP)
    assert ("MADEUP", "sanitized") in listed(database)[0]
    words = "✗ PCs: 1 is listed of which no report is here"
    done = reprise("server", "check", "--database", str(database))
    assert done.returncode == 4
    assert words in done.stdout

    assert backed_up(database, tmp_path / "box.tar").returncode == 0
    done = restored(tmp_path / "box.tar", tmp_path / "there" / "reprise.db")
    assert done.returncode == 4
    assert words in done.stdout
    assert listed(tmp_path / "there" / "reprise.db")[0] == before


def test_of_two_of_its_own_that_0_1_took_one_counts_and_all_is_well(tmp_path: Path) -> None:
    database = tmp_path / "here" / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    first = fresh(samples.good_report())
    again = replace(first, report_id=str(uuid.uuid4()))
    with closing(sqlite3.connect(database)) as raw:
        for report in (first, again):
            open_database(str(database))
            put_report(report, signed(station, report), station.kid)
            close_database()
            with raw:  # as a server that did not ask
                raw.execute("UPDATE reports_report SET session_id = report_id")
        words = "UPDATE reports_report SET session_id = ?, cut_off = ?, superseded_by = ?"
        with raw:
            for report, *columns in ((again, True, first.report_id), (first, False, "")):
                row = [first.session_id, *columns, report.report_id]
                raw.execute(f"{words} WHERE report_id = ?", row)
        assert set(listed(database)[1].values()) == {State.GOOD}
        for report in (first, again):
            with raw:
                line = "UPDATE reports_report SET session_id = '' WHERE report_id = ?"
                raw.execute(line, [report.report_id])
            assert listed(database)[1][report.report_id] is State.OTHERWISE
    assert backed_up(database, tmp_path / "box.tar").returncode == 0
    restored(tmp_path / "box.tar", tmp_path / "there" / "reprise.db")
    lines, states = listed(tmp_path / "there" / "reprise.db")
    assert set(states.values()) == {State.GOOD}
    assert [outcome for _serial, outcome in lines] == ["sanitized"]


def test_a_pc_that_was_taken_away_comes_back(made: Made, database: Path, tmp_path: Path) -> None:
    before, _states = listed(database)
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("UPDATE reports_report SET pc_id = 2")
        raw.execute("DELETE FROM reports_words WHERE pc_id = 1")
        raw.execute("DELETE FROM reports_pc WHERE id = 1")
    assert backed_up(database, tmp_path / "box.tar").returncode == 0
    there = tmp_path / "there" / "reprise.db"
    assert restored(tmp_path / "box.tar", there).returncode == 4
    lines, states = listed(there)
    assert lines == before
    assert set(states.values()) == {State.GOOD}
    open_database(str(there))
    found = list_pcs(OURS, made.own.report_id, 1, 10).lines
    assert [line.serial for line in found] == [made.own.inventory.machine.serial]
    close_database()
