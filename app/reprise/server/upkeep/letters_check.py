"""SQLite's index of letters, by which a search finds a PC: whether it holds what the table of words
does. `quick_check` does not compare them, and whoever writes to the file can change it alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from reprise.i18n import _
from reprise.server.database_errors import writing_error
from reprise.server.upkeep.finding import Finding, bad, doubt

_COMPARE = "INSERT INTO reports_letters(reports_letters, rank) VALUES ('integrity-check', 1)"
_MAKE = "INSERT INTO reports_letters(reports_letters) VALUES ('rebuild')"


def look_at_letters(path: Path, *, anew: bool) -> Iterator[Finding]:
    """Nothing where it is well. Who writes waits a moment. `anew`: it is made anew, well or not.
    Raises StorageError."""
    try:
        _ask(path, _COMPARE)
    except sqlite3.OperationalError as error:  # another holds it, or it may only be read
        yield doubt(
            _("Search: its index was not looked at ({reason})").format(reason=error),
            _("Try again, as the user of the server."),
        )
    except sqlite3.DatabaseError:
        yield bad(
            _("Search: its index says other than the list"),
            _("It was made anew. Look at who wrote to that database.")
            if anew
            else _(
                "Look at who may write to the database. To set the list right, back it up and "
                "restore that."
            ),
        )
    if anew:
        try:
            _ask(path, _MAKE)
        except sqlite3.Error as error:
            raise writing_error(error) from error


def _ask(path: Path, words: str) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("PRAGMA trusted_schema=OFF")
        raw.execute(words)
