"""The PC's clocks, and how far the wall clock may be believed."""

from __future__ import annotations

import ctypes
import ctypes.util
import time
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reprise.domain.pc.triage import Today
from reprise.ports import Clock, ClockReading

# adjtimex(2): STA_UNSYNC, the kernel's own word that nothing disciplines the clock.
_STA_UNSYNC = 0x0040
_TIME_ERROR = 5
# No Reprise existed before: an RTC that says earlier has lost its battery.
_EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
_LATEST_YEAR = 2100


class _Timex(ctypes.Structure):
    """struct timex of <sys/timex.h>: `modes`, four longs, then `status`; the rest is room."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("room", ctypes.c_char * 256),
    )


class SystemClock:
    """ports.Clock. `monotonic_s` counts from boot and goes on in suspend (CLOCK_BOOTTIME)."""

    def read(self) -> ClockReading:
        return ClockReading(datetime.now(UTC), time.clock_gettime(time.CLOCK_BOOTTIME))

    def trust(self) -> tuple[bool, str]:
        """(True, "ntp") where the kernel's clock is disciplined; else False with "rtc" (plausible
        but unchecked), "rtc-implausible" (before this software or after 2100) or "unknown"."""
        now = self.read().now
        if now < _EARLIEST or now.year >= _LATEST_YEAR:
            return False, "rtc-implausible"
        synchronised = _kernel_synchronised()
        if synchronised is None:
            return False, "unknown"
        return (True, "ntp") if synchronised else (False, "rtc")


def today(clock: Clock) -> Today:
    """The day for what is counted in years. An impossible one is no later than this software."""
    trusted, note = clock.trust()
    now = _EARLIEST if note == "rtc-implausible" else clock.read().now
    return Today(now.date(), trusted, _EARLIEST.date())


def local_time(clock: Clock, zone: str) -> datetime | None:
    """The wall time in `zone` (an IANA name), for people; None where the clock is not to be
    believed or this system does not know the zone."""
    trusted, _note = clock.trust()
    if not trusted:
        return None
    try:
        return clock.read().now.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return None


def in_zone(clock: Clock, when: datetime | None, zone: str) -> datetime:
    """`when` (None: now, however far the clock is to be believed) in `zone` (an IANA name); in UTC
    where this system does not know the zone; as it is where the calendar ends before that."""
    moment = clock.read().now if when is None else when
    try:
        there: tzinfo = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        there = UTC
    try:
        return moment.astimezone(there)
    except OverflowError:
        return moment


def _kernel_synchronised() -> bool | None:
    """None where the kernel cannot be asked."""
    name = ctypes.util.find_library("c") or "libc.so.6"
    try:
        adjtimex = ctypes.CDLL(name, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return None
    timex = _Timex()
    state = adjtimex(ctypes.byref(timex))  # modes 0: read only
    if state < 0:
        return None
    return state != _TIME_ERROR and not timex.status & _STA_UNSYNC
