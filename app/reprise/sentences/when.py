"""When something was, on the station's own clock: the date stands there where it is not today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from reprise import wording
from reprise.i18n import _
from reprise.ports.sheets.station_tools import StationTools
from reprise.workflow.engine.port import StationStatus

Clock = Callable[[datetime | None], datetime]
"""A moment (None: now) in the station's zone."""


def station_clock(tools: StationTools, status: StationStatus) -> Clock:
    """In the zone that the systems of this station are given."""
    zone = "" if status.install is None else status.install.timezone
    return lambda when: tools.in_zone(when, zone)


def moment(iso: str, clock: Clock) -> str:
    """ "today at 17:05", "24 November 2026 at 17:05". What is no date comes back as it is."""
    here = _here(iso, clock)
    if here is None:
        return iso
    if here.date() == clock(None).date():
        return _("today at {time}").format(time=f"{here:%H:%M}")
    return wording.moment(here.isoformat())


def short_moment(iso: str, clock: Clock) -> str:
    """For columns: "17:05", "24/11/2026 17:05"."""
    here = _here(iso, clock)
    if here is None:
        return iso
    if here.date() == clock(None).date():
        return f"{here:%H:%M}"
    return wording.short_moment(here.isoformat())


def _here(iso: str, clock: Clock) -> datetime | None:
    """Without its zone: nobody at the bench asks for it."""
    when = wording.date_of(iso)
    if when is None:
        return None
    aware = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    return clock(aware).replace(tzinfo=None)
