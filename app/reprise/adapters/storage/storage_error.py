"""What a file system refused, in words, and who must act."""

from __future__ import annotations

import errno
from pathlib import Path

from reprise.errors import StorageError
from reprise.i18n import _
from reprise.system_words import os_reason, who_may


def storage_error(error: OSError, path: Path | str) -> StorageError:
    """Of writing."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            _("no room left in “{path}”.").format(path=path),
            _("Free some space there or choose another place."),
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return StorageError(
            _("“{path}” is write-protected.").format(path=path),
            _("Choose a place that can be written."),
        )
    return StorageError(
        _("“{path}” cannot be used: {reason}.").format(path=path, reason=os_reason(error))
    )


def reading_error(error: OSError, path: Path | str) -> StorageError:
    return StorageError(
        _("“{path}” cannot be read: {reason}.").format(path=path, reason=os_reason(error)),
        who_may(error),
    )
