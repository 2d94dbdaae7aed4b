"""What is said of the PC, its drives, the plan and the end: a fact a line, the important first."""

from __future__ import annotations

from collections.abc import Iterator

from reprise import wording
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.install.options import InstallOptions
from reprise.i18n import _
from reprise.sentences import confirm, done, drives, machine, system
from reprise.sentences.drive_history import not_proven
from reprise.workflow.engine.port import InstallChoice, StationStatus
from reprise.workflow.session.drive_view import DriveView
from reprise.workflow.session.state import SessionState


def labelled(label: str, *facts: str) -> str:
    return _("{label}: {value}").format(label=label, value=", ".join(facts))


def told_of_storage(state: SessionState) -> tuple[str, ...]:
    """Storage that may be there and that nothing here reaches, each a warning; then what the
    operator has stated."""
    return (
        *(_("Warning: ") + words for words in wording.unreached(state.unreached)),
        *wording.statements(state.stated),
    )


def pc(state: SessionState) -> Iterator[str]:
    """What one must know to go on."""
    if state.inventory is None:
        return
    for label, facts in list(machine.rows(state.inventory))[:2]:  # model and serial number
        yield labelled(label, *facts)
    if state.assessed is not None:
        triage = state.assessed.triage
        yield labelled(_("Recommended"), wording.word(triage.advice))
        yield from (wording.triage_reason(reason) for reason in triage.reasons)
        if triage.age is not None:
            yield labelled(_("Age"), wording.age(triage.age))


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
    status: StationStatus, state: SessionState, offered: tuple[InstallChoice | None, ...]
) -> Iterator[str]:
    yield _("After the erasure, install:")
    for number, choice in enumerate(offered, 1):
        yield f"{number}. {system.choice_text(status, state, choice)}"
    if why := system.why_none(status) or system.why_proposed(status, state):
        yield why


def plan(
    status: StationStatus,
    state: SessionState,
    choice: InstallChoice | None,
    given: InstallOptions | None,
) -> Iterator[str]:
    for reason in state.unusual:
        yield _("UNUSUAL: ") + wording.unusual(reason)
    for view in state.erasable:
        yield ", ".join(drives.title_words(view.drive))
        yield from _holds(view)
        yield from _attempts(view)
    yield from told_of_storage(state)
    yield _("Then install: ") + confirm.install_text(status, state, choice, given)
    untouched = confirm.untouched_text(state)
    if untouched:
        yield _("Not touched: ") + untouched


def _attempts(view: DriveView) -> Iterator[str]:
    if before := confirm.of_before(view):
        yield before
    yield from (lead + text for lead, text in confirm.plan_steps(view))
    for warning in view.plan.warnings if view.plan else ():
        yield _("Warning: ") + wording.code(warning)


def outcome(view: DriveView) -> str:
    """A drive's verdict, why, what stays unproven, and what to do now."""
    return _sentences(_verdict(view), drives.unproven(view.limitations), drives.advice(view))


def _verdict(view: DriveView) -> str:
    name, model, *_rest = drives.title_words(view.drive)
    words = (drives.verdict_text(view), drives.detail(view))
    return labelled(f"{name}, {model}", *filter(None, words))


def _sentences(*parts: str) -> str:
    return ". ".join(filter(None, parts))


def _drives_at_the_end(state: SessionState) -> Iterator[str]:
    yield from (_sentences(_verdict(view), drives.advice(view)) for view in state.own)
    yield from (_sentences(names, text) for names, text in not_proven(state.own))


def end(status: StationStatus, state: SessionState, given: InstallOptions | None) -> Iterator[str]:
    yield done.headline(state)
    yield from told_of_storage(state)
    yield from _report(status, state)
    yield from _installed(status, state, given)
    yield from _drives_at_the_end(state)


def _report(status: StationStatus, state: SessionState) -> Iterator[str]:
    sealed = state.sealed
    if sealed is None:
        yield _("THE REPORT IS NOT STORED")
        yield _("Plug in a Reprise stick, then type T. Do not power off.")
        return
    code = f"{done.short_code(sealed.report_id)}  {done.word_for_the_pc(state)}"
    yield _("Write on the PC: ") + code
    yield _("Now: ") + done.now_text(state, status.stick, status.outbox, "E")
    yield f"{_('Report ')}{sealed.report_id}"
    yield f"{done.stored_text(status.stick)}, {done.sending_text(state, status.outbox)}"


def _installed(
    status: StationStatus, state: SessionState, given: InstallOptions | None
) -> Iterator[str]:
    install = state.install
    if install is None:
        return
    yield "".join(done.installed(status, install))
    if install.ok and given is not None:
        yield done.login_text(given, install, status.offer.images)
