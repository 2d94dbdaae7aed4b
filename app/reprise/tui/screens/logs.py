"""Logs and maintenance: what the system and Reprise wrote, on the screen and onto the stick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from reprise.domain.station.logs import LogPage
from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.tui.drawing import paint
from reprise.tui.drawing.logview import LogView
from reprise.tui.screens.maintenance import MaintenanceScreen
from reprise.tui.screens.sheet import SheetScreen

if TYPE_CHECKING:
    from reprise.ports.sheets.logs import Logs

_AROUND = 10  # rows of a screen that are not the log's
_LOOK_S = 2.0
_PAGE = 10


class PageLoaded(Message):
    """A page for `view`; `failure`: why there is none."""

    def __init__(self, view: LogView, page: LogPage, failure: RepriseError | None = None) -> None:
        super().__init__()
        self.view, self.page, self.failure = view, page, failure


class Copied(Message):
    """Into `folder`; or why not."""

    def __init__(self, folder: str, failure: RepriseError | None = None) -> None:
        super().__init__()
        self.folder, self.failure = folder, failure


def _no_words() -> paint.Part:
    return ""


class LogsScreen(SheetScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_log(-1)", show=False),
        Binding("down", "scroll_log(1)", show=False),
        Binding("pageup", f"scroll_log(-{_PAGE})", show=False),
        Binding("pagedown", f"scroll_log({_PAGE})", show=False),
        Binding("home", "scroll_log(-1000000)", show=False),
        Binding("end", "scroll_log(1000000)", show=False),
        Binding("enter", "copy", show=False),
        Binding("f5", "everything", show=False),
        Binding("f9", "maintenance", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._view = LogView()
        self._everything = False
        self._cursor = ""
        self._reading = self._copying = False
        self._failure: RepriseError | None = None
        self._say: Callable[[], paint.Part] = _no_words  # in the language in force

    def title_text(self) -> str:
        return _("Logs and maintenance")

    def help_text(self) -> str:
        return _(
            "What Reprise has logged since this PC was switched on; F5 shows the whole system's"
            " log. The arrows and page keys scroll; End goes back to the newest line and follows"
            " it. Enter copies all logs to the stick, into a separate folder, without passwords:"
            " give that folder to whoever looks into a fault. F9 leads to the maintenance shell."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        other = _("Reprise") if self._everything else _("Everything")
        return (
            (_("Enter"), _("Copy")),
            ("F5", other),
            *super().actions(),
        )

    def body(self) -> Sequence[Widget]:
        return (Static(id="text"), Static(id="list"), Static(id="said"))

    def on_mount(self) -> None:
        super().on_mount()
        self._look()
        self.set_interval(_LOOK_S, self._look)

    # What is shown

    @property
    def has_lines(self) -> bool:
        return bool(self._view)

    @property
    def has_copied(self) -> bool:
        """Or tried to."""
        return bool(self._say()) and not self._copying

    @property
    def _height(self) -> int:
        return max(self.app.size.height - _AROUND, 3)

    def show(self) -> None:
        which = _("Log of the whole system") if self._everything else _("Log of Reprise")
        follows = _("follows the newest line") if self._view.follows else _("End: newest line")
        more = paint.keys((("F9", _("Maintenance")),))
        self.put(paint.line((which, paint.STRONG), f"   {follows}    ") + more)
        self.put(paint.lines(paint.line(row) for row in self._rows()), "#list")
        late = self._failure is not None and self.has_lines  # what was read before stays
        said = (str(self._failure), paint.BAD) if late else self._say()
        self.put(paint.indent(paint.line(said), self.room, 0), "#said")

    def _rows(self) -> list[str]:
        if self.has_lines:
            return self._view.window(self._height)
        if self._failure is not None:
            return [str(self._failure)]
        return [_("Reading…") if self._reading else _("Nothing was written yet.")]

    # What is done

    def action_scroll_log(self, rows: int) -> None:
        self._view.scroll(rows, self._height)
        self.show()

    def action_everything(self) -> None:
        self._everything, self._cursor, self._view = not self._everything, "", LogView()
        self._reading = False
        self._look()
        self.refresh_all()

    def action_copy(self) -> None:
        logs = self.station.tools.logs
        if logs is not None and not self._copying:
            self._copying, self._say = True, lambda: _("Copying the logs…")
            self.show()
            self.run_worker(lambda: self._copy(logs), thread=True)

    def action_maintenance(self) -> None:
        if self.station.tools.shell is None:
            self._say = _no_shell
            self.show()
            return
        self.app.push_screen(MaintenanceScreen())

    def _look(self) -> None:
        logs = self.station.tools.logs
        if logs is not None and not self._reading:
            self._reading = True
            job = partial(self._read, logs, self._view, self._cursor, everything=self._everything)
            self.run_worker(job, thread=True)

    # Workers

    def _read(
        self, logs: Callable[[], Logs], view: LogView, cursor: str, *, everything: bool
    ) -> None:
        try:
            self.post_message(PageLoaded(view, logs().read(cursor, everything=everything)))
        except RepriseError as error:
            self.post_message(PageLoaded(view, LogPage(), error))

    def _copy(self, logs: Callable[[], Logs]) -> None:
        try:
            self.post_message(Copied(logs().copy()))
        except RepriseError as error:
            self.post_message(Copied("", error))

    def on_page_loaded(self, message: PageLoaded) -> None:
        if message.view is not self._view:
            return  # the other log is shown by now
        self._reading, self._failure = False, message.failure
        self._cursor = message.page.cursor or self._cursor
        self._view.add(message.page.lines, self.room)
        self.show()

    def on_copied(self, message: Copied) -> None:
        self._copying = False
        self._say = partial(self._copied, message.folder, message.failure)
        self.show()

    def _copied(self, folder: str, failure: RepriseError | None) -> paint.Part:
        if failure is not None:
            return str(failure), paint.BAD
        copied = _("Copied to the stick, folder {folder}. Passwords were left out.")
        if self.station.status.stick is not None and self.station.status.stick.where == "folder":
            copied = _("Copied into the folder {folder} of this machine. Passwords were left out.")
        return copied.format(folder=folder), paint.GOOD


def _no_shell() -> paint.Part:
    none = _("A demonstration has no maintenance shell: it would be a shell on this very machine.")
    return none, paint.WARN
