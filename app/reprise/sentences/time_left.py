"""How long a PC still takes, honestly: the slowest drive counts, and one that cannot say yet makes
the whole unknown."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from reprise import wording
from reprise.domain.erasure.lifecycle import FINAL
from reprise.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from reprise.workflow.engine.port import EngineClient


def pc_left(engine: EngineClient | None, local_time: Callable[[str], datetime | None]) -> str:
    """A sentence for the work under way; with the hour where the clock is to be believed.
    `local_time`: the wall time in a zone, None where it is not."""
    if engine is None:
        return _("One moment…")
    if not _running(engine):
        return _("The erasure has ended. One moment…")
    left_s = pc_left_s(engine)
    if left_s is None:
        return _("Time left for this PC: being measured…")
    install = engine.status.install
    now = None if install is None else local_time(install.timezone)
    return _time_left(left_s, now)


def pc_left_s(engine: EngineClient | None) -> float | None:
    """Of the slowest that is under way; None where one of them cannot say, or none is."""
    ticks = [] if engine is None else [engine.progress.get(key) for key in _running(engine)]
    known = [t.left_s for t in ticks if t is not None and t.left_s is not None]
    return max(known) if known and len(known) == len(ticks) else None


def figures(left_s: float) -> str:
    """To be read from the door: "1h47", "24 min"; rounded up, so never nothing while there is."""
    hours, minutes = divmod(max(ceil(left_s / 60), 1), 60)
    if hours:
        return _("{hours}h{minutes}").format(hours=hours, minutes=f"{minutes:02d}")
    return _("{minutes} min").format(minutes=minutes)


def _running(engine: EngineClient) -> list[str]:
    """The drives that are worked on: those that are erased, and the one that is installed on."""
    keys = [view.key for view in engine.state.working if view.state not in FINAL]
    install = engine.state.install
    if install is not None and install.ok is None:
        tick = engine.progress.get(install.drive)
        keys += [install.drive] if tick is not None and tick.phase == "install" else []
    return keys


def _time_left(left_s: float, now: datetime | None) -> str:
    left = wording.duration(left_s)
    if now is None:
        return _("Time left for this PC: {time}").format(time=left)
    end = wording.hour(now + timedelta(seconds=left_s), now)
    return _("Time left for this PC: {time}, until about {hour}").format(time=left, hour=end)
