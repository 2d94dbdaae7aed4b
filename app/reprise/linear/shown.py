"""What is said of the PC, its drives, the plan and the end: a fact a line, the important first."""

from __future__ import annotations

from collections.abc import Iterator

from reprise import wording
from reprise.domain.lifecycle import DriveState
from reprise.i18n import _
from reprise.sentences import confirm, done, drives, machine, system
from reprise.sentences.outcome import told_of_storage
from reprise.workflow.desk.port import Board, InstallChoice
from reprise.workflow.drive_view import DriveView
from reprise.workflow.install import failure_text
from reprise.workflow.services import InstallDefaults
from reprise.workflow.session_state import SessionState


def labelled(label: str, *facts: str) -> str:
    return _("{label}: {value}").format(label=label, value=", ".join(facts))


def pc(state: SessionState) -> Iterator[str]:
    """What one must know to go on."""
    if state.inventory is None:
        return
    for label, facts in list(machine.rows(state.inventory))[:2]:  # model and serial number
        yield labelled(label, *facts)
    if state.assessed is not None:
        found = state.assessed.triage
        yield labelled(_("Recommended"), wording.word(found.advice))
        yield from (wording.triage_reason(reason) for reason in found.reasons)
        if found.age is not None:
            yield labelled(_("Age"), wording.age(found.age))


def pc_details(state: SessionState) -> Iterator[str]:
    if state.inventory is None:
        return
    for label, facts in list(machine.rows(state.inventory))[2:]:
        yield labelled(label, *facts)
    if state.assessed is not None:
        yield labelled(_("If reused"), wording.impact(state.assessed.impact))
    yield from machine.unread(state.inventory)


def drive_list(state: SessionState) -> Iterator[str]:
    if not state.drives:
        yield _("No drive was found in this PC.")
        yield from told_of_storage(state)
        return
    yield drives.counts_text(state)
    for number, view in enumerate(state.drives, 1):
        lead = _("Drive {number} of {all}").format(number=number, all=len(state.drives))
        yield labelled(lead, *drives.title_words(view.drive))
        yield from _drive(view)
    yield from told_of_storage(state)
    if not state.erasable:
        yield _("There is no drive to erase.")


def _drive(view: DriveView) -> Iterator[str]:
    drive = view.drive
    health = _("health: ") + wording.health(drive.smart.health)
    yield ", ".join((drives.kind_text(drive), health, *drives.wear_words(drive)))
    yield from _holds(view)
    if view.state is DriveState.REFUSED:
        word = _("NOT OFFERED") if drives.is_stick(view) else _("REFUSED")
        yield labelled(word, drives.refusal_text(view.refusals))
        return
    if before := drives.before_text(view):
        yield before
    yield ", ".join(filter(None, (_("WILL BE ERASED"), drives.already_text(view))))


def _holds(view: DriveView) -> Iterator[str]:
    for words in drives.content_parts(view.drive, view.volumes):
        yield labelled(_("Holds"), words)


def choices(
    board: Board, state: SessionState, offered: tuple[InstallChoice | None, ...]
) -> Iterator[str]:
    yield _("After the erasure, install:")
    for number, choice in enumerate(offered, 1):
        yield f"{number}. {system.choice_text(board, state, choice)}"
    if why := system.why_none(board) or system.why_proposed(board, state):
        yield why


def plan(
    board: Board, state: SessionState, choice: InstallChoice | None, given: InstallDefaults | None
) -> Iterator[str]:
    for one in state.unusual:
        yield _("UNUSUAL: ") + wording.unusual(one)
    for view in state.erasable:
        yield ", ".join(drives.title_words(view.drive))
        yield from _holds(view)
        yield from _attempts(view)
    yield from told_of_storage(state)
    yield _("Then install: ") + confirm.install_text(board, state, choice, given)
    untouched = confirm.untouched_text(state)
    if untouched:
        yield _("Not touched: ") + untouched


def _attempts(view: DriveView) -> Iterator[str]:
    if before := drives.before_text(view):
        yield before
    if view.plan is None:
        return
    for step in view.plan.preparations:
        yield _("first: ") + wording.preparation(step)
    for index, attempt in enumerate(view.plan.attempts):
        lead = "" if index == 0 else _("if that fails: ")
        yield lead + confirm.attempt_text(attempt)
    for warning in view.plan.warnings:
        yield _("Warning: ") + wording.code(warning)


def outcome(view: DriveView) -> str:
    """A drive's verdict, why, and what to do now."""
    name, model, *_rest = drives.title_words(view.drive)
    words = (drives.verdict_text(view), drives.detail(view))
    said = labelled(f"{name}, {model}", *filter(None, words))
    more = (drives.unproven(view.limitations), drives.advice(view))
    return ". ".join(filter(None, (said, *more)))


def end(board: Board, state: SessionState, given: InstallDefaults | None) -> Iterator[str]:
    yield done.headline(state)
    yield from told_of_storage(state)
    yield from _report(board, state)
    yield from _installed(board, state, given)
    yield from (outcome(view) for view in state.own)


def _report(board: Board, state: SessionState) -> Iterator[str]:
    sealed = state.sealed
    if sealed is None:
        yield _("THE REPORT IS NOT STORED")
        yield _("Plug in a Reprise stick, then type T. Do not power off.")
        return
    code = f"{done.short_code(sealed.report_id)}  {done.word_for_the_pc(state)}"
    yield _("Write on the PC: ") + code
    yield _("Now: ") + done.now_text(state, board.stick, board.outbox, "E")
    yield f"{_('Report ')}{sealed.report_id}"
    yield f"{done.stored_text(board.stick)}, {done.sending_text(state, board.outbox)}"


def _installed(board: Board, state: SessionState, given: InstallDefaults | None) -> Iterator[str]:
    install = state.install
    if install is None:
        return
    if install.ok:
        yield _("Installed: ") + done.installed_name(board, install)
        if given is not None:
            yield done.login_text(given, install, board.offer.images)
    elif install.ok is None:
        yield _("The installation was not completed.")
    else:
        yield _("Installation FAILED: ") + failure_text(install.detail)
