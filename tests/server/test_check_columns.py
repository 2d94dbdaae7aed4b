"""`reprise server check` compares each column that is kept of a report, of its PC and of a search
with what was signed: whoever writes to the database lists no PC under another one's label."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from reprise.codec import sha256_hex
from reprise.server.database import close_database
from reprise.server.database_address import database_address
from reprise.server.opening import open_database
from reprise.server.reports import models
from reprise.server.reports.sound import State
from reprise.server.reports.verifying import look_at_each
from reprise.server.upkeep.checking import look_at_content
from server.kit import enrolled, fresh, signed
from server.taking import put_report
from unit.domain.pc import samples

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PC that was erased, and one that was not."""
    database = tmp_path_factory.mktemp("made") / "here" / "reprise.db"
    station = enrolled(database, database.parent.parent / "stick")
    open_database(str(database))
    for report in (fresh(samples.good_report()), fresh(samples.bad_report(), serial="ZZ")):
        put_report(report, signed(station, report), station.kid)
    close_database()
    return database


@pytest.fixture
def database(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made.parent, tmp_path / "here")
    return tmp_path / "here" / made.name


def states(database: Path) -> dict[str | bytes, State]:
    open_database(str(database))
    found = {looked.report_id: looked.state for looked in look_at_each()}
    close_database()
    return found


def set_right(database: Path) -> None:
    """As a restore does."""
    open_database(str(database))
    for _finding in look_at_content(database_address(str(database)), lambda *_: None, anew=True):
        pass
    close_database()


# What no rule decides, and a reader looks at all the same: a label, a lot, whose PC it was.
_OF_A_REPORT = ("asset_tag = 'TAG-9'", "lot = 'L'", "donor = 'D'", "sealed_at = '1999-01-01'")
_OF_A_PC = (
    *("maker = 'X'", "model = 'X'", "serial = 'X'", "uuid = 'X'", "chassis = '30'", "name = 'x'"),
    *("kind = 'other'", "last_received_at = '2001-01-01 00:00:00'"),
)
_OF_A_SEARCH = ("words = 'nothing'", "words = words || char(10) || 'tag-9'", "words = x'00'")
_ROWS = [
    *(("reports_report", what) for what in _OF_A_REPORT),
    *(("reports_pc", what) for what in _OF_A_PC),
    *(("reports_words", what) for what in _OF_A_SEARCH),
]


@pytest.mark.parametrize(("table", "what"), _ROWS)
def test_each_column_that_was_set_otherwise_is_told_and_made_anew(
    database: Path, table: str, what: str
) -> None:
    def rows() -> list[tuple[object, ...]]:
        tables = ("reports_report", "reports_pc", "reports_words")
        lines = [f"SELECT * FROM {one} ORDER BY 1" for one in tables]  # noqa: S608
        return [row for line in lines for row in raw.execute(line)]

    with closing(sqlite3.connect(database)) as raw:
        before = rows()
        assert set(states(database).values()) == {State.GOOD}
        with raw:
            assert raw.execute(f"UPDATE {table} SET {what}").rowcount  # noqa: S608
        assert rows() != before
        assert set(states(database).values()) == {State.OTHERWISE}
        set_right(database)
        assert rows() == before
    assert set(states(database).values()) == {State.GOOD}


# Altered in test_check_sessions.py, or in test_check.py; of a PC, it is what names it.
_ELSEWHERE = {
    *("report_id", "sha256", "jws", "done_at", "kid", "pc_id", "outcome", "session_id", "cut_off"),
    *("session_s", "superseded_by", "organisation", "id", "organisation_id", "machine_key"),
}
_SIGNED_BY_NOBODY = {"received_at", "rule"}  # of another rule a report is judged anew at each start


def test_no_column_is_forgotten() -> None:
    seen = {what.partition(" ")[0] for _table, what in _ROWS}
    every = {
        field.column
        for model in (models.Report, models.Pc, models.Words)
        for field in model._meta.concrete_fields
    }
    assert every == seen | _ELSEWHERE | _SIGNED_BY_NOBODY


def test_a_pc_of_several_reports_is_as_any_of_them_says(tmp_path: Path) -> None:
    """It came in another case. What an unreadable one told is nobody's to take away."""
    database = tmp_path / "here" / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    first = fresh(samples.good_report())
    machine = replace(first.inventory.machine, chassis="Desktop")
    later = fresh(replace(first, inventory=replace(first.inventory, machine=machine)))
    later = replace(later, operator=replace(later.operator, asset_tag="TAG-2"))
    open_database(str(database))
    for report in (first, later):
        put_report(report, signed(station, report), station.kid)
    close_database()
    assert set(states(database).values()) == {State.GOOD}
    for kind, state in (("laptop", State.OTHERWISE), ("desktop", State.GOOD)):
        with closing(sqlite3.connect(database)) as raw, raw:
            raw.execute("UPDATE reports_pc SET chassis = 'Desktop', kind = ?", [kind])
        assert set(states(database).values()) == {state}
    with closing(sqlite3.connect(database)) as raw, raw:
        asked = "UPDATE reports_report SET jws = x'00', sha256 = ? WHERE report_id = ?"
        raw.execute(asked, [sha256_hex(b"\0"), later.report_id])
        raw.execute("UPDATE reports_pc SET maker = 'X'")
    set_right(database)
    assert states(database) == {first.report_id: State.GOOD, later.report_id: State.UNPROVEN}
    with closing(sqlite3.connect(database)) as raw:
        (words,) = raw.execute("SELECT words FROM reports_words").fetchone()
    assert "tag-2" in words.splitlines()


def test_a_pc_that_an_upgrade_makes_anew_is_found_by_what_its_report_tells(tmp_path: Path) -> None:
    database = tmp_path / "here" / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    report = fresh(samples.good_report())
    open_database(str(database))
    put_report(report, signed(station, report), station.kid)
    close_database()
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("UPDATE reports_pc SET machine_key = 'another'")
        raw.execute("UPDATE reports_report SET rule = 1, pc_id = 99")
    open_database(str(database))
    close_database()
    asked = "SELECT words FROM reports_words JOIN reports_report USING (pc_id)"
    with closing(sqlite3.connect(database)) as raw:
        assert raw.execute("SELECT count(*) FROM reports_pc").fetchone() == (2,)
        (words,) = raw.execute(asked).fetchone()
    assert report.report_id in words.splitlines()
