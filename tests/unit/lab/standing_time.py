"""The time of an emulated NVMe drive, standing still until a test lets it go on."""

from __future__ import annotations

import time


class StandingTime:
    """In the place of the module `time`: a drive's work ends when the test says so, however slow
    the machine is meanwhile."""

    sleep = staticmethod(time.sleep)

    def __init__(self) -> None:
        self._stands_at: float | None = time.monotonic()
        self._behind_s = 0.0

    def monotonic(self) -> float:
        if self._stands_at is not None:
            return self._stands_at
        return time.monotonic() - self._behind_s

    def move(self, seconds: float) -> None:
        assert self._stands_at is not None
        self._stands_at += seconds

    def go_on(self) -> None:
        assert self._stands_at is not None
        self._behind_s = time.monotonic() - self._stands_at
        self._stands_at = None
