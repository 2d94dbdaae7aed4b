"""What all screens share: a head line, a body, the stick's line, the key line, help."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from reprise.domain.report.events import Purpose
from reprise.i18n import _, again, language
from reprise.sentences.engine import line_sentence, may_pull, where_reports_go
from reprise.tui import steps_column
from reprise.tui.drawing import paint
from reprise.tui.widgets.scroll import Body
from reprise.workflow.engine.port import Connection

if TYPE_CHECKING:
    from textual.widgets import OptionList

    from reprise.tui.station import Station
    from reprise.workflow.engine.port import EngineClient
    from reprise.workflow.session.services import StickLine
    from reprise.workflow.session.state import SessionState


class Framed(Screen[None]):
    """The frame of a step or a sheet. Subclasses give `title_text`, `body`, `show`, `help_text`
    and `actions`."""

    AUTO_FOCUS: ClassVar[str | None] = "Input"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (steps_column.WIDE, "-wide")]  # noqa: RUF012 - Textual's own
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

    def todo(self) -> Sequence[str] | None:
        """What to do now, for the column beside the body: the first paragraph is what, the others
        why. None: as the step has it."""
        return None

    def take(self) -> None:
        """Keep what was typed or chosen on this screen."""

    def show(self) -> None:
        """Write all texts of the body, in the language in force."""

    def may_click(self, key: str) -> bool:  # noqa: ARG002 - asked of every screen
        """Whether a click on this key's name in the key line presses it."""
        return True

    def choose(self, row: int) -> None:
        """Of this screen's list, because it was clicked."""

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.choose(event.option_index)

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        with Horizontal(id="middle"):
            with Body(id="body"):
                yield from self.body()
            if self.ASIDE:
                yield steps_column.StepsColumn(id="steps-column")
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
        return self.app.size.width - (steps_column.WIDTH if self.beside else 0) - 5

    @property
    def beside(self) -> bool:
        """Whether the steps stand beside the body now."""
        return self.ASIDE and self.app.size.width >= steps_column.WIDE

    def put(self, text: paint.Text, where: str = "#text") -> None:
        self.query_one(where, Static).update(text)

    def _frame(self) -> None:
        title, step = self.title_text(), self.step_text()
        name = "REPRISE   " + self._demo()
        gap = max(self.app.size.width - 2 - len(name) - len(title) - len(step), 1)
        self.put(paint.line(name, title, " " * gap, step), "#head")
        said = [part for part in self.said_below() if part[0]]
        rows = [paint.indent(paint.line(part), self.app.size.width - 4, 0) for part in said]
        self.put(paint.lines(rows), "#trouble")
        self.query_one("#trouble").set_class(bool(rows), "shown")
        self.put(self._bottom(), "#stick")
        for column in self.query(steps_column.StepsColumn):
            column.set_class(not self.beside, "alone")
            column.show(self.station.place(), self.todo())
        other = "English" if language() == "fr" else "Français"
        asked = [*self.actions(), ("F1", _("Help")), ("F2", other)]
        self.put(paint.keys(with_room(asked, self.more_keys(), self.app.size.width - 2)), "#keys")

    def step_text(self) -> str:
        """At the right of the head line."""
        return ""

    def said_below(self) -> Sequence[tuple[str, str]]:
        """What went wrong or is to be looked at, with its style, above the stick's line."""
        station = self.station
        wrong, passing = again(station.trouble), again(station.status.passing)
        return (wrong, paint.BAD), (passing, paint.WARN), (station.notice(), paint.WARN)

    def more_keys(self) -> Sequence[tuple[str, str]]:
        """Named in the key line where there is room for them."""
        return ()

    def _demo(self) -> str:
        """On every screen of a demonstration: a picture of it must not be taken for a proof."""
        started = self.state.started
        if started is None or started.purpose is Purpose.REAL:
            return ""
        return _("DEMO (Ctrl+Q: leave)") + "   "

    def _bottom(self) -> paint.Text:
        """Where the reports go; before that, whether there is an engine at all."""
        return engine_line(self.station.engine) or stick_line(self.station.status.stick)

    def action_scroll_body(self, rows: int) -> None:
        self.query_one("#body").scroll_relative(y=rows, animate=False)


class StationScreen(Framed):
    """One step of the flow."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False),
        Binding("enter", "forward", show=False),
        Binding("f10", "app.to_the_plan", show=False),
        Binding("f11", "app.enlarge", show=False),
    ]

    def step_text(self) -> str:
        place = self.station.place()
        return _("step {here} of {of}").format(here=place.here + 1, of=len(place.steps))

    def more_keys(self) -> Sequence[tuple[str, str]]:
        sheets = [(sheet.key, sheet.title()) for sheet in self.station.sheets]
        letters = () if self.station.tools.letters is None else (("Ctrl+T", _("Text size")),)
        return (*sheets, *letters)

    def action_forward(self) -> None:
        self.station.forward()

    def action_back(self) -> None:
        self.take()
        self.station.back()


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


def engine_line(engine: EngineClient | None) -> paint.Text | None:
    """What is wrong with the line to the engine; None while it is open."""
    line = Connection.SEEKING if engine is None else engine.line
    text = line_sentence(line)
    if not text:
        return None
    return paint.line(text if line is Connection.SEEKING else (text, paint.BAD))


def stick_line(stick: StickLine | None) -> paint.Text:
    """Where reports go and whether the stick may be pulled: always on the screen."""
    if stick is None:
        return paint.line(_("Looking for the Reprise stick…"))
    style = paint.WARN if stick.where == "memory" else paint.PLAIN
    return paint.line((where_reports_go(stick), style), "  ", (may_pull(stick), paint.STRONG))
