"""A search asks SQLite's index of letters, which can be set otherwise alone: a check compares it
with the words, and a restore makes it anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.reports.catalogue import list_pcs
from reprise.server.upkeep.finding import Mark
from reprise.server.upkeep.letters_check import look_at_letters
from server.backups import backed_up, restored
from server.kit import enrolled, fresh, reprise, signed
from server.taking import OURS, put_report
from server.test_check_unsound import Made, put
from unit.domain.pc import samples

pytestmark = pytest.mark.whole

_SAID = "✗ Search: its index says other than the list"


def found(database: Path, text: str) -> list[str]:
    open_database(str(database))
    lines = [line.serial for line in list_pcs(OURS, text, 1, 10).lines]
    close_database()
    return lines


def test_an_index_of_letters_that_was_set_otherwise_is_told_and_made_anew(tmp_path: Path) -> None:
    database = tmp_path / "here" / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    open_database(str(database))
    for sample, serial in ((samples.good_report(), "GOODSERIAL"), (samples.bad_report(), "FAILED")):
        report = fresh(sample, serial=serial)
        put_report(report, signed(station, report), station.kid)
    close_database()
    assert _SAID not in reprise("server", "check", "--database", str(database)).stdout
    with closing(sqlite3.connect(database)) as raw, raw:
        words = "SELECT pc_id, words FROM reports_words ORDER BY pc_id"
        (good, _its), failed = raw.execute(words).fetchall()
        into = "INSERT INTO reports_letters"
        raw.execute(f"{into}(reports_letters, rowid, words) VALUES ('delete', ?, ?)", failed)
        raw.execute(f"{into}(rowid, words) VALUES (?, 'failed')", [good])
    assert found(database, "failed") == ["GOODSERIAL"]
    done = reprise("server", "check", "--database", str(database))
    assert done.returncode == 4
    assert _SAID in done.stdout

    assert backed_up(database, tmp_path / "box.tar").returncode == 0
    there = tmp_path / "there" / "reprise.db"
    done = restored(tmp_path / "box.tar", there)
    assert done.returncode == 4
    assert _SAID in done.stdout
    assert found(there, "failed") == ["FAILED"]
    assert _SAID not in reprise("server", "check", "--database", str(there)).stdout


_BROKEN = {
    "gone": "DROP TABLE reports_letters",
    "without its settings": "DELETE FROM reports_letters_config",
    "without its letters": "DELETE FROM reports_letters_data",
    "a table": "DROP TABLE reports_letters; CREATE TABLE reports_letters (words);"
    " CREATE INDEX reports_letters_of ON reports_letters (words)",
    "a view": "DROP TABLE reports_letters; CREATE VIEW reports_letters AS SELECT 1 AS words;"
    " CREATE TABLE reports_letters_idx (x)",
}


@pytest.mark.parametrize("words", _BROKEN.values(), ids=_BROKEN)
def test_an_index_of_letters_that_is_broken_ends_no_restore(tmp_path: Path, words: str) -> None:
    """Nor does it keep the report from being judged anew, whose words are written into it."""
    database = tmp_path / "here" / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    report = fresh(samples.bad_report(), serial="FAILED")
    put(database, station, report)
    made = Made(database, station, report)
    of_it = "SELECT type, name, sql FROM sqlite_schema WHERE name LIKE 'reports_letters%'"
    with made.by_hand() as raw:
        whole = sorted(raw.execute(of_it).fetchall())
        raw.executescript(f"{words}; DROP TRIGGER reports_letters_other")
        raw.execute("DROP TRIGGER reports_letters_gone")
        raw.execute("UPDATE reports_words SET words = 'other'")
    (told,) = look_at_letters(database, anew=False)
    assert told.mark is Mark.BAD
    assert told.what in [one.what for one in made.look(anew=True)]
    assert found(database, "failed") == ["FAILED"]
    assert all(one.mark is Mark.GOOD for one in made.look())
    with made.by_hand() as raw:
        assert sorted(raw.execute(of_it).fetchall()) == whole
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_an_index_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    database = tmp_path / "here" / "reprise.db"
    enrolled(database, tmp_path / "stick")
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        told = list(look_at_letters(database, anew=True))
    assert [one.mark for one in told] == [Mark.DOUBT, Mark.BAD]


def test_a_check_waits_for_no_writer_for_ever(tmp_path: Path) -> None:
    database = tmp_path / "here" / "reprise.db"
    enrolled(database, tmp_path / "stick")
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        done = reprise("server", "check", "--database", str(database))
    assert "! Search: its index was not looked at (database is locked)" in done.stdout
    assert "Reports: none yet" in done.stdout
