"""Puts a few files onto the stick as one folder: whole, or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from reprise.adapters.storage.files import locked, sync_folder, write_durably
from reprise.adapters.storage.storage_error import storage_error
from reprise.errors import RefusedError, StorageError
from reprise.i18n import _

FOLDER = "logs"
_UNFINISHED = ".tmp-"
_RESERVE_BYTES = 16 << 20  # of the stick, for reports: a log must not keep one from being stored


class LogFolder:
    """`root`: the stick's, None where there is none that can be written. The folders are called by
    the PC's clock, whatever it says."""

    def __init__(
        self,
        root: Callable[[], Path | None],
        now: Callable[[], datetime],
        reserve_bytes: int = _RESERVE_BYTES,
    ) -> None:
        self._root, self._now, self._reserve_bytes = root, now, reserve_bytes

    def check(self) -> Path:
        """The stick's root. Raises StorageError where there is none."""
        root = self._root()
        if root is None:
            raise StorageError(
                _("There is no Reprise stick here to write to."),
                _("Plug one in, wait until this station says so, and try again."),
            )
        return root

    def put(self, files: Mapping[str, bytes]) -> str:
        """The new folder's path on the stick. Raises StorageError, and leaves nothing behind."""
        root = self.check()
        try:
            self._room_for(root, sum(len(data) for data in files.values()))
            with _alone(root / FOLDER) as folder:
                name = self._put(folder, files)
        except OSError as error:
            raise storage_error(error, root) from error
        if self._root() != root:
            raise StorageError(
                _("The stick was pulled while it was written."), _("Plug it in and try again.")
            )
        return f"{FOLDER}/{name}"

    def _room_for(self, root: Path, size_bytes: int) -> None:
        free = os.statvfs(root)
        if free.f_bavail * free.f_frsize < size_bytes + self._reserve_bytes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _put(self, folder: Path, files: Mapping[str, bytes]) -> str:
        for left in folder.glob(f"{_UNFINISHED}*"):  # by a power cut: nobody else is here
            shutil.rmtree(left, ignore_errors=True)
        unfinished = folder / f"{_UNFINISHED}{secrets.token_hex(6)}"
        try:
            for name, data in files.items():
                write_durably(unfinished / name, data)
            final = self._name(folder)
            unfinished.rename(final)
            sync_folder(folder)
        except OSError:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        return final.name

    def _name(self, folder: Path) -> Path:
        dated = f"{self._now():%Y-%m-%d-%H%M%SZ}"
        free, number = folder / dated, 1
        while free.exists():
            number += 1
            free = folder / f"{dated}-{number}"
        return free


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """Raises RefusedError where another screen is just copying."""
    folder.mkdir(exist_ok=True)
    with locked(folder, RefusedError(_("The logs are being copied already."))):
        yield folder
