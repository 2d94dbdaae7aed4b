"""Opening a database: its file, its tables and what they say are up to date."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from reprise.errors import InputError, RepriseError, StorageError
from reprise.i18n import _
from reprise.server.database import ERRORS, close_database, connect_to, writing
from reprise.server.database_address import TABLES_OF_0_1, Address
from reprise.server.database_errors import busy_error, is_deadlock, opening_error
from reprise.server.demo.mark import look_for_mark
from reprise.server.identity.services import make_server_key
from reprise.server.people.instance import put_secret_in_force
from reprise.server.reports.judging import judge_anew
from reprise.server.upkeep.after_restore import Ended, end_what_was_open

SQLITE = b"SQLite format 3\0"  # how its files begin
_TRIES = 5
_ALONE = 0x52455052  # the advisory lock of whoever changes tables: "REPR"


def open_database(where: str, told: Callable[[Ended], None] | None = None) -> Address:
    """From now on all work is with this database. Its tables are up to date, as is what the rule
    in force says of its reports. Of one that was restored what is open is ended, and `told`.

    Raises InputError or StorageError that name the file where it cannot be opened or written.
    """
    address = connect_to(where)
    try:
        if address.path is not None:
            _make_file(address.path)
        with _alone(address):
            ended = _bring_up_to_date(address)
    except (*ERRORS, OSError) as error:
        close_database()
        raise opening_error(address, error) from error
    except RepriseError:
        close_database()
        raise
    if ended is not None and told is not None:
        told(ended)
    return address


def look_into(where: str) -> Address:
    """From now on all work is with this database, which is neither made nor changed.

    Raises InputError where there is none, StorageError where it cannot be read.
    """
    address = connect_to(where, looking_on=True)
    try:
        if address.path is not None:
            refuse_a_mistyped_file(address.path)
        connection.ensure_connection()
        look_for_mark()
    except ERRORS as error:
        close_database()
        raise opening_error(address, error) from error
    return address


def open_existing(where: str) -> Address:
    """As open_database, of a server's own that was opened before: a mistyped one is not made.
    Raises InputError, StorageError."""
    address = look_into(where)
    try:
        refuse_foreign(address)
    finally:
        close_database()
    return open_database(where)


def refuse_foreign(address: Address) -> None:
    """Of the open database. Raises InputError where it holds nothing of ours, or what this version
    cannot use."""
    migrations_due(address)
    if not applied_migrations():
        raise InputError(
            _("{path} is not a Reprise database.").format(path=address.shown),
            _("Choose another file with --database."),
        )


def refuse_a_mistyped_file(path: Path) -> None:
    """Raises InputError: “no station” must not be said of a database that is not there."""
    if path.is_file():
        return
    words = _("the database “{path}” does not exist.")
    if path.is_dir():
        words = _("“{path}” is a folder, and no database.")
    raise InputError(
        words.format(path=path),
        _("Give the server's own to {option}.").format(option="--database"),
    )


def _make_file(path: Path) -> None:
    """Nobody else of this machine reads it: its folder's owner alone, whose server it is, where
    root makes it. Raises OSError."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    try:
        handle = os.open(path, flags | os.O_EXCL, 0o600)
        new = True
    except FileExistsError:
        handle = os.open(path, flags, 0o600)
        new = False
    try:
        if new and os.geteuid() == 0:
            folder = path.parent.stat()
            os.fchown(handle, folder.st_uid, folder.st_gid)
        ours = os.fstat(handle).st_uid == os.geteuid()
        if ours and os.read(handle, len(SQLITE)) in (b"", SQLITE):  # not a mistyped file
            os.fchmod(handle, 0o600)
    finally:
        os.close(handle)


@contextmanager
def _alone(address: Address) -> Iterator[None]:
    """Two commands may open a new database at once. Not by a lock on SQLite's own file: closing it
    would end the locks that SQLite holds there."""
    if address.path is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_ALONE])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ALONE])
        return
    handle = os.open(address.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def applied_migrations() -> set[str]:
    """What the tables of the database have seen: "reports.0001_initial"."""
    return set(map(".".join, MigrationLoader(connection).applied_migrations))


def known_migrations() -> set[str]:
    """All that this version knows."""
    return set(map(".".join, MigrationLoader(None).disk_migrations))


def migrations_due(address: Address) -> int:
    """How many migrations the tables still need. Raises InputError where they are of a newer
    version, or of 0.1."""
    executor = MigrationExecutor(connection)
    known, applied = executor.loader.disk_migrations, executor.loader.applied_migrations
    if set(applied) - set(known):
        raise InputError(
            _("The database was made by a newer Reprise."),
            _("Update this server, or restore the backup of this version."),
        )
    if not applied and set(connection.introspection.table_names()) >= TABLES_OF_0_1:
        raise InputError(
            _("The database {path} was made by Reprise 0.1, whose server had no accounts.").format(
                path=address.shown
            ),
            _("Take its reports over with: {command}").format(
                command=f"reprise server take-over {address.shown} --database NEW"
            ),
        )
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _bring_up_to_date(address: Address) -> Ended | None:
    if migrations_due(address):
        call_command("migrate", verbosity=0, interactive=False)
    look_for_mark()
    call_command("createcachetable", verbosity=0)
    with writing():
        put_secret_in_force()
        make_server_key()
    ended = end_what_was_open()
    _judge_anew()
    return ended


def _judge_anew() -> None:
    """A server of a version before that stores meanwhile takes PCs in an order of its own: one of
    the two gives way. Raises StorageError."""
    for left in reversed(range(_TRIES)):
        try:
            with writing():
                judge_anew()
        except StorageError as error:
            if not is_deadlock(error):
                raise
            if not left:
                raise busy_error() from error
        else:
            return
