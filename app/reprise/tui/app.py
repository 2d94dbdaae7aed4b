"""The station's application: one session, the steps of its flow, and the workers behind them."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event as Flag
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from reprise import i18n
from reprise.errors import RepriseError
from reprise.tui import messages
from reprise.tui.attention import Attention
from reprise.tui.base import StationScreen
from reprise.tui.express import Express
from reprise.tui.screens.start import StartScreen
from reprise.tui.steps import LOOKING, STEPS, StepName, load_screens
from reprise.tui.widgets.scroll import use_plain_scroll_bars

if TYPE_CHECKING:
    from reprise.domain.events import Operator
    from reprise.domain.plan import ConfirmedBy
    from reprise.ports import OutboxItem
    from reprise.workflow.services import InstallDefaults, StationServices, StickLine
    from reprise.workflow.session import InstallChoice, Session
    from reprise.workflow.session_state import SessionState


class StationApp(App[None]):
    """`open_services` may be slow: it is called from a worker, behind the first screen. The stick
    and the outbox are looked at every `poll_s` seconds; a countdown's second takes `second_s`."""

    CSS_PATH = "station.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", show=False),
        Binding("f2", "language", show=False),
        Binding("f5", "look_again", show=False),
        Binding("f9", "large", show=False),
        Binding("f10", "express", show=False),
        Binding("ctrl+q,ctrl+c", "nothing", show=False, priority=True),
    ]

    def __init__(
        self, open_services: Callable[[], StationServices], poll_s: float = 2.0, second_s: float = 1
    ) -> None:
        super().__init__(ansi_color=True)
        use_plain_scroll_bars()
        self._open_services = open_services
        self._poll_s, self._second_s = poll_s, second_s
        self._screens: dict[StepName, StationScreen] = {}
        self._step = StepName.START
        self._stop = Flag()
        self._busy = False  # one look at the hardware at a time
        self._polling = False
        self._operator_given = False
        self.attention, self.express = Attention(self), Express(self)
        self.session: Session | None = None
        self.stick: StickLine | None = None
        self.outbox: tuple[OutboxItem, ...] = ()
        self.trouble = ""
        self.operator: Operator | None = None
        self.choice: InstallChoice | None = None
        self.chosen_for = ""
        self.install: InstallDefaults | None = None

    # What screens ask (see base.Station)

    @property
    def state(self) -> SessionState:
        if self.session is not None:
            return self.session.state
        from reprise.workflow.session_state import SessionState

        return SessionState()

    @property
    def step(self) -> StepName:
        return self._step

    def place(self) -> tuple[int, int]:
        names = [step.name for step in STEPS]
        return names.index(self._step) + 1, len(names)

    def _screen_of(self, name: StepName) -> StationScreen:
        if name not in self._screens:
            self._screens[name] = next(step.screen() for step in STEPS if step.name is name)
        return self._screens[name]

    def forward(self) -> None:
        here = self.place()[0] - 1
        if not STEPS[here].may_leave(self.state):
            return
        self.name_operator()
        if self._step is StepName.DRIVES and not self.state.erasable:
            self.seal_again()
            return
        self.go(STEPS[here + 1].name)

    def name_operator(self) -> None:
        self._operator_given = True
        self._name_operator()

    def back(self) -> None:
        here = self.place()[0] - 1
        if here > 0:
            self.go(STEPS[here - 1].name)

    def go(self, name: StepName) -> None:
        if name is not self._step:
            self._step = name
            self.trouble = ""
            while isinstance(self.screen, ModalScreen):
                self.pop_screen()
            self.switch_screen(self._screen_of(name))
            self.call_after_refresh(self.attention.show)

    def look_again(self) -> None:
        session = self.session
        if session is not None and not self._busy:
            self._busy = True
            self._work(lambda: self._look_with(session))

    def confirm(self, digest: str, by: ConfirmedBy | None = None) -> None:  # None: the operator
        self.name_operator()
        self._work(lambda: self._confirm_and_run(digest, by))

    def stop_work(self) -> None:
        self._stop.set()

    def seal_again(self) -> None:
        self._work(self._seal)

    def leave(self, restart: bool) -> None:
        if self.session is not None:
            power = self.session.services.power
            self._work(power.restart if restart else power.power_off)

    # Workers: they run in threads, block, and speak by messages only

    def _work(self, job: Callable[[], None]) -> None:
        self.run_worker(lambda: self._guarded(job), thread=True)

    def _guarded(self, job: Callable[[], None]) -> None:
        try:
            job()
        except RepriseError as error:
            self.post_message(messages.Trouble(str(error)))

    def _open(self) -> None:
        # All code that the first screen does not need: it is read now, behind that screen.
        from reprise.workflow.session import Session

        load_screens()
        services = self._open_services()
        session = Session(services, self._changed)
        session.start()
        self.post_message(messages.Opened(session))
        self._look_with(session)

    def _changed(self, state: SessionState) -> None:
        self.post_message(messages.Changed(state))

    def _look_with(self, session: Session) -> None:
        self._busy = True
        try:
            session.look()
        finally:
            self._busy = False

    def _name_operator(self) -> None:
        session, operator = self.session, self.operator
        if session is not None and operator is not None and self._operator_given:
            self._work(lambda: session.name_operator(operator))

    def _confirm_and_run(self, digest: str, by: ConfirmedBy | None) -> None:
        session = self.session
        if session is None:
            return
        session.confirm(digest, *(() if by is None else (by,)))
        self.post_message(messages.Confirmed())
        defaults = self.install or session.services.install_defaults
        session.run(self.choice, defaults, self._stop)
        self.post_message(messages.RunEnded())

    def _seal(self) -> None:
        if self.session is not None:
            self.session.seal()
            self.post_message(messages.RunEnded())

    def _poll(self) -> None:
        if self.session is not None and not self._polling:
            self._polling = True
            services = self.session.services
            self._work(lambda: self._poll_ports(services))

    def _poll_ports(self, services: StationServices) -> None:
        try:
            self.post_message(messages.StickSeen(services.stick()))
            self.post_message(messages.OutboxSeen(tuple(services.outbox.items())))
        finally:
            self._polling = False

    # Handlers

    def on_mount(self) -> None:
        self.theme = "ansi-dark"
        self.push_screen(self._screen_of(StepName.START))
        # not before the first picture: the two would share one processor
        self.call_after_refresh(self._work, self._open)
        self.set_interval(self._poll_s, self._poll)
        self.set_interval(self._second_s, self.attention.tick)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded and self.attention.key(event):
            return
        await super().on_event(event)

    def on_unmount(self) -> None:
        """However the screen ends, the work behind it ends as INTERRUPTED, not unseen."""
        self._stop.set()

    def on_opened(self, message: messages.Opened) -> None:
        self.session = message.session
        self.trouble = " ".join(message.session.problems)
        if self.operator is None:
            self.operator = message.session.services.first_operator
        start = self._screen_of(StepName.START)
        if isinstance(start, StartScreen) and not self._operator_given:
            start.prefill(self.operator)
        self._name_operator()
        self._poll()
        self._refresh()

    def on_changed(self, message: messages.Changed) -> None:
        if self._step is StepName.ERASING and message.state.install is not None:
            self.go(StepName.INSTALLING)
        self.express.again()
        self._refresh()

    def on_stick_seen(self, message: messages.StickSeen) -> None:
        changed, self.stick = message.stick != self.stick, message.stick
        if changed:
            self._refresh()

    def on_outbox_seen(self, message: messages.OutboxSeen) -> None:
        changed, self.outbox = message.items != self.outbox, message.items
        if changed:
            self._refresh()

    def on_trouble(self, message: messages.Trouble) -> None:
        if self._step is StepName.CONFIRM:
            self.go(StepName.DRIVES)
            self.look_again()
        self.trouble = message.text
        self._refresh()

    def on_confirmed(self) -> None:
        self.go(StepName.ERASING)

    def on_run_ended(self) -> None:
        self.go(StepName.DONE)
        self._poll()
        if self.session is not None and self.session.problems:
            self.trouble = self.session.problems[-1]
        self._refresh()

    def _refresh(self) -> None:
        self._screen_of(self._step).refresh_all()

    # Keys of every screen

    def action_help(self) -> None:
        screen = self.screen
        if isinstance(screen, StationScreen):
            from reprise.tui.screens.panel import HelpPanel

            self.push_screen(HelpPanel(screen.title_text(), screen.help_text()))

    def action_language(self) -> None:
        i18n.set_language("en" if i18n.language() == "fr" else "fr")
        self._refresh()

    def action_large(self) -> None:
        self.attention.toggle()

    def action_express(self) -> None:
        self.express.go()

    def action_look_again(self) -> None:
        if self._step in LOOKING and isinstance(self.screen, StationScreen):
            self.look_again()

    def action_nothing(self) -> None:
        """The station is the whole machine: there is nothing to leave it for."""
