"""A clock that stands still where a test wants to look."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from math import inf

from reprise.ports import ClockReading

_DATE = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)


class HeldClock:
    """A PlayedClock. Each thread has a time of its own, which only its own sleeping moves: what a
    drive has done by then is the same in every run, whatever else runs beside it. Whoever comes to
    `limit_s` waits there."""

    def __init__(self, tick_s: float = 60.0) -> None:
        self._tick_s = tick_s
        self._local = threading.local()
        self._moved = threading.Condition()
        self._limit_s = inf
        self.held = 0  # threads that wait at the limit

    @property
    def tick_s(self) -> float:
        return self._tick_s

    def monotonic(self) -> float:
        now_s: float = getattr(self._local, "now_s", 0.0)
        return now_s

    def sleep(self, seconds: float) -> None:
        self._local.now_s = self.monotonic() + seconds
        with self._moved:
            while self._local.now_s > self._limit_s:
                self.held += 1
                self._moved.wait()
                self.held -= 1

    def hold(self, limit_s: float) -> None:
        with self._moved:
            self._limit_s = limit_s
            self._moved.notify_all()

    def let_go(self) -> None:
        self.hold(inf)

    @contextmanager
    def let_go_at_the_end(self) -> Iterator[None]:
        try:
            yield
        finally:
            self.let_go()

    def read(self) -> ClockReading:
        return ClockReading(_DATE + timedelta(seconds=self.monotonic()), self.monotonic())

    def trust(self) -> tuple[bool, str]:
        return False, "rtc"
