"""pg_dump and pg_restore, PostgreSQL's own programs for a backup of a running database."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from reprise.errors import RepriseError, StorageError, ToolError
from reprise.i18n import _
from reprise.server.database import ASKS_EVERY, EVERY
from reprise.server.database_address import Address
from reprise.server.database_errors import opening_error
from reprise.server.upkeep.files import sync
from reprise.server.upkeep.pace import Pace, Tell
from reprise.server.upkeep.restored_mark import MARK, mark_database, unmark_empty

_LOOK_S = 0.2
# who restores owns all of it; what belongs to a role of the old place has no place in the new one
_NOBODY_S = ("--no-owner", "--no-privileges", "--no-password")
_SHOWN = 300  # characters
_RESTORING = int.from_bytes(b"reprisei")  # an advisory lock's number


def dump_postgresql(address: Address, target: Path, tell: Tell) -> None:
    """Into a new file, synced: as the database was at one moment. Raises StorageError,
    ToolError."""
    _refuse_walls(address)
    argv = (
        "pg_dump",
        "--format=custom",
        f"--file={target}",
        *_NOBODY_S,
        "--enable-row-security",
        f"--exclude-table=*.{MARK}",
    )
    pace = Pace("copy", 0, tell)
    with _running(address, argv, _("The database {path} cannot be backed up: {reason}.")) as tool:
        while tool.poll() is None:
            pace.at(target.stat().st_size if target.exists() else 0)
            with suppress(subprocess.TimeoutExpired):
                tool.wait(_LOOK_S)
    pace.end()
    sync(target)


def restore_postgresql(address: Address, pieces: Iterable[bytes], made_at: str, pace: Pace) -> None:
    """All of a dump, in one transaction, or nothing of it, after the mark of a backup of that
    moment. Raises StorageError, also where somebody else is at it; ToolError."""
    with closing(_connected(address)) as line:
        try:
            _refuse_two(address, line)
            is_new = mark_database(line, made_at)
        except psycopg.Error as error:
            raise opening_error(address, error) from error
        try:
            _unpack(address, pieces, pace)
        except RepriseError:  # of one that is stopped, what came of it is not known: the mark stays
            if is_new:  # else it may be that of one that is still at it, without its lock
                with suppress(psycopg.Error):
                    unmark_empty(line)
            raise


def _refuse_two(address: Address, line: psycopg.Connection) -> None:
    """As long as the line is open, nobody else restores into this database. Raises StorageError."""
    if line.execute("SELECT pg_try_advisory_lock(%s)", [_RESTORING]).fetchone() != (True,):
        raise StorageError(
            _("Another backup is being restored into {path}.").format(path=address.shown),
            _("Nothing was changed. Wait for its end, or give another database."),
        )


def _unpack(address: Address, pieces: Iterable[bytes], pace: Pace) -> None:
    argv = ("pg_restore", *_NOBODY_S, "--no-comments", "--single-transaction", "--exit-on-error")
    with _running(address, argv, _("The database {path} cannot be restored: {reason}.")) as tool:
        with suppress(BrokenPipeError), tool.stdin:
            for piece in pieces:
                tool.stdin.write(piece)
                pace.more(len(piece))
        tool.wait()
    pace.end()


@contextmanager
def _running(address: Address, argv: Sequence[str], failed: str) -> Iterator[Any]:
    """One of the programs, ended with the block. Raises StorageError with its own last words where
    it failed, ToolError where it is not there."""
    program = shutil.which(argv[0])
    if program is None:
        raise ToolError(
            _("The program {name} is not installed.").format(name=argv[0]),
            _("Install postgresql-client, of PostgreSQL's own version or a later one."),
        )
    where, password = _line_to(address)
    secret = {"PGPASSWORD": password} if password else {}  # no argument: others read those
    with tempfile.TemporaryFile() as words:
        tool = subprocess.Popen(
            [program, f"--dbname={where}", *argv[1:]],
            env={**os.environ, **secret, "LC_ALL": "C"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=words,
        )
        try:
            yield tool
        finally:
            if tool.poll() is None:
                tool.terminate()
                tool.wait()
        if tool.returncode != 0:
            words.seek(0)
            said = " ".join(words.read().decode("utf-8", "replace").split())[-_SHOWN:]
            raise StorageError(
                failed.format(path=address.shown, reason=said.rstrip(".")),
                _("These are the words of PostgreSQL's own program {name}.").format(name=argv[0]),
            )


def _line_to(address: Address) -> tuple[str, str]:
    """(where the database is and what is asked of it, the password or "")."""
    told = address.settings
    options = {name: value for name, value in told["OPTIONS"].items() if name != "password"}
    options["options"] = f"{options.get('options', '')} {ASKS_EVERY}".strip()
    where = make_conninfo(
        host=told["HOST"] or None,
        port=told["PORT"] or None,
        user=told["USER"] or None,
        dbname=told["NAME"] or None,
        **options,
    )
    return where, told["PASSWORD"] or told["OPTIONS"].get("password") or ""


def _connected(address: Address) -> psycopg.Connection:
    """Each statement is a transaction of its own. Raises StorageError."""
    where, password = _line_to(address)
    try:
        return psycopg.connect(make_conninfo(where, password=password or None), autocommit=True)
    except psycopg.Error as error:
        raise opening_error(address, error) from error


def _refuse_walls(address: Address) -> None:
    """A program that asks for no organisation's rows would be shown none, and dump none. Raises
    StorageError."""
    with closing(_connected(address)) as line:
        found = line.execute("SHOW reprise.organisation").fetchone()
    if found != (EVERY,):
        raise StorageError(
            _("PostgreSQL does not show the reports to the program that backs them up."),
            _("Give the database's own address with --database, not that of a pooler."),
        )
