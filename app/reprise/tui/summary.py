"""What the large screen says: working, done, needs you, failed, or how long until it begins."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from reprise import wording
from reprise.domain.erasure.lifecycle import FINAL
from reprise.domain.report.outcome import Outcome
from reprise.i18n import _, again
from reprise.sentences.done import headline
from reprise.sentences.drives import model_of, name_of
from reprise.sentences.time_left import figures, pc_left, pc_left_s
from reprise.sentences.working import sum_text, worst_first
from reprise.tui.drawing import texts
from reprise.tui.screens.big import Big
from reprise.workflow.session.came_to import all_went_well, proof_is_safe
from reprise.workflow.session.switching_off import not_safe, off_in

if TYPE_CHECKING:
    from reprise.tui.station import SessionView
    from reprise.workflow.engine.port import EngineClient
    from reprise.workflow.session.drive_view import DriveView
    from reprise.workflow.session.state import SessionState


class Situation(StrEnum):
    """The values are the style classes of station.tcss."""

    WORKING = "working"
    DONE = "done"
    NEEDS_YOU = "needs-you"
    FAILED = "failed"


def situation_of(station: SessionView, *, ended: bool) -> Situation:
    """`ended`: erasing, installing and sealing came to their end. A report that can still be lost
    asks for a person before anything else does."""
    if not ended:
        return Situation.WORKING
    if not proof_is_safe(station.state, station.status.stick, station.status.outbox):
        return Situation.NEEDS_YOU
    if station.state.outcome is Outcome.NO_DRIVE:
        return Situation.NEEDS_YOU
    return Situation.DONE if all_went_well(station.state) else Situation.FAILED


def summary_of(station: SessionView, *, ended: bool, off_in_s: int | None = None) -> Big:
    """`off_in_s`: seconds until the PC switches itself off. At the end it is told what failed."""
    situation = situation_of(station, ended=ended)
    rows = [pc_line(station.state)]
    if situation is Situation.WORKING:
        rows.append(pc_left(station.engine, station.tools.local_time))
    else:
        rows.append(_why(situation, station.state))
    if ended and station.trouble:
        rows.append(again(station.trouble))
    if ended and station.state.unreached:
        rows.append(_("This PC may hold a drive that could not be reached."))
    if len(station.state.own) > 1:
        rows.append(sum_text(station.state.own))
    rows += [_drive(view, station.engine) for view in worst_first(station.state.own)]
    foot = _("Any key: back to the details") if off_in_s is None else off_in(off_in_s)
    return Big(situation, (_word(situation, station),), tuple(row for row in rows if row), foot)


def _word(situation: Situation, station: SessionView) -> str:
    """Large: while it works the time left, where that is known."""
    if situation is Situation.WORKING and (left_s := pc_left_s(station.engine)) is not None:
        return figures(left_s)
    return {
        Situation.WORKING: _("BUSY"),
        Situation.DONE: _("DONE"),
        Situation.NEEDS_YOU: _("NEEDS YOU"),
        Situation.FAILED: _("FAILED"),
    }[situation]


def countdown_screen(state: SessionState, left_s: int) -> Big:
    """Before anything is erased without a person."""
    rows = [_("SECONDS UNTIL THE DRIVES OF THIS PC ARE ERASED"), pc_line(state)]
    rows += [texts.drive_title(view).plain for view in state.erasable]
    return Big("countdown", (str(left_s),), tuple(rows), _("ENTER STOPS IT: nothing is erased"))


def needs_you_screen(state: SessionState, reasons: Sequence[str]) -> Big:
    """Where an unattended station waits for a person."""
    rows = (_("Nothing was erased."), *reasons, pc_line(state))
    foot = _("Enter: go on by hand")
    return Big(Situation.NEEDS_YOU, (_("NEEDS YOU"),), tuple(row for row in rows if row), foot)


def pc_line(state: SessionState) -> str:
    """Which PC this is: the asset tag, the model, the serial number."""
    machine = state.inventory.machine if state.inventory is not None else None
    tag = state.operator.asset_tag if state.operator is not None else ""
    facts = [tag]
    if machine is not None:
        serial = machine.serial and _("S/N {serial}").format(serial=machine.serial)
        facts += [machine.title, serial or ""]
    return "  ".join(fact for fact in facts if fact)


def _why(situation: Situation, state: SessionState) -> str:
    if (
        situation is Situation.NEEDS_YOU
        and state.outcome is Outcome.NO_DRIVE
        and state.sealed is not None
    ):
        return headline(state)
    if situation is Situation.NEEDS_YOU:
        return not_safe()
    if situation is Situation.FAILED:
        return _("Do not give this PC away: look at the details.")
    return _("Every drive is erased and verified, and the report is safe.")


def _drive(view: DriveView, engine: EngineClient | None) -> str:
    name = f"{name_of(view.drive)}  {model_of(view.drive)}"
    said = wording.state(view.state)
    tick = engine.progress.get(view.key) if engine and view.state not in FINAL else None
    if tick is not None and tick.total_bytes:
        said = f"{wording.code(tick.phase)}  {wording.percent(tick.done_bytes, tick.total_bytes)}"
    return f"{name}   {said}"
