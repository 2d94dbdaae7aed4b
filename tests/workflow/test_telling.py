"""The engine hears of a person though screen or voice stand still, or the link was away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any, cast

import pytest

from reprise.cli.commands.line_station import _converse
from reprise.errors import LinkError
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.terminal import Ended, Inbox, LinesOnly
from reprise.ports.sheets.station_tools import NO_TOOLS
from reprise.workflow.engine.engine import Engine
from reprise.workflow.engine.port import Connection, EngineClient
from reprise.workflow.engine.presence import Presence
from reprise.workflow.session.state import SessionState
from station_kit.driver import station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.processes import until
from workflow.test_flow import session


class Typing(LinesOnly):
    def __init__(self) -> None:
        self.typed: SimpleQueue[str] = SimpleQueue()

    def lines(self) -> Iterator[str]:
        while True:
            yield self.typed.get()

    def close(self) -> None: ...


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine(Kit(laptop(hdd())).services)
    made.start()
    until(lambda: made.state.plan is not None, "a plan")
    yield made
    made.close()
    made.wait_end()


def test_a_key_is_told_while_the_terminal_takes_nothing_of_what_is_said(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, says, keys, inbox = Event(), Event(), Typing(), Inbox()

    def write(_text: str) -> None:
        says.set()
        taken.wait()

    monkeypatch.setattr("reprise.cli.commands.line_station._write", write)
    monkeypatch.setattr("reprise.bootstrap.engine.typed_keys", lambda: keys)
    talk = Thread(target=lambda: _converse(engine, inbox, tools=NO_TOOLS))
    talk.start()
    try:
        until(says.is_set, "a word")
        assert not engine.state.by_hand
        keys.typed.put("")
        until(lambda: engine.state.by_hand, "the session knows", 10)
    finally:
        inbox.put(Ended())
        taken.set()
        talk.join()


class Away:
    """A client that does not get through to its engine at first."""

    def __init__(self, engine: Engine, asked: int, error: Exception) -> None:
        self._engine, self.left, self._error = engine, asked, error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def take_over(self) -> None:
        self.left -= 1
        if self.left >= 0:
            raise self._error
        self._engine.take_over()


@pytest.mark.parametrize(
    "error",
    [LinkError("There is no erasing engine: nothing was done."), LookupError("nobody foresaw it")],
)
def test_it_is_told_until_the_engine_knows(
    engine: Engine, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    clients: list[EngineClient] = []
    telling = Presence(lambda: clients[0] if clients else None, retry_s=0.01)
    telling.person_came()
    clients.append(cast(EngineClient, Away(engine, 3, error)))
    until(lambda: engine.state.by_hand, "the session knows", 10)
    telling.stop()
    assert caplog.text.count(f"was not told that a person is here: {type(error).__name__}") == 1


def test_an_engine_client_that_nobody_foresaw_ends_no_telling(engine: Engine) -> None:
    asked: list[int] = []

    def client() -> EngineClient:
        asked.append(1)
        if len(asked) < 3:
            raise AttributeError("nobody foresaw it")
        return engine

    telling = Presence(client, retry_s=0.01)
    telling.person_came()
    until(lambda: engine.state.by_hand, "the session knows", 10)
    telling.stop()


@dataclass
class Sessions:
    """A client of one session after the other. `told`: those that were told of a person; `slow_s`:
    what that takes; `fails`: how often it comes to nothing; `looks`: how often it was looked at."""

    state: SessionState = field(default_factory=session)
    line: Connection = Connection.OPEN
    told: list[str] = field(default_factory=list)
    slow_s: float = 0.0
    fails: int = 0
    looks: int = 0
    asked: Event = field(default_factory=Event)

    def take_over(self) -> None:
        self.asked.set()
        time.sleep(self.slow_s)
        self.fails -= 1
        if self.fails >= 0:
            raise LinkError("The erasing engine stopped before it answered.")
        self.told.append(self.state.started.session_id if self.state.started else "")
        self.state = replace(self.state, by_hand=True)

    def seen(self) -> EngineClient:
        self.looks += 1
        return cast(EngineClient, self)

    def looked_at(self) -> None:
        """From now on, and to the end."""
        looks = self.looks
        until(lambda: self.looks > looks + 1, "a look", 10)


@contextmanager
def telling_of(client: Sessions, retry_s: float = 0.01) -> Iterator[Presence]:
    telling = Presence(client.seen, retry_s)
    try:
        yield telling
    finally:
        telling.stop()


def test_each_session_is_told_once_from_the_first_key_on() -> None:
    client = Sessions()
    with telling_of(client) as telling:
        client.looked_at()
        assert client.told == []
        telling.person_came()
        until(lambda: client.told == ["s1"], "it is told", 10)
        client.looked_at()
        client.state = session("s2")
        until(lambda: client.told == ["s1", "s2"], "the next one is", 10)


def test_a_key_at_another_screen_counts_in_the_sessions_to_come() -> None:
    client = Sessions(session(by_hand=True))
    with telling_of(client):
        client.looked_at()
        client.state = session("s2")
        until(lambda: client.told == ["s2"], "it is told", 10)


def test_what_fails_again_after_it_went_well_is_logged_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = Sessions(fails=2)
    with telling_of(client) as telling:
        telling.person_came()
        until(lambda: client.told == ["s1"], "it is told", 10)
        assert len(caplog.records) == 1
        client.looked_at()
        client.fails, client.state = 1, session("s2")
        until(lambda: client.told == ["s1", "s2"], "the next one is", 10)
    assert len(caplog.records) == 2


@pytest.mark.parametrize("deaf", [Sessions(line=Connection.LOST), Sessions(SessionState())])
def test_where_no_session_hears_none_is_asked(deaf: Sessions) -> None:
    with telling_of(deaf) as telling:
        telling.person_came()
        deaf.looked_at()
        assert deaf.told == []
        deaf.line, deaf.state = Connection.OPEN, session("s2")
        until(lambda: deaf.told == ["s2"], "it is told", 10)


def test_before_there_is_a_client_nothing_is_wrong(caplog: pytest.LogCaptureFixture) -> None:
    looks = SimpleQueue[None]()
    telling = Presence(lambda: looks.put(None), retry_s=0.01)
    telling.person_came()
    until(lambda: looks.qsize() > 2, "looks", 10)
    telling.stop()
    assert not caplog.records


def test_a_key_is_told_at_once() -> None:
    client = Sessions()
    with telling_of(client, retry_s=3600) as telling:
        telling.person_came()
        until(lambda: client.told == ["s1"], "it is told", 10)
        looks = client.looks
        time.sleep(0.05)
        assert client.looks == looks, "and the thread rests"


@pytest.mark.parametrize("fails", [0, 1])
def test_its_end_tells_first_and_is_one(fails: int) -> None:
    client = Sessions(slow_s=0.1, fails=fails)
    with telling_of(client, retry_s=3600) as telling:
        telling.person_came()
        client.asked.wait()
    assert client.told == ["s1"]
    assert not telling._thread.is_alive()


def test_its_end_waits_for_nobody() -> None:
    began = time.monotonic()
    with telling_of(Sessions(), retry_s=3600):
        pass
    assert time.monotonic() - began < 1


def test_an_engine_that_does_not_answer_holds_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reprise.workflow.engine.presence._LAST_S", 0.05)
    began = time.monotonic()
    with telling_of(Sessions(slow_s=5)) as telling:
        telling.person_came()
    assert time.monotonic() - began < 4


@pytest.fixture
def known_at_its_end(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the session knew of a person when the screen let go of its engine, which takes its
    time to hear of one."""
    known, take_over, close = list[bool](), Engine.take_over, Engine.close

    def slowly(engine: Engine) -> None:
        time.sleep(0.2)
        take_over(engine)

    def closed(engine: Engine) -> None:
        known.append(engine.state.by_hand)
        close(engine)

    monkeypatch.setattr(Engine, "take_over", slowly)
    monkeypatch.setattr(Engine, "close", closed)
    return known


async def test_the_key_that_ends_a_screen_is_told_first(known_at_its_end: list[bool]) -> None:
    async with station(Kit(laptop(hdd()))) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.tap("x")
    assert known_at_its_end == [True]


def test_who_breaks_plain_lines_off_is_told_of_first(
    engine: Engine, known_at_its_end: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Conversation, "run", broken_off)
    monkeypatch.setattr("reprise.bootstrap.engine.typed_keys", Typing)
    _converse(engine, Inbox(), tools=NO_TOOLS)
    assert known_at_its_end == [True]
