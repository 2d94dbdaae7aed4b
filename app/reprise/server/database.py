"""Opening the database: engine, durability, migrations, and the faults of a disk in words."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from reprise.errors import InputError, StorageError
from reprise.i18n import _
from reprise.server.judging import judge_anew
from reprise.system_words import os_reason

_BUSY_TIMEOUT_S = 20.0


class FullError(StorageError):
    """The disk or the quota of the database is full."""


def database_url(where: str) -> URL:
    """An SQLAlchemy URL from a path or an address. Raises InputError for what is neither."""
    if "://" not in where:
        path = Path(where).expanduser().absolute()
        return URL.create("sqlite", database=str(path))
    try:
        url = make_url(where)
    except ArgumentError as error:
        raise InputError(
            _("The database address cannot be read."),
            _("Give the path of a file, or postgresql://user:password@host/database."),
        ) from error
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and not url.database:  # in memory: gone with the process
        raise InputError(
            _("The database address “{url}” names no file.").format(url=where),
            _("Give the path of a file, or postgresql://user:password@host/database."),
        )
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise InputError(
            _("Reprise does not know the database {kind}.").format(kind=url.drivername),
            _("Give the path of a file, or postgresql://user:password@host/database."),
        )
    return url


def open_database(where: str) -> Engine:
    """An engine on a database whose tables are up to date, as is what the rule in force says of its
    reports.

    Raises InputError or StorageError that name the file where it cannot be opened or written.
    """
    url = database_url(where)
    try:
        engine = _engine(url)
    except (NoSuchModuleError, OSError) as error:
        raise _opening_error(url, error) from error
    try:
        _migrate(engine)
    except DBAPIError as error:
        engine.dispose()
        raise _opening_error(url, error) from error
    except InputError:
        engine.dispose()
        raise
    return engine


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    Path(url.database or "").parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """synchronous=FULL: a commit has reached the disk before the station gets its receipt."""
    connection.isolation_level = None  # Python must not begin transactions on its own
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA trusted_schema=OFF")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: two writers then queue, and neither fails half-way."""
    writes = connection.get_execution_options().get("reprise_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: all of it is on the disk at the end, or nothing is.

    Raises FullError where there is no room left, StorageError where the database will not write.
    """
    try:
        options = engine.execution_options(reprise_writes=True)
        with options.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise _writing_error(error) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the database. Raises StorageError where it cannot be read."""
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        raise StorageError(
            _("The database cannot be read: {reason}.").format(reason=_reason(error)),
            _("The server's administrator must look at the database."),
        ) from error


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", "reprise.server:migrations")
    with engine.execution_options(reprise_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
            judge_anew(connection)
        except CommandError as error:
            raise InputError(
                _("The database was made by a newer Reprise."),
                _("Update this server, or restore the backup of this version."),
            ) from error


def _reason(error: BaseException) -> str:
    """The system's reason in words where it is one, else the database's own, in English."""
    original = getattr(error, "orig", None) or error
    if isinstance(original, OSError):
        return os_reason(original)
    return " ".join(str(original).split())[:300]


def _is_full(error: BaseException) -> bool:
    original = getattr(error, "orig", None) or error
    name = getattr(original, "sqlite_errorname", "")
    state = getattr(original, "sqlstate", "") or ""  # 53100: disk_full (PostgreSQL, appendix A)
    number = getattr(original, "errno", None)
    return name == "SQLITE_FULL" or state == "53100" or number in (errno.ENOSPC, errno.EDQUOT)


def _writing_error(error: DBAPIError) -> StorageError:
    if _is_full(error):
        return FullError(
            _("The server's disk is full: nothing was stored."),
            _("Free some space on the server; the station keeps the report and tries again."),
        )
    return StorageError(
        _("The database could not be written: {reason}.").format(reason=_reason(error)),
        _("The station keeps the report; the server's administrator must look at the database."),
    )


def _opening_error(url: URL, error: Exception) -> InputError | StorageError:
    where = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite":
        where = url.database or where
    else:
        advice = _(
            "Check its address, its user and password, and that PostgreSQL runs. The driver "
            "says: “{reason}”."
        )
        return StorageError(
            _("The database {path} cannot be opened.").format(path=where),
            advice.format(reason=_reason(error)),
        )
    said = getattr(getattr(error, "orig", None), "sqlite_errorname", "")
    if said == "SQLITE_NOTADB":
        return InputError(
            _("{path} is not a Reprise database.").format(path=where),
            _("Choose another file with --database."),
        )
    if said:  # SQLite's own words say no more than that, and in English
        what = _("The database {path} cannot be opened for writing.").format(path=where)
    else:
        what = _("The database {path} cannot be opened for writing: {reason}.").format(
            path=where, reason=_reason(error)
        )
    return StorageError(
        what,
        _("Check that the folder exists, that it may be written and that there is room."),
    )
