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
