"""Log: its last lines, its copy on the stick, and the maintenance shell behind a typed phrase."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from reprise.domain.events import ShellUsed
from reprise.errors import RefusedError
from reprise.i18n import _
from reprise.tui import paint
from reprise.tui.sheet import Sheet
from reprise.tui.widgets.field import Field

if TYPE_CHECKING:
    from reprise.tui.base import Station
    from reprise.workflow.side import Side


class LogRead(Message):
    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__()
        self.lines = lines


class LogCopied(Message):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path


class MaintenanceSheet(Sheet):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("f4", "copy", show=False),
        Binding("f5", "read", show=False),
        Binding("f9", "ask", show=False),
    ]

    def __init__(self, side: Side) -> None:
        super().__init__(side)
        self._lines: tuple[str, ...] | None = None
        self._asking = False
        self._copied = ""

    def title_text(self) -> str:
        return _("Log")

    def help_text(self) -> str:
        return _(
            "What the system noted since this PC was switched on; the newest lines are the last."
            " F4 copies all of it onto the stick, for whoever looks after Reprise. F9 asks for a"
            " phrase and opens a shell, for those who know Linux."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        if self._asking:
            return ((_("Enter"), _("Open")),)
        return (("F4", _("Copy to the stick")), ("F5", _("Read again")), ("F9", _("Shell")))

    def below(self) -> Sequence[Widget]:
        return (Static(id="ask"), Field("phrase", limit=40))

    def on_mount(self) -> None:
        super().on_mount()
        self.action_read()

    @staticmethod
    def phrase() -> str:
        """What one types to open a shell. Its letters are on every keyboard of the station."""
        return _("open the shell")

    # Keys

    def action_read(self) -> None:
        self.work(lambda: self._tell(LogRead(self.side.logs.tail())))

    def action_copy(self) -> None:
        self._copied = ""
        self.trouble("")
        started = cast("Station", self.app).state.started
        name = started.session_id if started is not None else "start"
        self.work(lambda: self._tell(LogCopied(self.side.logs.copy(name))))

    def action_ask(self) -> None:
        self._ask(asking=not self._asking)

    def action_leave(self) -> None:
        if self._asking:
            self._ask(asking=False)
        else:
            self.action_close()

    def _ask(self, *, asking: bool) -> None:
        self._asking, self._copied = asking, ""
        self.trouble("")
        field = self.query_one("#phrase", Input)
        field.value = ""
        self.refresh_all()
        self.set_focus(field if asking else None)

    @on(Input.Submitted)
    def typed(self, event: Input.Submitted) -> None:
        if " ".join(event.value.split()).casefold() == self.phrase().casefold():
            self._ask(asking=False)
            self.work(self._shell)
        else:
            event.input.value = ""
            self.trouble(_("This is not the phrase: no shell was opened."))

    # Workers

    def _tell(self, message: Message) -> None:
        self.post_message(message)

    def _shell(self) -> None:
        """Journalled before it opens: whatever is done in it, the report says that it was there."""
        station = cast("Station", self.app)
        desk = station.session
        if desk is None or desk.state.started is None:
            raise RefusedError(_("The session's journal is not open yet: one moment."))
        desk.note(ShellUsed(opened=True))
        station.shell_open = True
        try:
            self.side.shell.open()
        finally:
            station.shell_open = False
            desk.note(ShellUsed(opened=False))

    # Handlers

    def on_log_read(self, message: LogRead) -> None:
        self._lines = message.lines
        self.show()
        body = self.query_one("#body")
        body.call_after_refresh(body.scroll_end, animate=False)

    def on_log_copied(self, message: LogCopied) -> None:
        self._copied = message.path
        self.show()

    # Texts

    def show(self) -> None:
        if self._lines is None:
            self.put(paint.line((_("Reading the log …"), paint.FAINT)))
        else:
            self.put(paint.lines(paint.line(line) for line in self._lines))
        field = self.query_one(Field)
        field.label(_("Phrase"))
        field.display = self._asking
        ask = self.query_one("#ask", Static)
        ask.display = self._asking or bool(self._copied)
        self.put(self._asked() if self._asking else self._told(), "#ask")

    def _told(self) -> paint.Text:
        text = _("The log was copied onto the stick: {path}").format(path=self._copied)
        return paint.line((text, paint.GOOD))

    def _asked(self) -> paint.Text:
        text = _(
            "A shell may change anything on this PC, its drives included. The work goes on beside"
            " it, and the report will say that it was opened. “exit” comes back here. To open it,"
            " type: {phrase}"
        )
        return paint.line((text.format(phrase=self.phrase()), paint.WARN))
