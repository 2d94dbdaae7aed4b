"""What all screens share: a head line, a body, the stick's line, the key line, help."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from reprise.i18n import _, again, language
from reprise.sentences.engine import line_sentence, may_pull, where_reports_go
from reprise.tui import aside, paint
from reprise.tui.widgets.scroll import Body
from reprise.workflow.desk.port import Line

if TYPE_CHECKING:
    from reprise.domain.events import Operator
    from reprise.domain.keyboard_layouts import KeyboardState
    from reprise.domain.plan import ConfirmedBy
    from reprise.domain.unreached import Unreached
    from reprise.ports import OutboxItem
    from reprise.tool_ports.tools import Tools
    from reprise.tui.attention import Attention
    from reprise.tui.checking import Checks
    from reprise.tui.express import Express
    from reprise.workflow.desk.port import Desk, InstallChoice
    from reprise.workflow.services import InstallDefaults, StickLine
    from reprise.workflow.session_state import SessionState


class Station(Protocol):
    """What a screen may ask of the application."""

    session: Desk | None  # reading it never blocks; only the application asks it, in workers
    trouble: str
    notice: Callable[[], str]  # why the way to the plan stopped at this step
    operator: Operator | None
    choice: InstallChoice | None
    chosen_for: str  # digest of the plan that `choice` was made for
    install: InstallDefaults | None
    keyboard: KeyboardState | None  # which layout is loaded; None: not looked at yet
    attention: Attention
    express: Express
    tools: Tools
    checks: Checks

    @property
    def state(self) -> SessionState: ...
    @property
    def stick(self) -> StickLine | None: ...
    @property
    def outbox(self) -> tuple[OutboxItem, ...]: ...
    def forward(self) -> None: ...
    def back(self) -> None: ...
    def place(self) -> tuple[int, int]: ...
    def look_again(self) -> None: ...
    def confirm(self, digest: str, by: ConfirmedBy | None = None) -> None: ...
    def state_storage(self, about: Unreached) -> None: ...
    def stop_work(self) -> None: ...
    def seal_again(self) -> None: ...
    def leave(self, restart: bool) -> None: ...


class Framed(Screen[None]):
    """The frame of a step or a sheet. Subclasses give `title_text`, `body`, `show`, `help_text`
    and `actions`."""

    AUTO_FOCUS: ClassVar[str | None] = "Input"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (aside.WIDE, "-wide")]  # noqa: RUF012 - Textual's own
    ASIDE = False  # whether the steps stand beside the body, where there is room
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_body(-1)", show=False),
        Binding("down", "scroll_body(1)", show=False),
        Binding("pageup", "scroll_body(-10)", show=False),
        Binding("pagedown", "scroll_body(10)", show=False),
    ]

    @property
    def station(self) -> Station:
        return cast("Station", self.app)

    @property
    def state(self) -> SessionState:
        return self.station.state

    @abstractmethod
    def title_text(self) -> str: ...

    @abstractmethod
    def help_text(self) -> str: ...

    def actions(self) -> Sequence[tuple[str, str]]:
        """The keys of this screen, besides F1 and F2."""
        return ((_("Enter"), _("Continue")),)

    def body(self) -> Sequence[Widget]:
        return (Static(id="text"),)

    def take(self) -> None:
        """Keep what was typed or chosen on this screen."""

    def show(self) -> None:
        """Write all texts of the body, in the language in force."""

    def may_click(self, key: str) -> bool:  # noqa: ARG002 - asked of every screen
        """Whether a click on this key's name in the key line presses it."""
        return True

    def choose(self, row: int) -> None:
        """A row of this screen's list was clicked: see pressing.choosing."""

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        with Horizontal(id="middle"):
            with Body(id="body"):
                yield from self.body()
            if self.ASIDE:
                yield aside.Aside(id="aside")
        yield Static(id="trouble")
        yield Static(id="stick")
        yield Static(id="keys")

    def on_mount(self) -> None:
        self.refresh_all()

    def on_screen_resume(self) -> None:
        self.refresh_all()

    def refresh_all(self) -> None:
        # while the application closes, its last messages find no widgets any more
        if not (self.is_mounted and self.app.is_running):
            return
        self._frame()
        self.show()

    @property
    def room(self) -> int:
        """Cells of one row of the body: without its padding and scroll bar."""
        return self.app.size.width - (aside.WIDTH if self.beside else 0) - 5

    @property
    def beside(self) -> bool:
        """Whether the steps stand beside the body now."""
        return self.ASIDE and self.app.size.width >= aside.WIDE

    def put(self, text: paint.Text, where: str = "#text") -> None:
        self.query_one(where, Static).update(text)

    def _frame(self) -> None:
        title, step = self.title_text(), self.step_text()
        name = "REPRISE   " + self._demo()
        gap = max(self.app.size.width - 2 - len(name) - len(title) - len(step), 1)
        self.put(paint.line(name, title, " " * gap, step), "#head")
        said = (again(self.station.trouble), paint.BAD), (self.station.notice(), paint.WARN)
        rows = [paint.indent(paint.line(one), self.app.size.width - 4, 0) for one in said if one[0]]
        self.put(paint.lines(rows), "#trouble")
        self.query_one("#trouble").set_class(bool(rows), "shown")
        self.put(self._bottom(), "#stick")
        for column in self.query(aside.Aside):
            column.set_class(not self.beside, "alone")
            here, installs = self.station.place()[0] - 1, self.station.choice is not None
            column.show(here, installs=installs)
        other = "English" if language() == "fr" else "Français"
        asked = [*self.actions(), ("F1", _("Help")), ("F2", other)]
        self.put(paint.keys(with_room(asked, self.more_keys(), self.app.size.width - 2)), "#keys")

    def step_text(self) -> str:
        """At the right of the head line."""
        return ""

    def more_keys(self) -> Sequence[tuple[str, str]]:
        """Named in the key line where there is room for them."""
        return ()

    def _demo(self) -> str:
        """On every screen of a demonstration: a picture of it must not be taken for a proof."""
        started = self.state.started
        if started is None:
            return ""
        from reprise.domain.events import Purpose  # loaded by now; the first picture is not

        return "" if started.purpose is Purpose.REAL else _("DEMO (Ctrl+Q: leave)") + "   "

    def _bottom(self) -> paint.Text:
        """Where the reports go; before that, whether there is an engine at all."""
        away = engine_line(self.station.session)
        return stick_line(self.station.stick) if away is None else away

    def action_scroll_body(self, rows: int) -> None:
        self.query_one("#body").scroll_relative(y=rows, animate=False)


class StationScreen(Framed):
    """One step of the flow."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False),
        Binding("enter", "forward", show=False),
        Binding("f10", "to_the_plan", show=False),
        Binding("f11", "large", show=False),
    ]

    def step_text(self) -> str:
        here, of = self.station.place()
        return _("step {here} of {of}").format(here=here, of=of)

    def more_keys(self) -> Sequence[tuple[str, str]]:
        from reprise.tui.sheets import offered

        tools = self.station.tools
        sheets = [(sheet.key_name, sheet.title()) for sheet in offered(tools)]
        letters = () if tools.letters is None else (("Ctrl+T", _("Text size")),)
        return (*sheets, *letters)

    def action_forward(self) -> None:
        self.station.forward()

    def action_back(self) -> None:
        self.take()
        self.station.back()

    def action_large(self) -> None:
        self.station.attention.toggle()

    def action_to_the_plan(self) -> None:
        self.station.express.go()


def with_room(
    asked: Sequence[tuple[str, str]], more: Sequence[tuple[str, str]], width: int
) -> list[tuple[str, str]]:
    """The keys with those of `more` that fit into `width` cells, before the last two (help and
    language)."""
    shown = list(asked)
    for key in more:
        longer = [*shown[:-2], key, *shown[-2:]]
        if paint.keys(longer).cell_length <= width:
            shown = longer
    return shown


def engine_line(desk: Desk | None) -> paint.Text | None:
    """What is wrong with the line to the engine; None while it is open."""
    line = Line.SEEKING if desk is None else desk.line
    text = line_sentence(line)
    if not text:
        return None
    return paint.line(text if line is Line.SEEKING else (text, paint.BAD))


def stick_line(stick: StickLine | None) -> paint.Text:
    """Where reports go and whether the stick may be pulled: always on the screen."""
    if stick is None:
        return paint.line(_("Looking for the Reprise stick…"))
    style = paint.WARN if stick.where == "memory" else paint.PLAIN
    return paint.line((where_reports_go(stick), style), "  ", (may_pull(stick), paint.STRONG))
