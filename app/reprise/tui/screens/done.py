"""Done: the verdict of each drive in large words, and where the proof is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from reprise.domain.outcome import Outcome
from reprise.i18n import _
from reprise.sentences import done as said
from reprise.sentences.outcome import all_erased, proof_is_safe, state_of_sending
from reprise.tui import check_texts, paint, texts
from reprise.tui.base import StationScreen
from reprise.tui.qr import qr_rows
from reprise.tui.screens.panel import Question
from reprise.workflow.install import failure_text

_TEXT_WIDTH = 62  # the least that the text needs beside the code
_GAP = 2
_SENDING = {"sent": paint.GOOD, "refused": paint.BAD}
_FRAME_ROWS = 5  # head, padding, the stick's line, keys


class DoneScreen(StationScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "leave(False)", show=False),
        Binding("f5", "leave(True)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._width = 0  # of the text
        self._shown = False  # the code, beside it

    def title_text(self) -> str:
        return _("Done")

    def help_text(self) -> str:
        return _(
            "The verdict of each drive. Only ERASED AND VERIFIED is proof of erasure. Write the"
            " code on the PC: it is the beginning of the report's number. The QR code, where the"
            " screen is large enough, leads to the certificate. F4 switches the PC off, F5"
            " restarts it: pull the stick first to start the new system."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        keys = [("F4", _("Power off")), ("F5", _("Restart")), ("F11", _("Large"))]
        if self.state.sealed is None:
            keys.insert(0, (_("Enter"), _("Store the report again")))
        return keys

    def body(self) -> Sequence[Widget]:
        return (Horizontal(Static(id="text"), Static(id="qr"), id="beside"),)

    def show(self) -> None:
        code = self._code()
        self._shown = bool(code)
        self._width = self.room - (len(code[0]) + _GAP if code else 0)
        self.put(paint.lines(self._rows()))
        qr = self.query_one("#qr", Static)
        qr.display = self._shown
        qr.styles.width = len(code[0]) if code else 0
        self.put(paint.lines(paint.line((row, paint.LIGHT)) for row in code), "#qr")

    def _code(self) -> list[str]:
        """Where the certificate is; beside the text or not at all."""
        sealed, session = self.state.sealed, self.station.session
        if sealed is None or session is None:
            return []
        server = session.board.server_url.rstrip("/")
        text = f"urn:uuid:{sealed.report_id}?+sha256={sealed.sha256}"
        if server:
            text = f"{server}/reports/{sealed.report_id}"
        return qr_rows(text, self.room - _TEXT_WIDTH - _GAP, self.app.size.height - _FRAME_ROWS)

    def _rows(self) -> Iterator[paint.Text]:
        yield self._headline()
        yield from texts.storage_rows(self.state, self._width)
        yield from self._by_hand()
        yield paint.line("")
        yield from self._report()
        yield from self._about_the_code()
        yield from self._install()
        yield self._functions()
        for view in self.state.own:
            yield paint.line("")
            yield texts.verdict_paragraph(view, self._width)

    def _by_hand(self) -> Iterator[paint.Text]:
        """What to write on the PC, and what to do now."""
        sealed = self.state.sealed
        if sealed is None:
            return
        yield paint.line(
            (_("Write on the PC: "), paint.FAINT),
            (said.short_code(sealed.report_id), paint.STRONG),
            f"  {said.word_for_the_pc(self.state)}",
        )
        now = said.now_text(self.state, self.station.stick, self.station.outbox, "F4")
        yield paint.indent(paint.line((_("Now: "), paint.FAINT), now), self._width, 0)

    def _functions(self) -> paint.Text:
        record = self.state.checks
        if record is not None:
            return check_texts.grade_line(record)
        text = _("Functions not checked. On the next PC: F3 while its drives are erased.")
        return paint.indent(paint.line((text, paint.FAINT)), self._width, 0)

    def _headline(self) -> paint.Text:
        text = said.headline(self.state)
        if self.state.outcome is Outcome.NO_DRIVE:
            return paint.line((text, paint.WARN))
        block = paint.GOOD_BLOCK if all_erased(self.state) else paint.BAD_BLOCK
        return paint.line((f" {text} ", block))

    def _install(self) -> Iterator[paint.Text]:
        install, given = self.state.install, self.station.install
        session = self.station.session
        if install is None:
            return
        if install.ok:
            name = f"{install.image} {install.image_version}"
            yield paint.line((_("Installed: "), paint.STRONG), name)
            if given is not None:
                offered = () if session is None else session.board.offer.images
                yield paint.line("  ", said.login_text(given, install, offered))
        elif install.ok is None:
            yield paint.line((_("The installation did not end."), paint.BAD))
        else:
            why = failure_text(install.detail)
            yield paint.indent(
                paint.line((_("Installation FAILED: "), paint.BAD), why), self._width, 0
            )

    def _report(self) -> Iterator[paint.Text]:
        sealed = self.state.sealed
        if sealed is None:
            yield paint.line((" " + _("THE REPORT IS NOT STORED") + " ", paint.BAD_BLOCK))
            yield paint.line(_("Plug in a Reprise stick, then press Enter. Do not power off."))
            return
        report = (_("Report "), paint.STRONG)
        text = paint.line(report, sealed.report_id, "  ", (said.digest_text(sealed), paint.FAINT))
        yield paint.indent(text, self._width, 0)
        yield paint.line("  ", self._where())
        yield paint.line("  ", self._sending())

    def _about_the_code(self) -> Iterator[paint.Text]:
        """Only where there is one that no browser can open."""
        session = self.station.session
        if self._shown and session is not None and not session.board.server_url:
            text = _("The QR code holds the report's number and digest: no server is set.")
            yield paint.indent(paint.line((text, paint.FAINT)), self._width, 2)

    def _where(self) -> paint.Part:
        stick = self.station.stick
        text = said.stored_text(stick)
        return (text, paint.WARN) if said.in_memory_only(stick) else text

    def _sending(self) -> paint.Part:
        text = said.sending_text(self.state, self.station.outbox)
        style = _SENDING.get(state_of_sending(self.state, self.station.outbox))
        return text if style is None else (text, style)

    def action_leave(self, restart: bool) -> None:
        if proof_is_safe(self.state, self.station.stick, self.station.outbox):
            self.station.leave(restart)
            return
        key, text = ("f5", _("Restart anyway")) if restart else ("f4", _("Power off anyway"))
        ask = Question(
            _("The report is neither on a stick nor sent: it will be LOST."), key, text, _("Stay")
        )
        self.app.push_screen(ask, lambda yes: self.station.leave(restart) if yes else None)

    def action_forward(self) -> None:
        """The end: F4 or F5. Enter tries again to store the report where it is nowhere."""
        if self.state.sealed is None:
            self.station.seal_again()

    def action_back(self) -> None:
        """Nothing to go back to."""
