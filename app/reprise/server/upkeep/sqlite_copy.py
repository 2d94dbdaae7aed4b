"""A copy of an SQLite database that others are writing to: as it was at one moment, in one file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from reprise.errors import StorageError
from reprise.i18n import _
from reprise.server.upkeep.files import sync
from reprise.server.upkeep.pace import Pace, Tell

_PAGES = 1024  # that are copied before it is told how far it is


def copy_sqlite(source: Path, target: Path, tell: Tell) -> None:
    """Into a new file, synced. Nobody who writes waits for it. Raises StorageError."""
    try:
        with (
            closing(sqlite3.connect(f"file:{quote(str(source))}?mode=rw", uri=True)) as here,
            closing(sqlite3.connect(target)) as there,
        ):
            _copy(here, there, tell)
    except sqlite3.Error as error:
        raise StorageError(
            _("The database {path} cannot be backed up: {reason}.").format(
                path=source, reason=error
            ),
            _("Look at its disk, and at the room that is left."),
        ) from error
    reason = damage_of(target)
    if reason:
        raise StorageError(
            _("The database {path} is damaged: {reason}.").format(path=source, reason=reason),
            _("No backup was made. Give the server its last one that is whole."),
        )
    sync(target)


def _copy(here: sqlite3.Connection, there: sqlite3.Connection, tell: Tell) -> None:
    # A view that is held from the first page to the last: whatever is written meanwhile, the copy
    # need not begin again (SQLite does so where it sees a change).
    here.execute("BEGIN")
    here.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    (page_bytes,) = here.execute("PRAGMA page_size").fetchone()
    (pages,) = here.execute("PRAGMA page_count").fetchone()
    pace = Pace("copy", pages * page_bytes, tell)
    here.backup(
        there, pages=_PAGES, progress=lambda _s, left, all_: pace.at((all_ - left) * page_bytes)
    )
    pace.end()
    there.execute("PRAGMA journal_mode=DELETE")  # one file, without a companion


def damage_of(path: Path) -> str:
    """What is wrong with the file of a database; "" where it is sound."""
    try:
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("PRAGMA trusted_schema=OFF")
            (said,) = raw.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        return " ".join(str(error).split())[:300]
    return "" if said == "ok" else " ".join(str(said).split())[:300]
