"""Whether the stick is mounted, still plugged in and writable."""

from __future__ import annotations

import os
from pathlib import Path

_MOUNTINFO = Path("/proc/self/mountinfo")


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


def file_system_of(path: Path) -> str:
    """The kernel's name of the file system that `path` lies on; "" where it is not known."""
    number = path.stat().st_dev
    wanted = f"{os.major(number)}:{os.minor(number)}"
    for line in _MOUNTINFO.read_text("utf-8", "surrogateescape").splitlines():
        words, _dash, kind = line.partition(" - ")
        if words.split()[2] == wanted:
            return kind.split()[0]
    return ""


def mounted_at(node: Path) -> Path | None:
    """Where a block device is mounted, None where it is not (a device that is not there either)."""
    try:
        number = node.stat().st_rdev
    except OSError:
        return None
    wanted = f"{os.major(number)}:{os.minor(number)}"
    for line in _MOUNTINFO.read_text("utf-8", "surrogateescape").splitlines():
        words = line.split()
        if words[2] == wanted and words[3] == "/":
            return Path(_unescaped(words[4]))
    return None


def _unescaped(word: str) -> str:
    """proc_pid_mountinfo(5): space, tab, newline and backslash are octal."""
    for code, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        word = word.replace(code, char)
    return word
