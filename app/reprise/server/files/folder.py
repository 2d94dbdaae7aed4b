"""A store of files in a folder that nobody else of this machine reads."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reprise.adapters.storage.files import TEMPORARY, sync_folder, write_durably
from reprise.codec import sha256_hex
from reprise.i18n import _
from reprise.server.files.store import (
    HEX,
    Kept,
    NoFileError,
    StoreError,
    checked,
    is_name,
    place_of,
)
from reprise.system_words import os_reason

_PLACE = 2  # digits: see place_of
_FORGOTTEN = timedelta(days=1)
_FOLDER, _FILE = 0o700, 0o600
_TRIED_BYTES = 64 * 1024  # about those of a certificate
# https://bford.info/cachedir/: programs that make backups leave such a folder out
_TAG = "CACHEDIR.TAG"
_TAG_TEXT = b"Signature: 8a477f597d28d172789f06886806bc55\n# Reprise makes these files again.\n"


class FolderStore:
    """As store.FileStore says. `caches`: areas whose files can be made again."""

    def __init__(self, root: Path, caches: frozenset[str]) -> None:
        self.shown = str(root)
        self._root, self._caches = root, caches

    def put(self, area: str, data: bytes) -> str:
        name = sha256_hex(data)
        path = self._root / place_of(area, name)
        with self._told():
            make_folder(path.parent)
            tag = self._root / area / _TAG
            if area in self._caches and not tag.exists():
                write_durably(tag, _TAG_TEXT, _FILE)
            write_durably(path, data, _FILE)
        return name

    def get(self, area: str, name: str) -> bytes:
        with self._told():
            try:
                data = (self._root / place_of(area, name)).read_bytes()
            except FileNotFoundError as error:
                raise NoFileError(name) from error
        return checked(data, name)

    def delete(self, area: str, name: str) -> None:
        with self._told():
            (self._root / place_of(area, name)).unlink(missing_ok=True)

    def try_to_write(self, area: str) -> None:
        with self._told():
            try_to_write(self._root / area)

    def list(self, area: str) -> Iterator[Kept]:
        """And what was begun to be written a day ago, and never ended, is taken away."""
        with self._told():
            for path in (self._root / area).glob("*/*"):
                with suppress(FileNotFoundError):
                    found = path.lstat()
                    modified_at = datetime.fromtimestamp(found.st_mtime, UTC)
                    if is_name(path.name) and stat.S_ISREG(found.st_mode):
                        yield Kept(path.name, modified_at)
                    elif path.name.startswith(TEMPORARY) and _is_forgotten(modified_at):
                        path.unlink()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(
                _("The folder {folder} cannot be used: {reason}.").format(
                    folder=self.shown, reason=os_reason(error)
                ),
                _("Check that it may be written and has room; “data” in server.toml names it."),
            ) from error


def try_to_write(folder: Path) -> None:
    """Whether a file could be kept in `folder`, of an area, now: it need not be there yet. Some KiB
    reach the disk, and nothing is left. Raises OSError."""
    there = next(one for one in (folder, *folder.parents) if os.path.lexists(one))
    with tempfile.TemporaryFile(dir=there) as file:
        file.write(os.urandom(_TRIED_BYTES))  # of zeros some disks keep nothing
        file.flush()
        os.fsync(file.fileno())
    if there == folder:
        _look_at_places(folder)


def _look_at_places(folder: Path) -> None:
    """Of the folders of an area any may be of another user, as after a copy. Raises OSError."""
    with os.scandir(folder) as every:
        for one in every:
            if len(one.name) == _PLACE and set(one.name) <= HEX:
                if not one.is_dir():
                    raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), one.path)
                if not os.access(one.path, os.W_OK | os.X_OK):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), one.path)


def make_folder(folder: Path) -> None:
    """With those above it, each on the disk. Raises OSError."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with suppress(FileExistsError):  # another process was quicker
        folder.mkdir(mode=_FOLDER)
    sync_folder(folder.parent)


def _is_forgotten(moment: datetime) -> bool:
    return datetime.now(UTC) - moment > _FORGOTTEN
