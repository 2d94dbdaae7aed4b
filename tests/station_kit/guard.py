"""A unit test starts no process and opens no device of this machine: neither by mistake."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_STARTS = frozenset(
    {"subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"}
)
# What any program may open; all else in /dev is a part of this machine.
_HARMLESS = frozenset(
    [
        *("fd", "full", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout"),
        *("tty", "urandom", "zero"),
    ]
)


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
        if event in _STARTS and not self.processes:
            raise ForbiddenError(f"a unit test starts a process: {event} {args[:1]}")
        if event == "open" and isinstance(args[0], str | bytes):
            path = os.path.normpath(os.fsdecode(args[0]))
            if path.startswith("/dev/") and path.split("/")[2] not in _HARMLESS:
                raise ForbiddenError(f"a unit test opens a device: {path}")


_guard = _Guard()


@contextmanager
def guarded(*, processes: bool) -> Iterator[None]:
    """`processes`: whether some may be started."""
    before = _guard.on, _guard.processes
    _guard.on, _guard.processes = True, processes
    try:
        yield
    finally:
        _guard.on, _guard.processes = before
