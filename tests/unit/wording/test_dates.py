"""Dates that a stranger wrote: each is worded or stands as it is, whatever the zone."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest

from reprise import wording
from reprise.adapters.pc.clock import in_zone
from reprise.ports import ClockReading
from reprise.sentences import when

# Each lies outside of the calendar in some zone.
EDGES = (
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-14:00",
    "9999-12-31T23:59:59",
    "0001-01-01",
)
ZONES = ("Europe/Paris", "America/New_York", "Pacific/Kiritimati", "Europe/Nowhere")


class At:
    """A Clock at one moment."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def read(self) -> ClockReading:
        return ClockReading(self._now, 1.0)

    def trust(self) -> tuple[bool, str]:
        return False, "rtc-implausible"


@pytest.mark.parametrize("iso", EDGES)
def test_a_date_at_the_calendars_edge_stands_as_it_is(iso: str) -> None:
    assert wording.moment(iso) == iso
    assert wording.short_moment(iso) == iso
    for zone in ZONES:
        clock = At(datetime(2026, 11, 28, tzinfo=UTC))
        zoned = partial(in_zone, clock, zone=zone)
        assert when.moment(iso, zoned) == iso
        assert when.short_moment(iso, zoned) == iso


@pytest.mark.parametrize("year", [1, 9999])
@pytest.mark.parametrize("zone", ZONES)
def test_a_pc_whose_clock_is_at_the_edge_still_tells_some_hour(year: int, zone: str) -> None:
    now = datetime.min if year == 1 else datetime.max
    clock = At(now.replace(tzinfo=UTC))
    assert in_zone(clock, None, zone).year == year


def test_what_is_within_is_worded() -> None:
    assert "1970" in wording.moment("1970-01-01")
    assert "9000" in wording.short_moment("9000-01-01T00:00:00Z")
