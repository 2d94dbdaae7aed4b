"""Small files that people carry between a station and a server."""

from __future__ import annotations

import os
from pathlib import Path

from reprise.adapters.storage.files import who_runs
from reprise.errors import InputError, StorageError
from reprise.i18n import _
from reprise.system_words import os_reason

_MOST_BYTES = 64 * 1024  # each of them has less than one KiB


def refuse_what_is_there(path: Path, option: str) -> None:
    """Raises InputError."""
    if os.path.lexists(path):
        raise InputError(
            _("“{path}” is there already, and is not replaced.").format(path=path),
            _("Give a new file to {option}.").format(option=option),
        )


def write_new(path: Path, data: bytes, option: str) -> None:
    """Raises InputError where there is one, StorageError."""
    refuse_what_is_there(path, option)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageError(
            _("“{path}” cannot be written: {reason}.").format(path=path, reason=os_reason(error)),
            who_runs(error, _("Give a new file to {option}.").format(option=option)),
        ) from error


def read_handed(path: Path, option: str) -> bytes:
    """Raises InputError."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise InputError(
            _("“{path}” cannot be read: {reason}.").format(path=path, reason=os_reason(error)),
            who_runs(error, _("Give an existing file to {option}.").format(option=option)),
        ) from error
    if len(data) > _MOST_BYTES:
        raise InputError(
            _("“{path}” is too large.").format(path=path),
            _("Give the file that the other side wrote."),
        )
    return data
