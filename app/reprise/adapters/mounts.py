"""Whether the stick is mounted, still plugged in and writable."""

from __future__ import annotations

import os
from pathlib import Path


def readable_stick(root: Path) -> Path | None:
    """`root` where a medium is mounted on it that is still there, else None.

    A pulled stick leaves its mount behind: the kernel's list of block devices tells.
    """
    try:
        here, above = root.stat(), root.parent.stat()
    except OSError:
        return None
    if here.st_dev == above.st_dev:
        return None
    number = f"{os.major(here.st_dev)}:{os.minor(here.st_dev)}"
    return root if Path("/sys/dev/block", number).exists() else None


def mounted_stick(root: Path) -> Path | None:
    """The same, where it can be written, too."""
    if readable_stick(root) is None:
        return None
    try:
        return None if os.statvfs(root).f_flag & os.ST_RDONLY else root
    except OSError:
        return None
