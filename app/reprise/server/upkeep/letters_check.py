"""SQLite's index of letters, by which a search finds a PC: whether it holds what the table of words
does. `quick_check` does not compare them, and whoever writes to the file can change it alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from reprise.i18n import _
from reprise.server.upkeep.finding import Finding, bad, doubt

_COMPARE = "INSERT INTO reports_letters(reports_letters, rank) VALUES ('integrity-check', 1)"
# What is left of it, whatever somebody made of it: SQLite drops no index that it cannot open.
_FORGET = (
    "PRAGMA writable_schema=ON",
    "DELETE FROM sqlite_schema WHERE name LIKE 'reports_letters' AND coalesce(rootpage, 0) = 0",
    "PRAGMA writable_schema=RESET",
)
_LEFT = (
    "SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'view', 'trigger')"
    r" AND (name LIKE 'reports_letters' OR name LIKE 'reports\_letters\_%' ESCAPE '\')"
)
# As the migrations make it: "0006_words" of reports.
_INTO = "INSERT INTO reports_letters"
_GONE = f"{_INTO}(reports_letters, rowid, words) VALUES ('delete', old.pc_id, old.words);"
_NEW = f"{_INTO}(rowid, words) VALUES (new.pc_id, new.words);"
_ON = "ON reports_words BEGIN"
_MAKE = (
    "CREATE VIRTUAL TABLE reports_letters USING fts5("
    "words, content='reports_words', content_rowid='pc_id', tokenize='trigram')",
    f"CREATE TRIGGER reports_letters_new AFTER INSERT {_ON} {_NEW} END",
    f"CREATE TRIGGER reports_letters_gone AFTER DELETE {_ON} {_GONE} END",
    f"CREATE TRIGGER reports_letters_other AFTER UPDATE {_ON} {_GONE} {_NEW} END",
    f"{_INTO}(reports_letters) VALUES ('rebuild')",
)


def look_at_letters(path: Path, *, anew: bool) -> Iterator[Finding]:
    """Nothing where it is well. Who writes waits a moment. `anew`: it is made anew, well or not, so
    that what a report says can be written into it."""
    try:
        with _opened(path) as raw:
            raw.execute(_COMPARE)
    except sqlite3.Error as error:
        yield _told(error, anew=anew)
    if anew:
        try:
            with _opened(path) as raw:
                _make(raw)
        except sqlite3.Error as error:
            yield bad(
                _("Search: its index could not be made anew ({reason})").format(reason=error),
                _("Try again, as the user of the server."),
            )


def _told(error: sqlite3.Error, *, anew: bool) -> Finding:
    """Where another holds it, or it may only be read, nobody looked; SQLITE_ERROR: there is none,
    or none that can be opened."""
    name = getattr(error, "sqlite_errorname", "")
    if isinstance(error, sqlite3.OperationalError) and name != "SQLITE_ERROR":
        return doubt(
            _("Search: its index was not looked at ({reason})").format(reason=error),
            _("Try again, as the user of the server."),
        )
    return bad(
        _("Search: its index says other than the list"),
        _("It was made anew. Look at who wrote to that database.")
        if anew
        else _(
            "Look at who may write to the database. To set the list right, back it up and "
            "restore that."
        ),
    )


def _opened(path: Path) -> closing[sqlite3.Connection]:
    """Each statement is a transaction of its own, but for those after a BEGIN."""
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA trusted_schema=OFF")
    return closing(raw)


def _make(raw: sqlite3.Connection) -> None:
    """All of it, or nothing."""
    raw.execute("BEGIN IMMEDIATE")
    for line in _FORGET:
        raw.execute(line)
    for kind, name in raw.execute(_LEFT).fetchall():
        quoted = name.replace('"', '""')
        raw.execute(f'DROP {kind} IF EXISTS "{quoted}"')
    for line in _MAKE:
        raw.execute(line)
    raw.execute("COMMIT")
