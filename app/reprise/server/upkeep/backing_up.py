"""A backup of a running server in one file: its database and its data folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path

from reprise.adapters.storage.files import sync_folder, who_runs
from reprise.errors import StorageError
from reprise.i18n import _
from reprise.server.database import asking, close_database, database_bytes
from reprise.server.database_address import Address
from reprise.server.files.opening import data_folder
from reprise.server.opening import look_into, refuse_foreign
from reprise.server.settings import ServerSettings
from reprise.server.upkeep.box import Packing
from reprise.server.upkeep.data_folder import files_of
from reprise.server.upkeep.files import give_its_name, refuse_what_is_there
from reprise.server.upkeep.manifest import DATA, DATABASES, NAME, manifest_of
from reprise.server.upkeep.pace import Pace, Tell
from reprise.server.upkeep.postgresql_tools import dump_postgresql
from reprise.server.upkeep.restored_mark import marked
from reprise.server.upkeep.sqlite_copy import copy_sqlite
from reprise.system_words import os_reason
from reprise.wording import size


def back_up(settings: ServerSettings, target: Path, tell: Tell) -> int:
    """Write what the database of `settings` and the data folder hold into the new file `target`,
    which is there once all of it is on the disk; its size in bytes. The server goes on meanwhile.

    Raises InputError where `target` is there already, StorageError, ToolError.
    """
    refuse_what_is_there(target)
    address = look_into(settings.database)
    try:
        refuse_foreign(address)  # what could not be restored needs no backup of ours
        folder = data_folder(settings)
        with _beside(target) as place:
            _refuse_without_room(place, database_bytes(), folder)
            packed = place / "packed"
            with asking():
                as_of = marked()  # what is open in it is what was open then
            _pack(packed, _copied(address, place, tell), folder, as_of, tell)
            count = packed.stat().st_size
            give_its_name(packed, target)
        sync_folder(target.parent)
    except OSError as error:
        raise _not_written(target, error) from error
    finally:
        close_database()
    return count


def _not_written(target: Path, error: OSError) -> StorageError:
    reason = os_reason(error)
    about = f"{error.filename}: {reason}" if error.filename else reason
    return StorageError(
        _("The backup {path} cannot be written: {reason}.").format(path=target, reason=about),
        who_runs(
            error,
            _("There is no backup under this name. Give a folder with room that may be written."),
        ),
    )


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder on the same disk, which nobody else reads and which is gone at the end."""
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as place:
        yield Path(place)


def _refuse_without_room(place: Path, count: int, folder: Path) -> None:
    """A full disk would keep the server from taking reports."""
    data = sum(path.stat().st_size for _name, path in files_of(folder))
    needed, free = 2 * count + data, shutil.disk_usage(place).free
    if free < needed:
        raise StorageError(
            _("There is too little room for the backup: {free}, and it may need {needed}.").format(
                free=size(free), needed=size(needed)
            ),
            _("Give a file on another disk."),
        )


def _copied(address: Address, place: Path, tell: Tell) -> Path:
    """The database by the name that it has in a backup."""
    kind = "postgresql" if address.path is None else "sqlite"
    copy = place / DATABASES[kind]
    if address.path is None:
        dump_postgresql(address, copy, tell)
    else:
        copy_sqlite(address.path, copy, tell)
    return copy


def _pack(packed: Path, database: Path, folder: Path, as_of: str | None, tell: Tell) -> None:
    kind = next(kind for kind, name in DATABASES.items() if name == database.name)
    files = [(database.name, database), *((DATA + name, path) for name, path in files_of(folder))]
    handle = os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    pace = Pace("pack", sum(path.stat().st_size for _name, path in files), tell)
    with os.fdopen(handle, "wb") as out:
        packing = Packing(out, pace.more)
        for name, path in files:
            with suppress(FileNotFoundError), path.open("rb") as file:  # swept meanwhile
                packing.add(name, file, os.fstat(file.fileno()).st_size)
        told = manifest_of(packing.kept, kind, as_of)
        packing.add(NAME, BytesIO(told), len(told))
        packing.end()
        out.flush()
        os.fsync(out.fileno())
    pace.end()
