"""A backup becomes a database and a data folder again: all of it, where nothing was."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from django.db import connection

from reprise.adapters.storage.files import sync_folder, who_runs
from reprise.errors import InputError, StorageError
from reprise.i18n import _
from reprise.server.database import asking, close_database
from reprise.server.database_address import Address, database_address
from reprise.server.files.folder import make_folder
from reprise.server.files.opening import data_folder
from reprise.server.opening import known_migrations, look_into
from reprise.server.settings import ServerSettings
from reprise.server.upkeep.box import Found, read_at
from reprise.server.upkeep.data_folder import files_of
from reprise.server.upkeep.files import give_its_name, own_as_its_folder, sync
from reprise.server.upkeep.manifest import DATA, Backup, Manifest, read_backup
from reprise.server.upkeep.pace import Pace, Tell
from reprise.server.upkeep.postgresql_tools import restore_postgresql
from reprise.server.upkeep.restored_mark import holds_anything, mark_file
from reprise.server.upkeep.sqlite_copy import damage_of
from reprise.system_words import os_reason

_COMPANIONS = ("", "-wal", "-shm", "-journal")


def restore(source: Path, settings: ServerSettings, tell: Tell) -> Manifest:
    """What the backup `source` holds is then the database of `settings`, and its data folder. A
    refusal leaves everything as it was. The database is marked from its first moment: whoever opens
    it first ends what is open in it.

    Raises InputError of what is no whole backup of this version or an older one, and of a place
    that holds anything; StorageError, ToolError.
    """
    address, folder = database_address(settings.database), data_folder(settings)
    try:
        with _opened(source) as file:
            backup = read_backup(file, os.fstat(file.fileno()).st_size, tell)
            _refuse_the_other_kind(backup, address)
            _refuse_what_is_used(settings, address, folder, backup)
            with _data_in_place(file, backup.data, folder, tell):
                if address.path is None:
                    found = backup.database
                    pieces = read_at(file, found.at, found.kept.size_bytes)
                    pace = Pace("unpack", found.kept.size_bytes, tell)
                    restore_postgresql(address, pieces, backup.manifest.made_at, pace)
                else:
                    _into_sqlite(file, backup, address.path, tell)
    except OSError as error:
        raise StorageError(
            _("The backup {path} cannot be restored: {reason}.").format(
                path=source, reason=os_reason(error)
            ),
            _("Check that the new place has room and may be written."),
        ) from error
    return backup.manifest


def _opened(source: Path) -> BinaryIO:
    """Raises StorageError, which blames no new place."""
    try:
        return source.open("rb")
    except OSError as error:
        raise StorageError(
            _("The backup {path} cannot be read: {reason}.").format(
                path=source, reason=os_reason(error)
            ),
            who_runs(error, _("Give the file that “reprise server backup” wrote.")),
        ) from error


def _refuse_the_other_kind(backup: Backup, address: Address) -> None:
    if backup.manifest.database == "sqlite" and address.path is None:
        raise InputError(
            _("This is the backup of an SQLite file."), _("Give the path of a new file.")
        )
    if backup.manifest.database == "postgresql" and address.path is not None:
        raise InputError(
            _("This is the backup of a PostgreSQL database."),
            _("Make an empty one (createdb), and give its postgresql://… address."),
        )


def _refuse_what_is_used(
    settings: ServerSettings, address: Address, folder: Path, backup: Backup
) -> None:
    """Of a data folder into which nothing comes what can be made again may stay."""
    used = address.shown if _is_used(settings, address) else ""
    if any(files_of(folder)) or (backup.data and folder.is_dir() and any(folder.iterdir())):
        used = used or str(folder)
    if used:
        raise InputError(
            _("{path} holds something already, and is not replaced.").format(path=used),
            _("Give a new one; what is there may be all that you have."),
        )


def _is_used(settings: ServerSettings, address: Address) -> bool:
    if address.path is not None:
        return any(os.path.lexists(f"{address.path}{end}") for end in _COMPANIONS)
    look_into(settings.database)
    try:
        with asking(), connection.cursor() as cursor:
            return holds_anything(cursor)
    finally:
        close_database()


@contextmanager
def _data_in_place(
    file: BinaryIO, data: Sequence[Found], folder: Path, tell: Tell
) -> Iterator[None]:
    """The data folder is whole while the block puts the database beside it, and is taken away
    again where that fails."""
    if not data:
        yield
        return
    make_folder(folder.parent)
    place = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        pace = Pace("unpack", sum(found.kept.size_bytes for found in data), tell)
        for found in data:
            target = place / found.kept.name.removeprefix(DATA)
            make_folder(target.parent)
            _write(file, found, target, pace)
        pace.end()
        own_as_its_folder(place)
        place.rename(folder)  # over an empty one, never over another
        place = folder
        sync_folder(folder.parent)
        yield
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def _write(file: BinaryIO, found: Found, target: Path, pace: Pace) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as out:
        for piece in read_at(file, found.at, found.kept.size_bytes):
            out.write(piece)
            pace.more(len(piece))
        out.flush()
        os.fsync(out.fileno())


def _into_sqlite(file: BinaryIO, backup: Backup, path: Path, tell: Tell) -> None:
    found = backup.database
    make_folder(path.parent)
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as place:
        copy = Path(place) / "database"
        pace = Pace("unpack", found.kept.size_bytes, tell)
        _write(file, found, copy, pace)
        pace.end()
        _refuse_unusable(copy)
        _mark(copy, backup.manifest.made_at)
        own_as_its_folder(copy, path.parent)
        give_its_name(copy, path)
        sync_folder(path.parent)


def _mark(copy: Path, made_at: str) -> None:
    """Raises InputError."""
    try:
        with closing(sqlite3.connect(copy)) as raw, raw:
            raw.execute("PRAGMA trusted_schema=OFF")
            mark_file(raw, made_at)
    except sqlite3.Error as error:
        raise _unusable(str(error)) from error
    sync(copy)


def _refuse_unusable(copy: Path) -> None:
    """What is said of a database may be another's word. Raises InputError."""
    reason = damage_of(copy)
    if not reason:
        known = known_migrations()
        with closing(sqlite3.connect(copy)) as raw:
            raw.execute("PRAGMA trusted_schema=OFF")
            try:
                rows = raw.execute("SELECT app || '.' || name FROM django_migrations").fetchall()
                seen = {str(row[0]) for row in rows}
                reason = "" if seen and seen <= known else "django_migrations"
            except sqlite3.Error as error:
                reason = str(error)
    if reason:
        raise _unusable(reason)


def _unusable(reason: str) -> InputError:
    return InputError(
        _("The database in this backup is none that this version can use: {reason}.").format(
            reason=reason
        ),
        _("Nothing was changed. Give an older backup."),
    )
