"""What the large screen says: working, done, needs you, failed, or how long until it begins."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from reprise import wording
from reprise.domain.lifecycle import FINAL
from reprise.domain.outcome import Outcome
from reprise.i18n import _
from reprise.sentences.done import headline
from reprise.sentences.drives import model_of, name_of
from reprise.sentences.left import figures, pc_left, pc_left_s
from reprise.sentences.outcome import all_erased, proof_is_safe
from reprise.sentences.working import sum_text, worst_first
from reprise.tui import texts
from reprise.tui.screens.big import Big

if TYPE_CHECKING:
    from reprise.tui.base import Station
    from reprise.workflow.desk.port import Desk
    from reprise.workflow.drive_view import DriveView
    from reprise.workflow.session_state import SessionState


class Bench(StrEnum):
    """The values are the style classes of station.tcss."""

    WORKING = "working"
    DONE = "done"
    NEEDS_YOU = "needs-you"
    FAILED = "failed"


def bench_of(station: Station, *, ended: bool) -> Bench:
    """`ended`: erasing, installing and sealing came to their end. A report that can still be lost
    asks for a person before anything else does."""
    if not ended:
        return Bench.WORKING
    if not proof_is_safe(station.state, station.stick, station.outbox):
        return Bench.NEEDS_YOU
    if station.state.outcome is Outcome.NO_DRIVE:
        return Bench.NEEDS_YOU
    install = station.state.install
    installed = install is None or install.ok is True
    return Bench.DONE if installed and all_erased(station.state) else Bench.FAILED


def bench_screen(station: Station, *, ended: bool, off_in_s: int | None = None) -> Big:
    """`off_in_s`: seconds until the PC switches itself off."""
    bench = bench_of(station, ended=ended)
    rows = [pc_line(station.state)]
    if bench is Bench.WORKING:
        rows.append(pc_left(station.session, station.tools.local_time))
    else:
        rows.append(_why(bench, station.state))
    if ended and station.state.unreached:
        rows.append(_("This PC may hold a drive that could not be reached."))
    if len(station.state.own) > 1:
        rows.append(sum_text(station.state.own))
    rows += [_drive(view, station.session) for view in worst_first(station.state.own)]
    foot = _("Any key: back to the details")
    if off_in_s is not None:
        foot = _("The PC switches itself off in {seconds} s. Any key keeps it on.")
        foot = foot.format(seconds=off_in_s)
    return Big(bench, (_word(bench, station),), tuple(row for row in rows if row), foot)


def _word(bench: Bench, station: Station) -> str:
    """Large: while it works the time left, where that is known."""
    if bench is Bench.WORKING and (left_s := pc_left_s(station.session)) is not None:
        return figures(left_s)
    return {
        Bench.WORKING: _("BUSY"),
        Bench.DONE: _("DONE"),
        Bench.NEEDS_YOU: _("NEEDS YOU"),
        Bench.FAILED: _("FAILED"),
    }[bench]


def countdown_screen(state: SessionState, left_s: int) -> Big:
    """Before anything is erased without a person."""
    rows = [_("SECONDS UNTIL THE DRIVES OF THIS PC ARE ERASED"), pc_line(state)]
    rows += [texts.drive_title(view).plain for view in state.erasable]
    return Big("countdown", (str(left_s),), tuple(rows), _("ANY KEY STOPS IT: nothing is erased"))


def needs_you_screen(state: SessionState, reasons: Sequence[str]) -> Big:
    """Where an unattended station waits for a person."""
    rows = (_("Nothing was erased."), *reasons, pc_line(state))
    foot = _("Any key: go on by hand")
    return Big(Bench.NEEDS_YOU, (_("NEEDS YOU"),), tuple(row for row in rows if row), foot)


def pc_line(state: SessionState) -> str:
    """Which PC this is: the asset tag, the model, the serial number."""
    machine = state.inventory.machine if state.inventory is not None else None
    tag = state.operator.asset_tag if state.operator is not None else ""
    facts = [tag]
    if machine is not None:
        serial = machine.serial and _("S/N {serial}").format(serial=machine.serial)
        facts += [machine.title, serial or ""]
    return "  ".join(fact for fact in facts if fact)


def _why(bench: Bench, state: SessionState) -> str:
    if bench is Bench.NEEDS_YOU and state.outcome is Outcome.NO_DRIVE and state.sealed is not None:
        return headline(state)
    if bench is Bench.NEEDS_YOU:
        return _("The report is not safe yet: plug in a Reprise stick, or connect the network.")
    if bench is Bench.FAILED:
        return _("Do not give this PC away: look at the details.")
    return _("Every drive is erased and verified, and the report is safe.")


def _drive(view: DriveView, desk: Desk | None) -> str:
    name = f"{name_of(view.drive)}  {model_of(view.drive)}"
    said = wording.state(view.state)
    tick = desk.progress.get(view.key) if desk and view.state not in FINAL else None
    if tick is not None and tick.total_bytes:
        said = f"{wording.code(tick.phase)}  {wording.percent(tick.done_bytes, tick.total_bytes)}"
    return f"{name}   {said}"
