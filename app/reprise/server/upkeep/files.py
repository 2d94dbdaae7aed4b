"""New files that are whole once they have their name, and that the server's user owns."""

from __future__ import annotations

import os
from pathlib import Path

from reprise.errors import InputError
from reprise.i18n import _


def sync(path: Path) -> None:
    """Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def refuse_what_is_there(target: Path) -> None:
    """Raises InputError."""
    if os.path.lexists(target):
        raise InputError(
            _("“{path}” is there already, and is not replaced.").format(path=target),
            _("Give another name."),
        )


def give_its_name(made: Path, target: Path) -> None:
    """Never over another file, which may have come since. Raises InputError, OSError."""
    try:
        os.link(made, target)
    except OSError:  # it is there, or a file system without links
        refuse_what_is_there(target)
        made.rename(target)


def own_as_its_folder(path: Path, folder: Path | None = None) -> None:
    """Root restores for a server that is not root: all of `path` belongs to whom the folder belongs
    to that it comes into (`folder`; None: the one it lies in). Raises OSError."""
    if os.geteuid() != 0:
        return
    whose = (folder or path.parent).stat()
    for one in (path, *path.rglob("*")):
        os.chown(one, whose.st_uid, whose.st_gid, follow_symlinks=False)
