"""Rates and time left, at most four times a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from reprise.domain.erasure.progress import Progress

_EVERY_S = 0.25
_MEMORY_S = 10.0  # the rate shown is that of about the last ten seconds


class Meter:
    """Progress of one phase of one attempt.

    `after_bytes`: what follows in the same attempt (the read-back), assumed to go as fast as this
    phase, so that the time left is honest from the start.
    """

    def __init__(
        self,
        drive: str,
        phase: str,
        total_bytes: int,
        *,
        done_bytes: int = 0,
        after_bytes: int = 0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._drive, self._phase = drive, phase
        self._total, self._after = total_bytes, after_bytes
        self._done = done_bytes
        self._now = now
        self._started = now()
        self._shown_at = self._started
        self._shown_done = done_bytes
        self._rate = 0.0

    @property
    def elapsed_s(self) -> float:
        return self._now() - self._started

    def at(self, done_bytes: int, *, last: bool = False) -> Iterator[Progress]:
        """Zero or one Progress. `last`: in any case."""
        self._done = done_bytes
        now = self._now()
        passed = now - self._shown_at
        if passed < _EVERY_S and not last:
            return
        if passed > 0:
            fresh = (done_bytes - self._shown_done) / passed
            weight = min(1.0, passed / min(_MEMORY_S, max(now - self._started, passed)))
            self._rate += (fresh - self._rate) * weight
        self._shown_at, self._shown_done = now, done_bytes
        yield Progress(
            drive=self._drive,
            phase=self._phase,
            done_bytes=done_bytes,
            total_bytes=self._total,
            rate_bytes_s=self._rate,
            left_s=self._left_s(),
        )

    def same(self) -> Iterator[Progress]:
        """Nothing moved: the drive is slow or hangs; the rate falls."""
        yield from self.at(self._done)

    def _left_s(self) -> float | None:
        if self._rate < 1:
            return None
        return (self._total - self._done + self._after) / self._rate
