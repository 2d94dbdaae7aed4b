"""Between the processes of one host: who asks for a job wakes the one that does it. Of jobs that
were asked for on another host it hears by looking now and then."""

from __future__ import annotations

import os
import select
from contextlib import suppress

_LOOK_S = 5.0
_MOST = 4096  # rings that are heard as one
_ends: list[int] = []


def hang() -> None:
    """By the process that begins all others, once. It is theirs, too."""
    if not _ends:
        _ends.extend(os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC))


def ring() -> None:
    """Where none hangs nobody hears it."""
    with suppress(BlockingIOError):  # it rings already
        if _ends:
            os.write(_ends[1], b"r")


def wait() -> None:
    """Until it rings, or for a moment."""
    if select.select(_ends[:1], [], [], _LOOK_S)[0]:
        with suppress(BlockingIOError):
            os.read(_ends[0], _MOST)
