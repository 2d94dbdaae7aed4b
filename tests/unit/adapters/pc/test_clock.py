"""How far the clock is believed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from reprise.adapters.pc import clock
from reprise.adapters.pc.clock import SystemClock, local_time, today
from reprise.domain.pc.triage import Today
from reprise.ports import ClockReading

pytestmark = pytest.mark.processes


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


class _Clock:
    def __init__(self, trusted: bool, note: str = "") -> None:
        self._trusted, self._note = trusted, note

    def read(self) -> ClockReading:
        return ClockReading(datetime(2027, 7, 1, 12, 30, tzinfo=UTC), 1.0)

    def trust(self) -> tuple[bool, str]:
        return self._trusted, self._note


def test_an_hour_is_told_only_by_a_clock_that_is_believed() -> None:
    summer = local_time(_Clock(True), "Europe/Paris")
    assert summer is not None and f"{summer:%H:%M}" == "14:30"
    assert local_time(_Clock(False), "Europe/Paris") is None
    for nowhere in ("Europe/Nowhere", "", "../etc/passwd"):
        assert local_time(_Clock(True), nowhere) is None


def test_an_impossible_day_is_not_taken_for_today() -> None:
    start = date(2026, 1, 1)
    assert today(_Clock(True)) == Today(date(2027, 7, 1), True, start)
    assert today(_Clock(False, "rtc")) == Today(date(2027, 7, 1), False, start)
    assert today(_Clock(False, "rtc-implausible")) == Today(start, False, start)
