"""The demonstration's time: hours of erasing in minutes."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from reprise.ports import Clock, ClockReading

_TICK_REAL_S = 0.1


class PlayedTime(Protocol):
    """What played drives need of time, in seconds of the demonstration."""

    @property
    def tick_s(self) -> float:
        """How long a drive works between two looks at it."""
        ...

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class PlayedClock(PlayedTime, Clock, Protocol):
    """The same time for drives and for what is written about them."""


class FastClock:
    """A PlayedClock: `speed` seconds pass in one. Rates, durations and times left are
    those of the machine that is played, whatever the speed."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._began, self._date = time.monotonic(), datetime.now(UTC)

    @property
    def tick_s(self) -> float:
        return _TICK_REAL_S * self._speed

    def monotonic(self) -> float:
        return (time.monotonic() - self._began) * self._speed

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self._speed)

    def read(self) -> ClockReading:
        passed_s = self.monotonic()
        return ClockReading(self._date + timedelta(seconds=passed_s), passed_s)

    def trust(self) -> tuple[bool, str]:
        return False, "rtc"


class SkippingClock:
    """A PlayedClock that waits for nothing: whoever sleeps has slept. One thread's time at once.
    `tick_s`: see PlayedTime."""

    def __init__(self, began: datetime, tick_s: float) -> None:
        self.tick_s = tick_s
        self._began, self._passed_s = began, 0.0

    def monotonic(self) -> float:
        return self._passed_s

    def sleep(self, seconds: float) -> None:
        self._passed_s += seconds

    def read(self) -> ClockReading:
        return ClockReading(self._began + timedelta(seconds=self._passed_s), self._passed_s)

    def trust(self) -> tuple[bool, str]:
        return True, "ntp"
