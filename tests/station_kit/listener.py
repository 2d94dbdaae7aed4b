"""Listens to the station in plain lines and types, as a person with a braille display does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from reprise.cli.sheets import SHEETS
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.flow import STEPS
from reprise.line_interface.sheets import visit
from reprise.line_interface.terminal import Ended, Inbox, Item, Keys, Typed
from reprise.ports.sheets.station_tools import NO_TOOLS, StationTools
from reprise.workflow.engine.engine import Engine
from reprise.workflow.engine.port import EngineClient
from station_kit.ports import Kit
from station_kit.processes import until

PATIENCE_S = 60.0
STEP_S = 1.0


class CountedInbox(Inbox):
    """`turns`: how often it was looked into."""

    turns = 0

    def get(self, wait_s: float) -> Item | None:
        self.turns += 1
        return super().get(wait_s)


@dataclass
class Listener:
    """`voices`: the languages that the voice was told of. `now_s`: the clock of the talk.
    `no_enter`: each key is heard at once. `unseen`: what is typed is not shown. `heard_all`: the
    terminal has taken what was said."""

    inbox: CountedInbox = field(default_factory=CountedInbox)
    said: str = ""
    heard: int = 0  # how much of it was listened to
    voices: list[str] = field(default_factory=list)
    now_s: float = 0.0
    no_enter: bool = False
    unseen: bool = False
    heard_all: bool = True
    lock: threading.Lock = field(default_factory=threading.Lock)  # two threads write

    def write(self, text: str) -> None:
        with self.lock:
            self.said += text

    def hears(self, *words: str) -> str:
        """Waits for the words, in this order, after what was heard before; gives what was said up
        to there."""
        begin = self.heard
        for word in words:
            self._waits(word)
            self.heard = self.said.index(word, self.heard) + len(word)
        return self.said[begin : self.heard]

    def _waits(self, words: str) -> None:
        try:
            until(lambda: words in self.said[self.heard :], words, PATIENCE_S)
        except AssertionError as never:
            raise AssertionError(f"{never}\n{self.said}") from None

    def types(self, *lines: str) -> None:
        for line in lines:
            self.inbox.put(Typed(line))
            self.write("\n")  # the terminal's echo

    def answers(self, question: str, line: str = "") -> None:
        self.hears(question)
        self.types(line)

    def each(self, on: bool, /) -> None:
        self.no_enter = on

    def hidden(self, on: bool, /) -> None:
        self.unseen = on

    def forget(self) -> None:
        """Nothing is typed here that was not read."""

    def took(self) -> bool:
        return self.heard_all

    def pass_(self, seconds: float) -> None:
        """In steps that a countdown takes for time in which it was heard."""
        while seconds > 0:
            step = min(seconds, STEP_S)
            seconds, self.now_s = seconds - step, self.now_s + step
            turns = self.inbox.turns
            until(lambda: self.inbox.turns > turns + 1, "a look", PATIENCE_S)  # noqa: B023

    def silent(self) -> str:
        """What was said and not listened to."""
        return self.said[self.heard :]


@contextmanager
def listening(
    client: EngineClient,
    *,
    follow_language: bool = False,
    tools: StationTools = NO_TOOLS,
    keys: Keys | None = None,
) -> Iterator[Listener]:
    """`keys`: of a terminal; the listener's own where none are given."""
    ear = Listener()
    talk = Conversation(
        client,
        ear.inbox,
        ear.write,
        clock=lambda: ear.now_s,
        follow_language=follow_language,
        on_language=ear.voices.append,
        keys=keys or ear,
        sheets=SHEETS,
        tools=tools,
    )
    thread = threading.Thread(target=talk.run, args=(STEPS, visit))
    thread.start()
    try:
        yield ear
        assert thread.is_alive(), f"the talk broke off after:\n{ear.said}"
    finally:
        ear.inbox.put(Ended())
        thread.join(PATIENCE_S)
        client.close()


@contextmanager
def station_by_ear(
    kit: Kit,
    before: Callable[[Engine], None] = lambda _engine: None,
    tools: StationTools = NO_TOOLS,
    keys: Keys | None = None,
) -> Iterator[Listener]:
    engine = Engine(kit.services, poll_s=0.05)
    before(engine)
    engine.start()
    try:
        with listening(engine, tools=tools, keys=keys) as ear:
            yield ear
    finally:
        kit.sanitizer.release.set()
        engine.close()
        engine.wait_end()


def to_the_systems(ear: Listener) -> None:
    """In French, with Enter alone, up to the systems that may be installed."""
    for question in ("1 sur 4.", "2 sur 4.", "3 sur 4.", "4 sur 4."):
        ear.answers(question)
    ear.answers("D : tous les détails")
    ear.answers("N : nouvelle lecture")
