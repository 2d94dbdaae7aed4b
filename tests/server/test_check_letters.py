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
from server.backups import backed_up, restored
from server.kit import enrolled, fresh, reprise, signed
from server.taking import OURS, put_report
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


def test_a_check_waits_for_no_writer_for_ever(tmp_path: Path) -> None:
    database = tmp_path / "here" / "reprise.db"
    enrolled(database, tmp_path / "stick")
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        done = reprise("server", "check", "--database", str(database))
    assert "! Search: its index was not looked at (database is locked)" in done.stdout
    assert "Reports: none yet" in done.stdout
