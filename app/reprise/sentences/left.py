"""How long a PC still takes, honestly: the slowest drive counts, and one that cannot say yet makes
the whole unknown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from reprise import wording
from reprise.domain.lifecycle import FINAL
from reprise.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from reprise.workflow.desk.port import Desk


def pc_left(desk: Desk | None, local_time: Callable[[str], datetime | None]) -> str:
    """A sentence for the erasures under way; with the hour where the clock is to be believed.
    `local_time`: the wall time in a zone, None where it is not."""
    if desk is None:
        return _("One moment…")
    running = [d for d in desk.state.working if d.state not in FINAL]
    if not running:
        return _("The erasure has ended. One moment…")
    ticks = [desk.progress.get(d.key) for d in running]
    known = [t.left_s for t in ticks if t is not None and t.left_s is not None]
    if len(known) < len(running):
        return _("Time left for this PC: being measured…")
    install = desk.board.install
    now = None if install is None else local_time(install.timezone)
    return _time_left(max(known), now)


def _time_left(left_s: float, now: datetime | None) -> str:
    left = wording.duration(left_s)
    if now is None:
        return _("Time left for this PC: {time}").format(time=left)
    end = wording.hour(now + timedelta(seconds=left_s), now)
    return _("Time left for this PC: {time}, until about {hour}").format(time=left, hour=end)
