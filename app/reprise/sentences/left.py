"""How long a PC still takes, honestly: the slowest drive counts, and one that cannot say yet makes
the whole unknown."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from reprise import wording
from reprise.domain.lifecycle import FINAL
from reprise.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from reprise.workflow.desk.port import Desk


def pc_left(desk: Desk | None, local_time: Callable[[str], datetime | None]) -> str:
    """A sentence for the work under way; with the hour where the clock is to be believed.
    `local_time`: the wall time in a zone, None where it is not."""
    if desk is None:
        return _("One moment…")
    if not _running(desk):
        return _("The erasure has ended. One moment…")
    left_s = pc_left_s(desk)
    if left_s is None:
        return _("Time left for this PC: being measured…")
    install = desk.board.install
    now = None if install is None else local_time(install.timezone)
    return _time_left(left_s, now)


def pc_left_s(desk: Desk | None) -> float | None:
    """Of the slowest that is under way; None where one of them cannot say, or none is."""
    ticks = [] if desk is None else [desk.progress.get(key) for key in _running(desk)]
    known = [t.left_s for t in ticks if t is not None and t.left_s is not None]
    return max(known) if known and len(known) == len(ticks) else None


def figures(left_s: float) -> str:
    """To be read from the door: "1h47", "24 min"; rounded up, so never nothing while there is."""
    hours, minutes = divmod(max(ceil(left_s / 60), 1), 60)
    if hours:
        return _("{hours}h{minutes}").format(hours=hours, minutes=f"{minutes:02d}")
    return _("{minutes} min").format(minutes=minutes)


def _running(desk: Desk) -> list[str]:
    """The drives that are worked on: those that are erased, and the one that is installed on."""
    found = [view.key for view in desk.state.working if view.state not in FINAL]
    install = desk.state.install
    if install is not None and install.ok is None:
        tick = desk.progress.get(install.drive)
        found += [install.drive] if tick is not None and tick.phase == "install" else []
    return found


def _time_left(left_s: float, now: datetime | None) -> str:
    left = wording.duration(left_s)
    if now is None:
        return _("Time left for this PC: {time}").format(time=left)
    end = wording.hour(now + timedelta(seconds=left_s), now)
    return _("Time left for this PC: {time}, until about {hour}").format(time=left, hour=end)
