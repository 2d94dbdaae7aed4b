"""Done: the verdict of each drive in large words, and where the proof is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from reprise import wording
from reprise.domain.hardware import Transport
from reprise.domain.lifecycle import DriveState
from reprise.domain.plan import RefusalCode
from reprise.i18n import _
from reprise.tui import check_texts, paint, texts
from reprise.tui.base import StationScreen
from reprise.tui.screens.panel import Question
from reprise.workflow.install import failure_text
from reprise.workflow.session_state import DriveView


def in_scope(view: DriveView) -> bool:
    """Whether the drive belongs to the PC: the stick and other USB drives do not."""
    codes = {refusal.code for refusal in view.refusals}
    if view.state is not DriveState.REFUSED or not codes:
        return True
    usb = view.drive.transport is Transport.USB and RefusalCode.NOT_INTERNAL in codes
    return not (texts.is_stick(view.refusals) or usb)


class DoneScreen(StationScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "leave(False)", show=False),
        Binding("f5", "leave(True)", show=False),
        Binding("f6", "seal_again", show=False),
    ]

    def title_text(self) -> str:
        return _("Done")

    def help_text(self) -> str:
        return _(
            "The verdict of each drive. Only ERASED AND VERIFIED is proof of erasure. Write the"
            " report number on the PC, or keep it with its papers. F4 switches the PC off, F5"
            " restarts it: pull the stick first to start the new system."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        keys = [("F4", _("Power off")), ("F5", _("Restart"))]
        if self.state.sealed is None:
            keys.insert(0, ("F6", _("Store the report again")))
        return keys

    def show(self) -> None:
        self.put(paint.lines(self._rows()))

    def _rows(self) -> Iterator[paint.Text]:
        yield self._headline()
        for words in wording.hidden_storage(self.state.plan):
            yield paint.indent(paint.line((_("Warning: "), paint.WARN), words), self.room, 0)
        yield paint.line("")
        yield from self._report()
        yield from self._install()
        record = self.state.checks
        if record is not None:
            yield check_texts.grade_line(record)
        for view in filter(in_scope, self.state.drives):
            yield paint.line("")
            yield texts.verdict_paragraph(view, self.room)

    def _headline(self) -> paint.Text:
        drives = [d for d in self.state.drives if in_scope(d)]
        if not drives:
            return paint.line((_("This PC has no drive to erase."), paint.WARN))
        hidden = wording.hidden_storage(self.state.plan)
        if not hidden and all(d.state is DriveState.SANITIZED for d in drives):
            return paint.line((" " + _("THIS PC IS ERASED AND VERIFIED") + " ", paint.GOOD_BLOCK))
        return paint.line((" " + _("THIS PC IS NOT COMPLETELY ERASED") + " ", paint.BAD_BLOCK))

    def _install(self) -> Iterator[paint.Text]:
        install, given = self.state.install, self.station.install
        if install is None:
            return
        if install.ok:
            name = f"{install.image} {install.image_version}"
            yield paint.line((_("Installed: "), paint.STRONG), name)
            if given is not None:
                login = _("first log-in: user {user}, password {password}")
                yield paint.line("  ", login.format(user=given.user, password=given.password))
        elif install.ok is None:
            yield paint.line((_("The installation did not end."), paint.BAD))
        else:
            why = failure_text(install.detail)
            yield paint.indent(
                paint.line((_("Installation FAILED: "), paint.BAD), why), self.room, 0
            )

    def _report(self) -> Iterator[paint.Text]:
        sealed = self.state.sealed
        if sealed is None:
            yield paint.line((" " + _("THE REPORT IS NOT STORED") + " ", paint.BAD_BLOCK))
            yield paint.line(_("Plug in a Reprise stick, then press F6. Do not power off."))
            return
        digest = _("digest {digest} …").format(digest=sealed.sha256[:12])
        yield paint.line(
            (_("Report "), paint.STRONG), sealed.report_id, "  ", (digest, paint.FAINT)
        )
        yield paint.line("  ", self._where())
        yield paint.line("  ", self._sending())

    def _where(self) -> paint.Part:
        stick = self.station.stick
        if stick is None or stick.where == "memory":
            return (_("IN MEMORY ONLY: plug in a stick or send it before power-off"), paint.WARN)
        if stick.where == "folder":
            return _("stored in a folder of this machine")
        return _("stored on the stick")

    def _state_of_sending(self) -> str:
        sealed = self.state.sealed
        ours = [i for i in self.station.outbox if sealed and i.report_id == sealed.report_id]
        return ours[0].state if ours else ""

    def _sending(self) -> paint.Part:
        state = self._state_of_sending()
        if state == "sent":
            return (_("SENT: the server has it"), paint.GOOD)
        if state == "refused":
            return (_("REFUSED by the server: tell your administrator"), paint.BAD)
        if state == "waiting":
            return _("waiting to be sent, as soon as there is a network")
        return _("sending not started")

    def _proof_is_safe(self) -> bool:
        stick = self.station.stick
        if self.state.sealed is None:
            return False
        on_stick = stick is not None and stick.where != "memory"
        return on_stick or self._state_of_sending() == "sent"

    def action_leave(self, restart: bool) -> None:
        if self._proof_is_safe():
            self.station.leave(restart)
            return
        key, text = ("f5", _("Restart anyway")) if restart else ("f4", _("Power off anyway"))
        ask = Question(
            _("The report is neither on a stick nor sent: it will be LOST."), key, text, _("Stay")
        )
        self.app.push_screen(ask, lambda yes: self.station.leave(restart) if yes else None)

    def action_seal_again(self) -> None:
        if self.state.sealed is None:
            self.station.seal_again()

    def action_forward(self) -> None:
        """The end: F4 or F5."""

    def action_back(self) -> None:
        """Nothing to go back to."""
