"""The database of this process: which one it is, one write to it, one view of it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Model, QuerySet
from django.db.utils import DatabaseError, InterfaceError
from django.utils.dateparse import parse_date, parse_datetime

from reprise.server.database_address import Address, database_address
from reprise.server.database_errors import full_error, reading_error, writing_error
from reprise.server.database_locks import not_for_ever

ERRORS = (DatabaseError, InterfaceError)
Row = TypeVar("Row", bound=Model)
_AT_ONCE = 1000  # rows that are deleted in one transaction, or read by one question
_LEAST_ROOM = 16 << 20  # bytes
# What PostgreSQL's row security asks (the migration "0004_walls" of reports): the number of the
# organisation whose rows may be seen, or this.
EVERY = "every"
_ASKS = "reprise.organisation"
ASKS_EVERY = f"-c {_ASKS}={EVERY}"  # for PostgreSQL's own programs, as an option of a connection
_unasked = [EVERY]


def connect_to(where: str, *, looking_on: bool = False) -> Address:
    """Name the database, without opening it. `looking_on`: nothing of its file is to change.
    Raises InputError."""
    address = database_address(where)
    close_database()
    settings = address.looking_on if looking_on else address.settings
    connections.settings["default"] = with_defaults(settings)
    return address


def with_defaults(settings: dict[str, Any]) -> dict[str, Any]:
    """What Django adds to the settings of a database, which it is not told at its start."""
    whole: dict[str, Any] = connections.configure_settings({"default": settings})["default"]
    return whole


def close_database() -> None:
    """This thread's connections. The next question opens one again."""
    for opened in connections.all(initialized_only=True):
        opened.close()
        del connections[opened.alias]


def database_file() -> tuple[int, int] | None:
    """Which file the database is, by device and inode; None: none, or a PostgreSQL."""
    if connection.vendor != "sqlite":
        return None
    try:
        found = Path(connection.settings_dict["NAME"]).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def see_nothing_unasked() -> None:
    """From now on this process sees of a PostgreSQL no organisation's rows but within()."""
    _unasked[:] = [""]


def _look(opened: BaseDatabaseWrapper, organisation: str) -> None:
    if opened.vendor == "postgresql":
        with opened.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, false)", [_ASKS, organisation])


def _begin_unasked(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    if connection.vendor == "sqlite":
        _read_any_text(connection)
    _plan_for_pages(connection)
    _look(connection, _unasked[0])


def _read_any_text(opened: BaseDatabaseWrapper) -> None:
    """SQLite keeps anything in any column: text that is no UTF-8 is read as bytes, as what is no
    text at all, and a date as none. Otherwise it would end every question that meets it."""
    opened.connection.text_factory = text_of
    for kind in ("date", "datetime"):  # Django's own raise UnicodeDecodeError
        sqlite3.register_converter(kind, _MOMENTS[kind])


def text_of(raw: bytes) -> str | bytes:
    """As it is read where the database holds it as text."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _date(raw: bytes) -> date | None:
    """None, too, where it only looks like a date: "2026-31-29"."""
    try:
        return parse_date(raw.decode(errors="replace"))
    except ValueError:
        return None


def _datetime(raw: bytes) -> datetime | None:
    """As above. A zone that is written there may lead out of all years."""
    try:
        found = parse_datetime(raw.decode(errors="replace"))
        return found.astimezone(UTC) if found and found.tzinfo else found
    except (ValueError, OverflowError):
        return None


_MOMENTS: dict[str, Callable[[bytes], object]] = {"date": _date, "datetime": _datetime}


def _plan_for_pages(opened: BaseDatabaseWrapper) -> None:
    """Many short questions: PostgreSQL's helpers and its compiler take longer to begin than each of
    ours takes (measured: docs/decisions/0236)."""
    if opened.vendor == "postgresql":
        with opened.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('max_parallel_workers_per_gather', '0', false),"
                " set_config('jit', 'off', false)"
            )


connection_created.connect(_begin_unasked)


def within(organisation: int) -> AbstractContextManager[None]:
    """The rows of this organisation alone, where the database guards them. Not in a transaction."""
    return _looking(str(organisation))


def looking_everywhere() -> AbstractContextManager[None]:
    """Every organisation's rows: for who has a key or a code, and does not say whose. Not in a
    transaction."""
    return _looking(EVERY)


@contextmanager
def _looking(where: str) -> Iterator[None]:
    with asking():
        _look(connection, where)
    try:
        yield
    finally:
        try:
            _look(connection, _unasked[0])
        except ERRORS:
            connection.close()  # the next one begins with nothing


def rows_are_guarded() -> bool:
    """Whether PostgreSQL keeps this user to its walls: superusers walk through. Raises
    StorageError."""
    words = "SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = current_user"
    with asking(), connection.cursor() as cursor:
        cursor.execute(words)
        return bool(cursor.fetchone()[0])


@contextmanager
def writing() -> Iterator[None]:
    """One write transaction: all of it is on the disk at the end, or nothing is.

    Raises FullError where there is no room left, StorageError where the database will not write.
    """
    try:
        with transaction.atomic():
            yield
    except ERRORS as error:
        raise writing_error(error) from error


def try_to_write() -> None:
    """Whether a report could be written now; nothing is. Raises FullError, StorageError."""
    with writing(), connection.cursor() as cursor:
        not_for_ever()
        # changes no row, and is refused where the database may only be read
        cursor.execute("UPDATE django_migrations SET name = name WHERE id < 0")
        if connection.vendor == "sqlite":
            free = shutil.disk_usage(Path(connection.settings_dict["NAME"]).parent).free
            if free < _LEAST_ROOM:
                raise full_error()


def database_bytes() -> int:
    """Its size, with what SQLite keeps beside it. Raises StorageError."""
    if connection.vendor == "sqlite":
        name = connection.settings_dict["NAME"]
        count = 0
        for path in (Path(name), Path(f"{name}-wal")):
            with suppress(OSError):
                count += path.stat().st_size
        return count
    with asking(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def delete_in_steps(rows: QuerySet[Any]) -> None:
    """Few at once, as reports want to be written meanwhile; nothing is written where there are
    none. Not in a transaction. Raises StorageError."""
    while True:
        with asking():
            some = list(rows.values_list("pk", flat=True)[:_AT_ONCE])
        if not some:
            return
        with writing():
            rows.filter(pk__in=some).delete()


@contextmanager
def asking() -> Iterator[None]:
    """One question. Raises StorageError where the database cannot be read."""
    try:
        yield
    except ERRORS as error:
        raise reading_error(error) from error


def read_in_steps(rows: QuerySet[Row]) -> Iterator[Row]:
    """By number, few at once: however many there are, few are held. Raises StorageError."""
    last = 0
    while True:
        with asking():
            some = list(rows.filter(pk__gt=last).order_by("pk")[:_AT_ONCE])
        yield from some
        if len(some) < _AT_ONCE:
            return
        last = some[-1].pk


def page_of(rows: QuerySet[Row], number: int, size: int) -> tuple[int, int, list[Row]]:
    """(which page, of how many, its rows): page `number` (from 1; too large: the last) of rows that
    stand in an order. To be asked within one view of the database."""
    pages = max(1, -(-rows.count() // size))
    number = min(max(1, number), pages)
    return number, pages, list(rows[(number - 1) * size : number * size])


def database_time() -> datetime | None:
    """What a PostgreSQL's own clock says. Raises StorageError."""
    if connection.vendor != "postgresql":
        return None
    with asking(), connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


@contextmanager
def reading() -> Iterator[None]:
    """One consistent view of the database for several questions. Raises StorageError, as above."""
    with asking(), _view():
        yield


@contextmanager
def _view() -> Iterator[None]:
    if connection.in_atomic_block:  # a view within a view, or within a write
        yield
    elif connection.vendor == "sqlite":
        connection.ensure_connection()  # it sets the mode anew
        sqlite: Any = connection
        mode, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            sqlite.transaction_mode = mode
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
