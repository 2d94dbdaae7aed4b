"""The conversation: what is asked at each step, and what goes on at the engine meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import Enum, auto

from reprise import i18n
from reprise.domain.events import Operator, Purpose
from reprise.domain.keyboard_layouts import KeyboardState
from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.linear.terminal import Changed, Ended, Inbox, Keys, LinesOnly, Mouth, Typed
from reprise.sentences.engine import line_sentence, may_pull, started_again, where_reports_go
from reprise.tool_ports.tools import NO_TOOLS, Tools
from reprise.workflow.desk.flow import Flow, Landing, Turn
from reprise.workflow.desk.port import Board, Desk, InstallChoice, Line
from reprise.workflow.services import InstallDefaults
from reprise.workflow.session_state import SessionState

LOOK_S = 1.0  # how often the drives' progress is looked at


class Step(Enum):
    """In the order of the flow."""

    START = auto()
    MACHINE = auto()
    DRIVES = auto()
    SYSTEM = auto()
    CONFIRM = auto()
    WORK = auto()
    DONE = auto()


class MovedError(Exception):
    """What is asked is out of date: the conversation goes on at `to`."""

    def __init__(self, to: Step) -> None:
        super().__init__(to)
        self.to = to


class HungUpError(Exception):
    """Nobody can type any more."""


class SheetError(Exception):
    """A person asks for a sheet: the step goes on where it was, afterwards."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


SHEET_KEYS = ("M", "F3", "F6", "F7", "F9", "F12")  # M: which there are


class Talk:
    """`clock`: seconds, monotonic. `local_time`: see sentences.left. `follow_language`: speak the
    language of the engine's settings until a person chooses another one. `on_language`: told of a
    language that was chosen, for the voice. `keys`: how the terminal gives what is typed. Only
    run() and what it calls ask the desk."""

    def __init__(
        self,
        desk: Desk,
        inbox: Inbox,
        write: Callable[[str], None],
        *,
        clock: Callable[[], float],
        local_time: Callable[[str], datetime | None] = lambda _zone: None,
        follow_language: bool = False,
        on_language: Callable[[str], None] = lambda _language: None,
        keys: Keys | None = None,
        tools: Tools = NO_TOOLS,
    ) -> None:
        self.desk, self.inbox, self.mouth = desk, inbox, Mouth(write)
        self.clock, self.local_time, self.tools = clock, local_time, tools
        self.meanwhile: Callable[[], None] = lambda: None  # at every look, while a sheet wants it
        self._in_sheet = False
        self._on_language, self._keys = on_language, keys or LinesOnly()
        self._flow = Flow(follow_language=follow_language)
        self.step = Step.START
        self.operator: Operator | None = None  # what was typed here
        self.choice: InstallChoice | None = None
        self.install: InstallDefaults | None = None
        self.layout: KeyboardState | None = None  # that was loaded here
        self.said_digest = ""  # of the plan that the person heard
        self._line: Line | None = None
        self._stick = ""

    @property
    def state(self) -> SessionState:
        return self.desk.state

    @property
    def board(self) -> Board:
        return self.desk.board

    def run(
        self,
        steps: Mapping[Step, Callable[[Talk], Step]],
        sheet: Callable[[Talk, str], None] = lambda _talk, _key: None,
    ) -> None:
        """Until nobody can type any more."""
        self.desk.watch(self.inbox.changed)
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
            if self.step is Step.WORK:
                self.mouth.say(_("The work goes on without this terminal."))

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
        self._keys.each(True)
        try:
            yield
        finally:
            self._keys.each(False)

    def listen(self, wait_s: float = LOOK_S) -> str | None:
        """One line that was typed, None where none was in time. Raises MovedError where the
        conversation goes on elsewhere."""
        self.meanwhile()
        item = self.inbox.get(wait_s)
        if isinstance(item, Ended):
            raise HungUpError
        if isinstance(item, Changed):
            self._look()
        return self._typed(item.text) if isinstance(item, Typed) else None

    def ask(self, question: str, help_text: str) -> str:
        """The answer, "" for Enter alone. The question is said again after whatever else was."""
        self.mouth.ask(question)
        while True:
            typed = self.listen()
            if typed == "?":
                self.mouth.say(help_text, self._general_help())
            elif typed is not None:
                return typed
            if not self.mouth.asked:
                self.mouth.ask(question)

    def ask_hidden(self, question: str, help_text: str) -> str:
        """The same of what nobody else shall see or hear."""
        self._keys.hidden(True)
        try:
            return self.ask(question, help_text)
        finally:
            self._keys.hidden(False)
            self.mouth.say("")

    def wait_for(self, ready: Callable[[], bool], meanwhile: str) -> None:
        """Says what is waited for; a line typed meanwhile is answered by that, and no more."""
        if ready():
            return
        self.mouth.say(meanwhile)
        while not ready():
            if self.listen() is not None:
                self.mouth.say(line_sentence(self.desk.line) or meanwhile)

    def do(self, job: Callable[[Desk], None]) -> bool:
        """Ask the engine. False where it was not done: the reason was said."""
        try:
            job(self.desk)
        except RepriseError as error:
            self.mouth.say(str(error))
            return False
        return True

    def say(self, lines: Iterable[str]) -> None:
        self.mouth.say(*lines)

    def _typed(self, text: str) -> str | None:
        self.mouth.answered()
        self.person_came()
        if text.upper() == "L":
            self._speak(self._flow.other_language())
            if self._in_sheet:
                return "L"
            raise MovedError(self.step)
        if text.upper() in SHEET_KEYS and not self._in_sheet:
            raise SheetError(text.upper())
        return text

    def _speak(self, language: str) -> None:
        if language != i18n.language():
            i18n.set_language(language)
            self._on_language(language)

    def _general_help(self) -> str:
        other = "English" if i18n.language() == "fr" else "Français"
        text = _("Enter alone takes what is proposed. L: {language}. ?: this help.")
        return f"{text.format(language=other)} {sheets_help()}"

    # What goes on at the engine

    def _look(self) -> None:
        self._look_at_line()
        if self.desk.line is not Line.OPEN:
            return
        self._speak(self._flow.language(self.board) or i18n.language())
        turn = self._flow.look(self.state, self.board)
        if turn.fresh:
            self._meet(turn)
        self._take_over()
        self.say(turn.problems)
        self._look_at_stick()
        self._move(turn)

    def _look_at_line(self) -> None:
        known, self._line = self._line, self.desk.line
        if self._line is not known:
            self.mouth.say(line_sentence(self.desk.line))
            if known is Line.LOST and self._line is Line.OPEN:
                self.mouth.say(_("The erasing engine answers again."))

    def _meet(self, turn: Turn) -> None:
        """A session that was not known."""
        started = self.state.started
        if turn.again:
            self.mouth.say(started_again())
        elif started is not None and started.purpose is not Purpose.REAL:
            self.mouth.say(_("DEMONSTRATION: nothing is erased. Ctrl+C leaves it."))
        self.name_operator()

    def name_operator(self) -> None:
        operator = self._flow.names(self.operator, self.state)
        if operator is not None:
            self.do(lambda desk: desk.name_operator(operator))

    def said_operator(self, operator: Operator) -> None:
        """A person said who works."""
        self.operator, self._flow.named = operator, True
        self.name_operator()

    def person_came(self) -> None:
        """Nothing begins by itself any more, at no other screen either."""
        self._flow.by_hand = True
        self._take_over()

    def _take_over(self) -> None:
        if self._flow.takes_over(self.state):
            self.do(lambda desk: desk.take_over())

    def _look_at_stick(self) -> None:
        stick = self.board.stick
        known, text = self._stick, ""
        if stick is not None:
            text = " ".join(filter(None, (where_reports_go(stick), may_pull(stick))))
        if text and i18n.language() + text != known:
            self._stick = i18n.language() + text
            self.mouth.say(text)

    def _move(self, turn: Turn) -> None:
        if turn.to is not None:
            self._go(Step.DONE if turn.to is Landing.DONE else Step.WORK)
        if turn.back and self.step.value > Step.DRIVES.value:
            self._go(Step.DRIVES)
        if self.step in (Step.SYSTEM, Step.CONFIRM) and self.state.digest != self.said_digest:
            self.mouth.say(_("The plan has changed."))
            self._go(Step.DRIVES)

    def _go(self, to: Step) -> None:
        if to is self.step:
            return
        if not self._in_sheet:
            raise MovedError(to)
        self.step = to


def sheets_help() -> str:
    return _("M: functions, network, reports, logs, keyboard.")
