"""The conversation: what is asked at each step, and what goes on at the engine meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from reprise import i18n
from reprise.domain.install.options import InstallOptions
from reprise.domain.report.events import Operator, Purpose
from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.line_interface import helps
from reprise.line_interface.step import HungUpError, LineStep, MovedError, SheetError
from reprise.line_interface.terminal import (
    Changed,
    Ended,
    Inbox,
    Keys,
    LineOutput,
    LinesOnly,
    Typed,
)
from reprise.ports.sheets.station_tools import NO_TOOLS, StationTools
from reprise.sentences.confirm import known_meanwhile
from reprise.sentences.engine import line_sentence, may_pull, started_again, where_reports_go
from reprise.sentences.sheets import Sheet, offered
from reprise.workflow.engine.flow import Flow, FlowChange, Landing
from reprise.workflow.engine.port import Connection, EngineClient, InstallChoice, StationStatus
from reprise.workflow.session.state import SessionState
from reprise_common.keyboard_layouts import KeyboardState

LOOK_S = 1.0  # how often the drives' progress is looked at


class Conversation:
    """`clock`: seconds, monotonic. `local_time`: see sentences.time_left. `follow_language`: speak
    the language of the engine's settings until a person chooses another one. `on_language`: told of
    a language that was chosen, for the voice. `keys`: how the terminal gives what is typed. Only
    run() and what it calls ask the engine."""

    def __init__(
        self,
        engine: EngineClient,
        inbox: Inbox,
        write: Callable[[str], None],
        *,
        clock: Callable[[], float],
        local_time: Callable[[str], datetime | None] = lambda _zone: None,
        follow_language: bool = False,
        on_language: Callable[[str], None] = lambda _language: None,
        keys: Keys | None = None,
        sheets: Sequence[Sheet] = (),
        tools: StationTools = NO_TOOLS,
    ) -> None:
        self.engine, self.inbox, self.output = engine, inbox, LineOutput(write)
        self.clock, self.local_time = clock, local_time
        self.sheets, self.tools = sheets, tools
        self.meanwhile: Callable[[], None] = lambda: None  # at every look, while a sheet wants it
        self._in_sheet = False
        self._on_language, self.keys = on_language, keys or LinesOnly()
        self._flow = Flow(follow_language=follow_language)
        self.step = LineStep.START
        self.operator: Operator | None = None  # what was typed here
        self.question = 0  # of the start's, which is next
        self.choice: InstallChoice | None = None
        self.install: InstallOptions | None = None
        self.layout: KeyboardState | None = None  # that was loaded here
        self.heard = SessionState()  # what the person was told of the drives, and no later one
        self._line: Connection | None = None
        self._stick = ""

    @property
    def state(self) -> SessionState:
        return self.engine.state

    @property
    def status(self) -> StationStatus:
        return self.engine.status

    def run(
        self,
        steps: Mapping[LineStep, Callable[[Conversation], LineStep]],
        sheet: Callable[[Conversation, str], None] = lambda _talk, _key: None,
    ) -> None:
        """Until nobody can type any more."""
        self.engine.watch(self.inbox.changed)
        self.inbox.changed()
        try:
            while True:
                try:
                    self.step = steps[self.step](self)
                except MovedError as moved:
                    self.step = moved.to
                except SheetError as asked:
                    self._visit(lambda key=asked.key: sheet(self, key))  # type: ignore[misc]
        except HungUpError:
            if self.step is LineStep.WORK:
                self.output.say(_("The work goes on without this terminal."))

    def _visit(self, sheet: Callable[[], None]) -> None:
        """The step that is due by its end follows."""
        self._in_sheet = True
        try:
            sheet()
        finally:
            self._in_sheet, self.meanwhile = False, lambda: None

    @property
    def by_hand(self) -> bool:
        """A person is here, or at another screen."""
        return self._flow.by_hand or self.state.by_hand

    # Hearing

    @contextmanager
    def each_key(self) -> Iterator[None]:
        """Any key is an answer meanwhile, without Enter."""
        self.keys.each(True)
        try:
            yield
        finally:
            self.keys.each(False)

    def listen(self, wait_s: float = LOOK_S, keys: str | None = None) -> str | None:
        """One line that was typed, None where none was in time. `keys`: what names those that
        answer; None: any does. Raises MovedError where the conversation goes on elsewhere."""
        self.meanwhile()
        item = self.inbox.get(wait_s)
        if isinstance(item, Ended):
            raise HungUpError
        if isinstance(item, Changed):
            self._look()
        typed = self._typed(item.text) if isinstance(item, Typed) else None
        if typed is None or not (why := helps.no_answer(typed, keys)):
            return typed
        self.output.say(why)
        return None

    def ask(self, question: str, help_text: str, keys: str = "") -> str:
        """The answer, "" for Enter alone. The question is said again after whatever else was.
        `keys`: names those that answer as well as the question's."""
        self.output.ask(question)
        while True:
            typed = self.listen(keys=question + keys)
            if typed == "?":
                general = helps.general(offered(self.sheets, self.tools), in_sheet=self._in_sheet)
                self.output.say(help_text, general)
            elif typed is not None:
                return typed
            if not self.output.asked:
                self.output.ask(question)

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """What is typed meanwhile nobody else shall see or hear."""
        self.keys.hidden(True)
        self.output.echo = False
        try:
            yield
        finally:
            self.forget_typed()  # a line without its Enter would begin the next answer
            self.output.echo = True
            self.keys.hidden(False)

    def forget_typed(self) -> None:
        """It was no answer to what is asked now."""
        self.keys.forget()
        self.inbox.forget_typed()

    def wait_for(self, ready: Callable[[], bool], meanwhile: str) -> None:
        """Says what is waited for; a line typed meanwhile is answered by that, and no more."""
        if ready():
            return
        self.output.say(meanwhile)
        while not ready():
            if self.listen() is not None:
                self.output.say(line_sentence(self.engine.line) or meanwhile)

    def do(self, job: Callable[[EngineClient], None]) -> bool:
        """Ask the engine. False where it was not done: the reason was said."""
        try:
            job(self.engine)
        except RepriseError as error:
            self.output.say(str(error))
            return False
        return True

    def say(self, lines: Iterable[str]) -> None:
        self.output.say(*lines)

    def _typed(self, text: str) -> str | None:
        self.output.answered()
        self._flow.by_hand = True
        text = helps.meant(text)
        if text.upper() == "L":
            self._speak(self._flow.other_language())
            if self._in_sheet:
                return "L"
            raise MovedError(self.step)
        if (
            text.upper() in (helps.MENU, *(sheet.key for sheet in self.sheets))
            and not self._in_sheet
        ):
            raise SheetError(text.upper())
        return text

    def _speak(self, language: str) -> None:
        if language != i18n.language():
            i18n.set_language(language)
            self._on_language(language)

    # What goes on at the engine

    def _look(self) -> None:
        self._look_at_line()
        if self.engine.line is not Connection.OPEN:
            return
        self._speak(self._flow.language(self.status) or i18n.language())
        turn = self._flow.look(self.state, self.status)
        if turn.fresh:
            self._meet(turn)
        self.say(filter(None, (turn.passing, *turn.problems)))
        self._look_at_stick()
        self._move(turn)

    def _look_at_line(self) -> None:
        known, self._line = self._line, self.engine.line
        if self._line is not known:
            self.output.say(line_sentence(self.engine.line))
            if known is Connection.LOST and self._line is Connection.OPEN:
                self.output.say(_("The erasing engine answers again."))

    def _meet(self, turn: FlowChange) -> None:
        """A session that was not known."""
        started = self.state.started
        if turn.again:
            self.output.say(started_again())
        elif started is not None and started.purpose is not Purpose.REAL:
            self.output.say(_("DEMONSTRATION: nothing is erased. Ctrl+C leaves it."))
        self.name_operator()

    def name_operator(self) -> None:
        operator = self._flow.names(self.operator, self.state)
        if operator is not None:
            self.do(lambda engine: engine.name_operator(operator))

    def said_operator(self, operator: Operator) -> None:
        """A person said who works."""
        self.operator, self._flow.named = operator, True
        self.name_operator()

    def _look_at_stick(self) -> None:
        stick = self.status.stick
        known, text = self._stick, ""
        if stick is not None:
            text = " ".join(filter(None, (where_reports_go(stick), may_pull(stick))))
        if text and i18n.language() + text != known:
            self._stick = i18n.language() + text
            self.output.say(text)

    def _move(self, turn: FlowChange) -> None:
        if turn.to is not None:
            self._go(LineStep.DONE if turn.to is Landing.DONE else LineStep.WORK)
        if turn.back and self.step.value > LineStep.DRIVES.value:
            self._go(LineStep.DRIVES)
        after = self.step in (LineStep.SYSTEM, LineStep.CONFIRM)
        state = self.state
        if after and state.digest and self.has_changed(state):
            self._go(LineStep.DRIVES)

    def has_changed(self, state: SessionState) -> bool:
        """Another plan, or more of the drives, is known than the person heard: says so."""
        changed = state.read_digest != self.heard.read_digest
        if changed:
            same = state.digest == self.heard.digest
            self.output.say(known_meanwhile(state) if same else _("The plan has changed."))
        return changed

    def _go(self, to: LineStep) -> None:
        if to is self.step:
            return
        if not self._in_sheet:
            raise MovedError(to)
        self.step = to
