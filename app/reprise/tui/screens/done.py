"""Done: the verdict of each drive in large words, and where the proof is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from reprise.domain.report.outcome import Outcome
from reprise.i18n import _
from reprise.sentences import done as said
from reprise.sentences.drive_history import not_proven, steps, story
from reprise.sentences.working import sum_text, worst_first
from reprise.tui.base import StationScreen
from reprise.tui.drawing import check_texts, drive_rows, paint, texts
from reprise.tui.drawing.qr import qr_rows
from reprise.tui.screens.panel import Question
from reprise.workflow.session.came_to import all_erased, proof_is_safe, state_of_sending

_TEXT_WIDTH = 32  # the least that the text needs beside the code
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
        self._width = 0  # of the text where it stands now
        self._shown = False  # the code, beside it
        self._details = False

    def title_text(self) -> str:
        return _("Done")

    def help_text(self) -> str:
        return _(
            "The verdict for each drive. Only ERASED AND VERIFIED is proof of erasure; Enter"
            " shows what was done to each drive, step by step. Write the code on the PC: it is"
            " the beginning of the report's number. The QR code leads to the page of the report."
            " F4 switches the PC off, F5 restarts it: pull the stick first to start the new"
            " system."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        enter = _("Store the report again")
        if self.state.sealed is not None:
            enter = _("In short") if self._details else _("Details")
        return ((_("Enter"), enter), ("F4", _("Power off")), ("F5", _("Restart")))

    def more_keys(self) -> Sequence[tuple[str, str]]:
        return (("F11", _("Large")), *super().more_keys())

    def body(self) -> Sequence[Widget]:
        return (
            Horizontal(Static(id="text"), Static(id="qr"), id="beside"),
            Static(id="below"),
        )

    def show(self) -> None:
        """The text runs beside the code, then below it."""
        code = self._code()
        self._shown = bool(code)
        self._width = self.room - (len(code[0]) + _GAP if code else 0)
        rows, beside = self._rows(), list[paint.Text]()
        for row in rows:
            beside.append(row)
            if code and sum(text.plain.count("\n") + 1 for text in beside) >= len(code):
                break
        self._width = self.room
        self.put(paint.lines(beside))
        self.put(paint.lines(rows), "#below")
        qr = self.query_one("#qr", Static)
        qr.display = self._shown
        qr.styles.width = len(code[0]) if code else 0
        self.put(paint.lines(paint.line((row, paint.LIGHT)) for row in code), "#qr")

    def _code(self) -> list[str]:
        """Where the certificate is; beside the text or not at all."""
        sealed = self.state.sealed
        if sealed is None:
            return []
        server = self.station.status.server_url.rstrip("/")
        text = f"urn:uuid:{sealed.report_id}?+sha256={sealed.sha256}"
        if server:
            text = f"{server}/reports/{sealed.report_id}"
        return qr_rows(text, self.room - _TEXT_WIDTH - _GAP, self.app.size.height - _FRAME_ROWS)

    def _rows(self) -> Iterator[paint.Text]:
        """Each is wrapped to the width at the time it is asked for."""
        yield self._headline()
        yield from texts.storage_rows(self.state, self._width)
        yield from self._by_hand()
        yield from self._report()
        yield paint.line("")
        yield from self._drives()
        yield from self._number()
        yield from self._about_the_code()
        yield from self._install()
        yield self._functions()
        yield from self._unproven()

    def _say(self, *parts: paint.Part, by: int = 0) -> paint.Text:
        return paint.indent(paint.line(*parts), self._width, by)

    def _drives(self) -> Iterator[paint.Text]:
        many = len(self.state.own) > texts.MANY
        if many:
            yield self._say(sum_text(self.state.own))
            yield paint.line("")
        for view in worst_first(self.state.own):
            yield from drive_rows.told(view, self._width)
            happened = tuple(steps(view)) if self._details else (story(view),)
            now = said.advice_now(
                self.state, view, self.station.status.stick, self.station.status.outbox
            )
            for text in filter(None, (*happened, now)):
                yield self._say(text, by=2)
            if not many:
                yield paint.line("")
        if many:
            yield paint.line("")

    def _unproven(self) -> Iterator[paint.Text]:
        for names, text in not_proven(self.state.own):
            yield paint.line("")
            yield self._say(f"{names} – " if names else "", text)

    def _by_hand(self) -> Iterator[paint.Text]:
        """What to write on the PC, and what to do now."""
        sealed = self.state.sealed
        if sealed is None:
            return
        code = (said.short_code(sealed.report_id), paint.STRONG)
        word = said.word_for_the_pc(self.state)
        label = _("Write on the PC: ")
        beside = len(label) + len(code[0]) + 2 + len(word) <= self._width
        if not beside:  # what is copied stays in one piece
            yield self._say((label.rstrip(), paint.FAINT))
        yield self._say((label if beside else "", paint.FAINT), code, f"  {word}")
        now = said.now_text(self.state, self.station.status.stick, self.station.status.outbox, "F4")
        yield self._say((_("Now: "), paint.FAINT), now)

    def _functions(self) -> paint.Text:
        record = self.state.checks
        if record is not None:
            return paint.indent(check_texts.grade_line(record), self._width, 0)
        text = _("Functions not checked. On the next PC: F3 while its drives are erased.")
        return self._say((text, paint.FAINT))

    def _headline(self) -> paint.Text:
        text = said.headline(self.state)
        if self.state.outcome is Outcome.NO_DRIVE:
            return self._say((text, paint.WARN))
        block = paint.GOOD_BLOCK if all_erased(self.state) else paint.BAD_BLOCK
        rows = paint.line(text).wrap(self._width - 2)
        return paint.lines(paint.line((f" {row.plain} ", block)) for row in rows)

    def _install(self) -> Iterator[paint.Text]:
        install, given = self.state.install, self.station.install
        if install is None:
            return
        status = self.station.status
        end, what = said.installed(status, install)
        yield self._say((end, paint.STRONG if install.ok else paint.BAD), what)
        if install.ok and given is not None:
            yield self._say(said.login_text(given, install, status.offer.images), by=2)

    def _report(self) -> Iterator[paint.Text]:
        if self.state.sealed is None:
            yield paint.line((" " + _("THE REPORT IS NOT STORED") + " ", paint.BAD_BLOCK))
            yield self._say(_("Plug in a Reprise stick, then press Enter. Do not power off."))
            return
        report = (_("Report "), paint.STRONG)
        yield self._say(report, self._where(), " – ", self._sending())

    def _number(self) -> Iterator[paint.Text]:
        sealed = self.state.sealed
        if sealed is not None:
            number = _("Report {number}").format(number=sealed.report_id)
            yield self._say(number, "  ", (said.digest_text(sealed), paint.FAINT))

    def _about_the_code(self) -> Iterator[paint.Text]:
        """Only where there is one that no browser can open."""
        if self._shown and not self.station.status.server_url:
            text = _("The QR code holds the report's number and digest: no server is set.")
            yield self._say((text, paint.FAINT), by=2)

    def _where(self) -> paint.Part:
        stick = self.station.status.stick
        text = said.stored_text(stick)
        return (text, paint.WARN) if said.in_memory_only(stick) else text

    def _sending(self) -> paint.Part:
        text = said.sending_text(self.state, self.station.status.outbox)
        style = _SENDING.get(state_of_sending(self.state, self.station.status.outbox))
        return text if style is None else (text, style)

    def action_leave(self, restart: bool) -> None:
        safe = proof_is_safe(self.state, self.station.status.stick, self.station.status.outbox)
        text = said.leave_question(safe=safe, restart=restart)
        if not text:
            self.station.leave(restart)
            return
        yes = said.leave_answer(safe=safe, restart=restart)
        ask = Question(text, yes, _("Stay"))
        self.app.push_screen(ask, lambda yes: self.station.leave(restart) if yes else None)

    def action_forward(self) -> None:
        """Tries again to store the report where it is nowhere; else more words, or fewer."""
        if self.state.sealed is None:
            self.station.seal_again()
            return
        self._details = not self._details
        self.refresh_all()

    def action_back(self) -> None:
        """Nothing to go back to."""
