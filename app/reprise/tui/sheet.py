"""Sheets: full screens laid over the step where one was. Esc goes back to exactly there, and what
goes on behind goes on."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from reprise import i18n
from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.tui import paint
from reprise.tui.messages import Trouble
from reprise.tui.widgets.scroll import Body

if TYPE_CHECKING:
    from reprise.tui.base import Station
    from reprise.workflow.side import Side


class Sheet(ModalScreen[None]):
    """Subclasses give `title_text`, `help_text`, `actions`, `show`. No key of the step below is
    heard while a sheet is open. Jobs run in threads and speak by messages."""

    AUTO_FOCUS: ClassVar[str | None] = ""  # no field before one is asked for
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False),
        Binding("f1", "help", show=False),
        Binding("f2", "language", show=False),
        Binding("up", "scroll_body(-1)", show=False),
        Binding("down", "scroll_body(1)", show=False),
        Binding("pageup", "scroll_body(-10)", show=False),
        Binding("pagedown", "scroll_body(10)", show=False),
    ]

    def __init__(self, side: Side) -> None:
        super().__init__()
        self.side = side

    @abstractmethod
    def title_text(self) -> str: ...

    @abstractmethod
    def help_text(self) -> str: ...

    @abstractmethod
    def show(self) -> None:
        """Write all texts of the body, in the language in force."""

    def actions(self) -> Sequence[tuple[str, str]]:
        """The keys of this sheet, besides Esc, F1 and F2."""
        return ()

    def below(self) -> Sequence[Widget]:
        """Widgets under the body, always in sight."""
        return ()

    def network_changed(self) -> None:
        """A cable or an address came or went."""

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        with Body(id="body"):
            yield Static(id="text")
        yield from self.below()
        yield Static(id="trouble")
        yield Static(id="keys")

    def on_mount(self) -> None:
        self.refresh_all()

    def on_screen_resume(self) -> None:
        self.refresh_all()

    def refresh_all(self) -> None:
        if not (self.is_mounted and self.app.is_running):
            return
        here, of = cast("Station", self.app).place()
        title, back = self.title_text(), _("over step {here} of {of}").format(here=here, of=of)
        gap = max(self.app.size.width - 2 - len("REPRISE   ") - len(title) - len(back), 1)
        self.put(paint.line("REPRISE   ", title, " " * gap, back), "#head")
        other = "English" if i18n.language() == "fr" else "Français"
        common = ((_("Esc"), _("Back")), ("F1", _("Help")), ("F2", other))
        own = self.actions()
        self.put(paint.lines(paint.keys(row) for row in (own, common) if row), "#keys")
        self.show()

    @property
    def room(self) -> int:
        """Cells of one row of the body: without its padding and scroll bar."""
        return self.app.size.width - 5

    def put(self, text: paint.Text, where: str = "#text") -> None:
        self.query_one(where, Static).update(text)

    def trouble(self, text: str) -> None:
        """A sentence in red over the key line; "" takes it away."""
        line = self.query_one("#trouble", Static)
        line.update(paint.line(text))
        line.set_class(bool(text), "shown")

    def work(self, job: Callable[[], None]) -> None:
        """Run what blocks in a thread of its own; its errors are told on the sheet."""
        self.run_worker(lambda: self._guarded(job), thread=True)

    def _guarded(self, job: Callable[[], None]) -> None:
        try:
            job()
        except RepriseError as error:
            self.post_message(Trouble(str(error)))

    def on_trouble(self, message: Trouble) -> None:
        message.stop()
        self.trouble(message.text)

    def action_close(self) -> None:
        self.dismiss(None)

    def action_help(self) -> None:
        from reprise.tui.screens.panel import HelpPanel

        self.app.push_screen(HelpPanel(self.title_text(), self.help_text()))

    def action_language(self) -> None:
        i18n.set_language("en" if i18n.language() == "fr" else "fr")
        self.refresh_all()

    def action_scroll_body(self, rows: int) -> None:
        self.query_one("#body").scroll_relative(y=rows, animate=False)
