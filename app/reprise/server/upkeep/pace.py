"""How far a long work is, told four times a second at most."""

from __future__ import annotations

import time
from collections.abc import Callable

from reprise.domain.erasure.progress import Progress

Tell = Callable[[Progress], None]  # it may raise StoppedError, which ends the work
_EVERY_S = 0.25


class Pace:
    """One phase of `total_bytes` (0: unknown). The rate is that of all of it so far: such work goes
    evenly."""

    def __init__(self, phase: str, total_bytes: int, tell: Tell) -> None:
        self._phase, self._total, self._tell = phase, total_bytes, tell
        self._began = self._told_at = time.monotonic()
        self._done = 0
        self.at(0, last=True)

    def more(self, count_bytes: int) -> None:
        self.at(self._done + count_bytes)

    def at(self, done_bytes: int, *, last: bool = False) -> None:
        self._done = done_bytes
        now = time.monotonic()
        if now - self._told_at < _EVERY_S and not last:
            return
        self._told_at = now
        rate = done_bytes / max(now - self._began, 0.001)
        more = self._total - done_bytes
        left = more / rate if rate >= 1 and more > 0 else None
        self._tell(Progress("", self._phase, done_bytes, self._total, rate, left))

    def end(self) -> None:
        self.at(self._total or self._done, last=True)
