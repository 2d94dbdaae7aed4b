"""The station's application: the steps of the flow, and the workers that ask the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pkgutil import resolve_name
from threading import Event as Flag
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType

from reprise import i18n
from reprise.ports.sheets.station_tools import NO_TOOLS, StationTools
from reprise.sentences.sheets import offered
from reprise.tui import messages
from reprise.tui.asking import AskingApp
from reprise.tui.base import Framed, StationScreen
from reprise.tui.checking import Checks
from reprise.tui.express import Express
from reprise.tui.follow import step_to, trouble_of
from reprise.tui.idle import Idle
from reprise.tui.pointing import Pointing
from reprise.tui.screens.sheet import SheetScreen
from reprise.tui.screens.start import StartScreen
from reprise.tui.sheets import SheetKeys
from reprise.tui.steps import LOOKING, STEPS, StepName, place_at
from reprise.tui.widgets.scroll import use_plain_scroll_bars
from reprise.workflow.engine.flow import Flow, proposed_operator

if TYPE_CHECKING:
    from reprise.domain.report.events import Operator
    from reprise.sentences.sheets import Sheet
    from reprise.tui.station import Place
    from reprise.workflow.engine.port import EngineClient, StationStatus

_REFRESH_S = 0.1  # twelve drives tell a lot: a key must not wait for a picture of each word


class StationApp(AskingApp):
    """`open_engine` is called in a worker, behind the first picture. `follow_language`: speak the
    language of the engine's settings until a person chooses another one. `second_s`: what a
    countdown takes for a second."""

    CSS_PATH = "station.tcss"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False  # a mouse that is dragged marks no text: there is nowhere to paste it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", show=False),
        Binding("f2", "language", show=False),
        Binding("f5", "look_again", show=False),
        Binding("ctrl+q,ctrl+c", "nothing", show=False, priority=True),
    ]

    def __init__(
        self,
        open_engine: Callable[[], EngineClient],
        sheets: Sequence[Sheet] = (),
        *,
        follow_language: bool = False,
        tools: StationTools = NO_TOOLS,
        second_s: float = 1.0,
    ) -> None:
        super().__init__()
        use_plain_scroll_bars()
        i18n.remember_texts()
        self._open_engine = open_engine
        self.flow = Flow(follow_language=follow_language)
        self._screens: dict[StepName, StationScreen] = {}
        self._step = StepName.START
        self._told = Flag()  # one message about changes is on its way at a time
        self._stale = False  # what is shown is about to be written again
        self.tools, self._second_s = tools, second_s
        self.sheets: Sequence[Sheet] = offered(sheets, tools)
        self.checks = Checks(self, tools.checks, self._work, self._ask)
        self.idle, self.express = Idle(self), Express(self)
        self._sheet_keys = SheetKeys(self, self.sheets, self.show_step)
        self._pointing = Pointing(self, tools.mouse, self.idle.click)
        self.trouble = ""
        self.notice: Callable[[], str] = str
        self.operator: Operator | None = None
        self.chosen_for = ""

    # What screens ask (see station.Station)

    @property
    def step(self) -> StepName:
        return self._step

    def place(self) -> Place:
        return place_at(self._step, installs=self.choice is not None)

    def _screen_of(self, name: StepName) -> StationScreen:
        if name not in self._screens:
            screen: StationScreen = resolve_name(STEPS[name.at].screen)()
            # kept whole when it is left: what was typed stays, and coming back takes no time
            self.install_screen(screen, name)
            self._screens[name] = screen
        return self._screens[name]

    def forward(self) -> None:
        here = self._step.at
        if not STEPS[here].may_leave(self.state):
            return
        if self._step is StepName.START:
            self.name_operator()
        if self._step is StepName.DRIVES and not self.state.erasable:
            self.seal_again()
            return
        self.go(STEPS[here + 1].name)

    def name_operator(self) -> None:
        self.flow.named = True
        self._name_operator()

    def back(self) -> None:
        if self._step is not StepName.START:
            self.go(STEPS[self._step.at - 1].name)

    def go(self, name: StepName) -> None:
        if name is not self._step:
            self._step = name
            self.trouble, self.notice = "", str
            while not isinstance(self.screen, StationScreen | SheetScreen):
                self.pop_screen()  # a panel over the step that is left
            self.show_step()
            self.call_after_refresh(self.idle.show)

    def show_step(self) -> None:
        """Where a sheet does not hide it: then it comes when that closes."""
        due = self._screen_of(self._step)
        if isinstance(self.screen, StationScreen) and self.screen is not due:
            self.switch_screen(due)

    def _open(self) -> None:
        engine = self._open_engine()
        # All code that the first screen does not need: it is read now, behind that screen, and
        # afterwards the stick may be pulled.
        shown = (*(step.screen for step in STEPS), *(sheet.screen for sheet in self.sheets))
        large = ("reprise.tui.summary", "reprise.sentences.time_left")
        for name in (*shown, *large):
            resolve_name(name)
        self._pointing.start()
        engine.watch(self._tell)
        self.post_message(messages.Opened(engine))
        self.look_at_keyboard()

    def _tell(self) -> None:
        """From any of the engine's threads, as often as it likes."""
        if not self._told.is_set():
            self._told.set()
            self.post_message(messages.Changed())

    def _name_operator(self) -> None:
        operator = self.flow.names(self.operator, self.state)
        if operator is not None:
            self._ask(lambda engine: engine.name_operator(operator))

    # Handlers

    def on_mount(self) -> None:
        self.theme = "ansi-dark"
        self.push_screen(self._screen_of(StepName.START))
        # not before the first picture: the two would share one processor
        self.call_after_refresh(self._work, self._open)
        self.set_interval(self._second_s, self.idle.tick)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded and self._taken(event):
            return
        if isinstance(event, events.MouseEvent) and not event.is_forwarded:
            if not self.screen_stack:  # the application closes
                return
            if isinstance(event, events.MouseDown):
                self.idle.here()
        await super().on_event(event)

    def _taken(self, key: events.Key) -> bool:
        """Before any key reaches a screen."""
        return self.idle.key(key) or self._sheet_keys.key(key)

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """What the mouse does meanwhile is not meant for this screen."""
        self._pointing.deaf = True
        try:
            with super().suspend():
                yield
        finally:
            self._pointing.deaf = False

    def on_click(self, event: events.Click) -> None:
        self._pointing.click(event)

    def on_key_pressed(self) -> None:
        self.idle.touched()

    def on_pointer_pressed(self) -> None:
        self.idle.click()

    def on_unmount(self) -> None:
        """The engine is told by the link's end; it goes on, unless it is in this very process."""
        self.checks.end()
        self._pointing.stop()
        self.telling.stop()
        if self.engine is not None:
            self.engine.close()

    def on_opened(self, message: messages.Opened) -> None:
        self.engine = message.engine
        self.on_changed()

    def on_changed(self) -> None:
        self._told.clear()  # first: what comes from here on is told again
        if self.engine is None:
            return
        self._take(self.engine.status)
        self.checks.follow()
        turn = self.flow.look(self.engine.state, self.engine.status)
        to, trouble = step_to(turn, self._step), trouble_of(turn, self.engine.status.problems)
        if to is not None:
            self.go(to)
        if turn.person:
            self.idle.elsewhere()
        if turn.fresh:
            self._name_operator()
        if trouble:
            self.trouble = trouble
        self.express.again()
        if not self._stale:
            self._stale = True
            self.set_timer(_REFRESH_S, self._refresh)

    def _take(self, status: StationStatus) -> None:
        """What the settings or another screen said, where nobody said anything else here."""
        language = self.flow.language(status)
        if language:
            i18n.set_language(language)
        if status.order is not None:
            self.choice, self.install = status.order.install, status.order.with_
        proposed = proposed_operator(self.state, status)
        if self.operator is None and proposed is not None:
            self._work(self.look_at_keyboard)  # the settings may name another layout
            self.operator = proposed
            start = self._screen_of(StepName.START)
            if isinstance(start, StartScreen) and not self.flow.named:
                start.prefill(self.operator)

    def on_trouble(self, message: messages.Trouble) -> None:
        if self._step is StepName.CONFIRM:
            self.go(StepName.DRIVES)
            self.look_again()
        self.trouble = message.text
        self._refresh()

    def on_check_told(self, message: messages.CheckTold) -> None:
        if message.item.check in self.checks.listeners:
            self.idle.here()  # keys that are read raw are seen nowhere else
        self.checks.take(message.item)
        self._refresh()

    def _refresh(self) -> None:
        self._stale = False
        self._screen_of(self._step).refresh_all()
        for sheet in self.screen_stack:
            if isinstance(sheet, SheetScreen):
                sheet.refresh_all()

    # Keys of every screen

    def action_help(self) -> None:
        screen = self.screen
        if isinstance(screen, Framed):
            from reprise.tui.screens.panel import HelpPanel

            keys = screen.more_keys()
            self.push_screen(HelpPanel(screen.title_text(), screen.help_text(), keys))

    def action_enlarge(self) -> None:
        self.idle.toggle()

    def action_to_the_plan(self) -> None:
        self.express.go()

    def action_language(self) -> None:
        i18n.set_language(self.flow.other_language())
        self._refresh()

    def action_look_again(self) -> None:
        if self._step in LOOKING and isinstance(self.screen, StationScreen):
            self.look_again()

    def action_nothing(self) -> None:
        """The station is the whole machine: there is nothing to leave it for."""
