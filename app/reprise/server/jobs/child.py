"""Work in a process of its own, which can be ended whatever it does: it has no database, and what
it made comes through a pipe."""

from __future__ import annotations

import logging
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

log = logging.getLogger("reprise.server")
_MOST_MEMORY = 1 << 30  # bytes of address space beyond what this process has
_MOST_RESULT = 64 << 20  # bytes
_READ = 1 << 16
_LENGTH = 8  # bytes that say how many follow
_TICK_S = 5.0


class ChildError(Exception):
    """It made nothing. Its own words are in the log."""


class LateError(ChildError):
    """It was ended, as it took too long."""


def made_in_child(make: Callable[[], bytes], seconds: float, tick: Callable[[], None]) -> bytes:
    """What `make` returns, in at most so many seconds. `tick` is called every few seconds
    meanwhile, in this process. Whatever it raises, and whatever signal ends this, ends the child.

    Raises ChildError.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _live(make, writing)
    os.close(writing)
    try:
        told = _read_all(reading, seconds, tick)
    finally:
        os.close(reading)
        os.kill(pid, signal.SIGKILL)  # nobody has waited for it yet: it is no other's number
        os.waitpid(pid, 0)
    length, made = told[:_LENGTH], told[_LENGTH:]
    if len(length) < _LENGTH or int.from_bytes(length) != len(made):  # it ended in the middle
        raise ChildError("it made nothing whole")
    return made


def _live(make: Callable[[], bytes], writing: int) -> NoReturn:
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        _limit_memory()
        made = make()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(len(made).to_bytes(_LENGTH) + made)
        code = 0
    except BaseException:
        log.exception("a job failed in its process")
    finally:
        os._exit(code)


def _limit_memory() -> None:
    has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (has + _MOST_MEMORY, has + _MOST_MEMORY))


def _read_all(reading: int, seconds: float, tick: Callable[[], None]) -> bytes:
    """Raises ChildError."""
    now = time.monotonic()
    until, next_tick = now + seconds, now + _TICK_S
    made = bytearray()
    while (now := time.monotonic()) < until:
        if now >= next_tick:
            tick()
            next_tick = time.monotonic() + _TICK_S
        if select.select([reading], [], [], max(0.0, min(until, next_tick) - now))[0]:
            piece = os.read(reading, _READ)
            if not piece:
                return bytes(made)
            made += piece
        if len(made) > _MOST_RESULT:
            raise ChildError("it made too much")
    raise LateError(f"it took more than {seconds:.0f} s")
