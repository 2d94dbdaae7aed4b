"""A unit test starts no process and opens no device of this machine: neither by mistake."""

from __future__ import annotations

import _posixsubprocess
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from os import readlink, stat  # here, as a test may replace them in `os`
from os.path import dirname, islink, join, normpath, realpath
from stat import S_ISBLK, S_ISCHR
from typing import Any
from urllib.parse import unquote, urlsplit

_STARTS = frozenset(
    {"subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"}
)
_OPENS = frozenset({"open", "os.truncate", "sqlite3.connect"})
# What any program may open; all else in /dev is a part of this machine.
_HARMLESS = frozenset(
    [
        *("fd", "full", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout"),
        *("tty", "urandom", "zero"),
    ]
)
_DEV = stat("/dev").st_dev


class ForbiddenError(AssertionError):
    """The test belongs to another suite, or must say what it does (`pytest.mark.processes`)."""


class _Guard:
    """An audit hook cannot be taken away again: it is there once, and asks whether it is on."""

    def __init__(self) -> None:
        self.on = self.processes = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[object, ...]) -> None:
        if not self.on:
            return
        if event in _STARTS:
            self.starting(f"{event} {args[:1]}")
        elif event in _OPENS and isinstance(args[0], str | bytes | os.PathLike):
            self.opening(_path(os.fsdecode(args[0])))

    def starting(self, what: str) -> None:
        if self.on and not self.processes:
            raise ForbiddenError(f"a unit test starts a process: {what}")

    def opening(self, path: str) -> None:
        if self.on and (device := _device(path)):
            raise ForbiddenError(f"a unit test opens a device: {device}")


def _path(name: str) -> str:
    """SQLite takes an address, too."""
    return unquote(urlsplit(name).path) if name.startswith("file:") else name


def _device(path: str) -> str:
    """The part of this machine that opens there, by whatever way `path` leads to it; or ""."""
    if not _may_be_opened(named := normpath(path)):
        return named
    try:
        mode = stat(path).st_mode  # one microsecond; resolving each path would cost forty
    except (OSError, ValueError):
        node = False
        if not _may_be_made_in_dev(path):
            return ""
    else:
        node = S_ISBLK(mode) or S_ISCHR(mode)
        if not node:
            return ""
    real = realpath(path)
    return "" if _may_be_opened(real, node=node) else real


def _may_be_made_in_dev(path: str) -> bool:
    """Of a path where nothing is yet: whether it is a link, or of the file system of /dev."""
    try:
        return islink(path) or stat(dirname(path) or ".").st_dev == _DEV
    except (OSError, ValueError):
        return False


def _may_be_opened(path: str, *, node: bool = False) -> bool:
    return path.split("/")[2] in _HARMLESS if path.startswith("/dev/") else not node


_guard = _Guard()


def _heard_open(plain: Callable[..., int]) -> Callable[..., int]:
    """The audit event of os.open does not tell of which folder its path is."""

    @wraps(plain)
    def opened(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if _guard.on and dir_fd is not None:
            folder = readlink(f"/proc/self/fd/{dir_fd}")
            _guard.opening(join(folder, os.fsdecode(path)))
        return plain(path, flags, mode, dir_fd=dir_fd)

    return opened


def _heard_start(plain: Callable[..., int]) -> Callable[..., int]:
    """multiprocessing starts a fresh interpreter by this, and no audit event tells of it."""

    @wraps(plain)
    def started(*args: Any) -> int:
        _guard.starting(f"fork_exec {args[:1]}")
        return plain(*args)

    return started


os.open = _heard_open(os.open)
os.supports_dir_fd.add(os.open)
_posixsubprocess.fork_exec = _heard_start(_posixsubprocess.fork_exec)


@contextmanager
def guarded(*, processes: bool) -> Iterator[None]:
    """`processes`: whether some may be started."""
    before = _guard.on, _guard.processes
    _guard.on, _guard.processes = True, processes
    try:
        yield
    finally:
        _guard.on, _guard.processes = before
