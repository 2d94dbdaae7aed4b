"""What the server keeps in files, beside its database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_CACHE = "CACHEDIR.TAG"  # of a folder whose files can be made again (bford.info/cachedir)


def files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """(name inside of `folder`, path) of each plain file, in the order of their names. Caches and
    what is being written are left out, and links are not followed. Raises OSError of a folder that
    cannot be read."""
    for here, folders, names in os.walk(folder, onerror=_refuse_unreadable):
        if _CACHE in names:
            folders.clear()
            continue
        folders.sort()
        for name in sorted(names):
            path = Path(here) / name
            if path.is_file() and not path.is_symlink() and not name.startswith("."):
                yield path.relative_to(folder).as_posix(), path


def _refuse_unreadable(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):  # none yet, or swept meanwhile
        raise error
