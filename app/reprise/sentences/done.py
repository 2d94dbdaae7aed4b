"""What a session came to, and where its proof is."""

from __future__ import annotations

from collections.abc import Sequence

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.install.images import InstallCheck, OsImage
from reprise.domain.install.options import InstallOptions
from reprise.domain.report.events import ReportSealed
from reprise.domain.report.outcome import Outcome
from reprise.domain.station.stick import StickReason
from reprise.i18n import _
from reprise.ports import OutboxItem
from reprise.sentences.drives import advice, not_erased
from reprise.sentences.system import image_title
from reprise.workflow.engine.port import StationStatus
from reprise.workflow.session.came_to import all_erased, proof_is_safe, state_of_sending
from reprise.workflow.session.drive_view import DriveView
from reprise.workflow.session.install import failure_text
from reprise.workflow.session.services import StickLine
from reprise.workflow.session.state import InstallView, SessionState


def short_code(report_id: str) -> str:
    """What is quickly written on a PC: the server's search finds a report by any part of its
    number."""
    return report_id[:8]


def headline(state: SessionState) -> str:
    if state.outcome is Outcome.NO_DRIVE:
        return _("This PC has no drive to erase.")
    if all_erased(state):
        return _("THIS PC IS ERASED AND VERIFIED")
    return _("THIS PC IS NOT COMPLETELY ERASED")


def leave_question(*, safe: bool, restart: bool) -> str:
    """What is asked before the PC is left; "" for nothing. `safe`: the report cannot be lost. To
    switch off is what a person expects at the end; a restart may lead anywhere."""
    if not safe:
        return _("The report is neither on a stick nor sent: it will be LOST.")
    if not restart:
        return ""
    return _(
        "Restart this PC? With the stick in it, Reprise starts again; without it, what is"
        " installed on the PC does."
    )


def leave_answer(*, safe: bool, restart: bool) -> str:
    """What yes does; `safe`: see leave_question."""
    if safe:
        return _("Restart") if restart else _("Power off")
    return _("Restart anyway") if restart else _("Power off anyway")


def word_for_the_pc(state: SessionState) -> str:
    """What is written on the PC beside the code."""
    if state.outcome is Outcome.NO_DRIVE:
        return _("no drive")
    return _("erased and verified") if all_erased(state) else not_erased()


def now_text(
    state: SessionState, stick: StickLine | None, outbox: Sequence[OutboxItem], off: str
) -> str:
    """What to do with the PC; `off`: what switches it off."""
    if not proof_is_safe(state, stick, outbox):
        return _("keep this PC on until its report is safe.")
    if state.outcome not in (Outcome.ERASED, Outcome.NO_DRIVE):
        return _("set this PC aside and follow the advice given here.")
    if stick is not None and stick.state and stick.state.reason is StickReason.NETWORK:
        return _("switch this PC off ({key}) and go on to the next one.").format(key=off)
    return _("switch this PC off ({key}) and start the next one with the stick.").format(key=off)


def advice_now(
    state: SessionState, view: DriveView, stick: StickLine | None, outbox: Sequence[OutboxItem]
) -> str:
    """As drives.advice; not yet to start this PC again while its report would be lost by that."""
    waits = view.state is DriveState.INTERRUPTED and not proof_is_safe(state, stick, outbox)
    return "" if waits else advice(view)


def login_text(given: InstallOptions, install: InstallView, offered: Sequence[OsImage]) -> str:
    """`offered`: the images of this stick."""
    if install.detail == InstallCheck.WHOLE_AS_IT_IS:
        return _("Names, users and language are those of its image.")
    if install.detail == InstallCheck.WHOLE_FOR_OWNER:
        return _("its first start asks for a name and the password of the encrypted drive")
    if any(image.name == install.image and image.first_start for image in offered):
        return _("its first start asks for a name and a password")
    login = _("first login: user “{user}”, password “{password}”")
    return login.format(user=given.user, password=given.password)


def installed(status: StationStatus, install: InstallView) -> tuple[str, str]:
    """What became of it: how it ended, and what was installed or why not ("": nothing to say)."""
    if install.ok:
        return _("Installed: "), installed_name(status, install)
    if install.ok is None:
        return _("The installation was not completed."), ""
    return _("Installation FAILED: "), failure_text(install.detail)


def installed_name(status: StationStatus, install: InstallView) -> str:
    """As the catalogue calls it; else what its administrator did, with its version."""
    title = image_title(status, install.image)
    return title if title != install.image else f"{install.image} {install.image_version}"


def digest_text(sealed: ReportSealed) -> str:
    return _("digest {digest}…").format(digest=sealed.sha256[:12])


def in_memory_only(stick: StickLine | None) -> bool:
    return stick is None or stick.where == "memory"


def stored_text(stick: StickLine | None) -> str:
    if in_memory_only(stick):
        return _("IN MEMORY ONLY: plug in a stick or send it before power-off")
    if stick is not None and stick.where == "folder":
        return _("stored in a folder of this machine")
    return _("stored on the stick")


def sending_text(state: SessionState, outbox: Sequence[OutboxItem]) -> str:
    return {
        "sent": _("SENT: the server has it"),
        "refused": _("REFUSED by the server: tell your administrator"),
        "waiting": _("waiting to be sent, as soon as the server answers"),
    }.get(state_of_sending(state, outbox), _("sending not started"))
