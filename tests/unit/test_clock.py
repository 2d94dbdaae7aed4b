"""How far the clock is believed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reprise.adapters import clock
from reprise.adapters.clock import SystemClock
from reprise.ports import ClockReading


def test_readings_go_forward_and_are_utc() -> None:
    first, second = SystemClock().read(), SystemClock().read()
    assert second.monotonic_s >= first.monotonic_s > 0
    assert first.now.utcoffset() is not None
    assert abs((first.now - datetime.now(UTC)).total_seconds()) < 5


@pytest.mark.parametrize(
    ("year", "kernel", "trust"),
    [
        (2027, True, (True, "ntp")),
        (2027, False, (False, "rtc")),
        (2027, None, (False, "unknown")),
        (2000, True, (False, "rtc-implausible")),
        (2150, True, (False, "rtc-implausible")),
    ],
)
def test_trust(
    monkeypatch: pytest.MonkeyPatch, year: int, kernel: bool | None, trust: tuple[bool, str]
) -> None:
    reading = ClockReading(datetime(year, 5, 1, tzinfo=UTC), 1.0)
    monkeypatch.setattr(SystemClock, "read", lambda _self: reading)
    monkeypatch.setattr(clock, "_kernel_synchronised", lambda: kernel)
    assert SystemClock().trust() == trust


def test_the_kernel_answers() -> None:
    assert clock._kernel_synchronised() in (True, False)
