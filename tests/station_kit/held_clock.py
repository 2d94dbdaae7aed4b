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
    the limit waits there; what comes before and after the erase has one of its own. No drive goes
    on before all have begun: one that ends at once would leave its thread, and its time, to the
    next."""

    def __init__(self, tick_s: float = 20.0) -> None:
        self._tick_s = tick_s
        self._local = threading.local()
        self._moved = threading.Condition()
        self._erase_s = self._other_s = inf
        self._erasing: set[int] = set()
        self._together = 0
        self._waiting: dict[int, float] = {}  # thread -> the time that it wants to go on at

    @property
    def tick_s(self) -> float:
        return self._tick_s

    def monotonic(self) -> float:
        now_s: float = getattr(self._local, "now_s", 0.0)
        return now_s

    @property
    def held(self) -> int:
        """How many threads wait at the limit that is in force now."""
        with self._moved:
            return sum(at > self._limit_s(thread) for thread, at in self._waiting.items())

    def sleep(self, seconds: float) -> None:
        me = threading.get_ident()
        if threading.current_thread().name.startswith("erase"):  # see workflow.erasure.sanitize
            self._erasing.add(me)
        else:
            self._erasing.discard(me)  # numbers are used again
        wanted = self._local.now_s = self.monotonic() + seconds
        with self._moved:
            self._waiting[me] = wanted
            if self._together and len(self._erasing) >= self._together:
                self._together = 0  # all have begun
                self._moved.notify_all()
            while wanted > self._limit_s(me):
                self._moved.wait()
            del self._waiting[me]

    def begin_together(self, drives: int) -> None:
        """So many are erased side by side from here on; each must sleep once."""
        with self._moved:
            self._erasing.clear()
            self._together = drives

    def _limit_s(self, thread: int) -> float:
        if thread not in self._erasing:
            return self._other_s
        return 0.0 if self._together else self._erase_s

    def hold(self, erase_s: float, other_s: float = inf) -> None:
        with self._moved:
            self._erase_s, self._other_s = erase_s, other_s
            self._moved.notify_all()

    def let_go(self) -> None:
        self.begin_together(0)
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
