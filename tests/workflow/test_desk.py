"""What screen and engine say to each other, over real sockets: bad words, slow readers, many
screens."""

from __future__ import annotations

import json
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import pytest

from reprise import i18n
from reprise.adapters.station import local_socket
from reprise.adapters.station.local_socket import SocketDoor, SocketLink, connect
from reprise.codec import event_to_builtins
from reprise.domain.events import Operator, Progress
from reprise.errors import InputError, LinkError, RefusedError, StorageError
from reprise.workflow.desk import server, wire
from reprise.workflow.desk.client import RemoteDesk
from reprise.workflow.desk.engine import Engine
from reprise.workflow.desk.port import Asking, Desk, Line, Order, Work, asides_of
from station_kit.interrupted import interrupted
from station_kit.machines import hdd, laptop, ssd
from station_kit.ports import FakeProbe, Kit
from station_kit.processes import until

PATIENCE_S = 20.0


@dataclass
class Bench:
    kit: Kit
    engine: Engine
    socket: Path

    def raw(self) -> SocketLink:
        """A link past its greeting, spoken by hand."""
        link = connect(self.socket)
        link.send(wire.encode(wire.Hello()))
        assert hear(link) == wire.Hello()
        return link


def hear(link: SocketLink) -> object:
    line = link.receive(wire.MOST_TOLD_BYTES)
    return None if line is None else wire.decode(line)


def last_words(link: SocketLink) -> str:
    """Why the engine closes the link; the news before it are skipped."""
    told = None
    while (message := hear(link)) is not None:
        told = message
    assert isinstance(told, wire.Refused), told
    return told.what


@contextmanager
def serving(kit: Kit, folder: Path) -> Iterator[Bench]:
    door = SocketDoor(folder / "e.sock")
    engine = Engine(kit.services, poll_s=0.02)
    engine.start()
    waiter = threading.Thread(target=server.serve, args=(engine, door))
    waiter.start()
    try:
        yield Bench(kit, engine, folder / "e.sock")
    finally:
        kit.sanitizer.release.set()
        engine.close()
        engine.wait_end()
        door.close()
        waiter.join(PATIENCE_S)
    assert not waiter.is_alive()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with serving(Kit(laptop(hdd(), ssd())), tmp_path) as made:
        yield made


@contextmanager
def desk_at(path: Path, connecting: Callable[[], wire.Link] | None = None) -> Iterator[RemoteDesk]:
    desk = RemoteDesk(connecting or (lambda: connect(path)), retry_s=0.02)
    desk.start()
    try:
        yield desk
    finally:
        desk.close()


def planned(desk: Desk) -> None:
    until(lambda: desk.state.plan is not None, "a plan", PATIENCE_S)


def order(desk: Desk) -> Order:
    defaults = desk.board.install
    assert defaults is not None
    return Order(desk.state.digest, defaults, desk.board.offer.choices[0])


# the whole way


def test_a_remote_desk_shows_what_the_engine_knows_to_the_end(bench: Bench) -> None:
    with desk_at(bench.socket) as desk:
        planned(desk)
        assert desk.line is Line.OPEN
        desk.name_operator(Operator("Zoé", asset_tag="T-1"))
        desk.confirm(order(desk))
        until(lambda: desk.board.work is Work.ENDED, "the end", PATIENCE_S)
        assert desk.state == bench.engine.state
        assert desk.board == replace(bench.engine.board, outbox=desk.board.outbox)
        assert desk.state.operator == Operator("Zoé", asset_tag="T-1")
        assert desk.state.sealed is not None
        assert desk.board.order is not None
        assert desk.board.order.with_.password == "reprise"
        until(lambda: bool(desk.board.outbox), "the report in the outbox", PATIENCE_S)
    with desk_at(bench.socket) as late:
        until(lambda: late.state == bench.engine.state, "all of it, at once", PATIENCE_S)


def test_the_first_thing_that_is_shown_is_whole(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A history in many lines is not shown in its middle."""
    until(lambda: bench.engine.state.plan is not None, "a plan", PATIENCE_S)
    monkeypatch.setattr(wire, "MOST_EVENTS", 1)
    shown = []
    desk = RemoteDesk(lambda: connect(bench.socket))
    desk.watch(lambda: shown.append(desk.state))
    desk.start()
    planned(desk)
    desk.close()
    assert shown[0].plan is not None


def test_the_stations_own_memory_is_shown_too(tmp_path: Path) -> None:
    kit = Kit(laptop(hdd()), [interrupted(hdd(), 4096)])
    with serving(kit, tmp_path) as bench, desk_at(bench.socket) as desk:
        planned(desk)
        assert asides_of(desk.state).interrupted == (hdd().identity.key,)
        desk.look()  # a new inventory, of which nothing else is new
        assert asides_of(desk.state).interrupted == (hdd().identity.key,)


def test_only_newest_ticks_travel_and_never_before_their_drive_moved(bench: Bench) -> None:
    told = server._Told()
    until(lambda: bench.engine.state.plan is not None, "a plan", PATIENCE_S)
    assert told.news(bench.engine)[-1].ticks == ()
    bench.engine._ticks = {
        "a": Progress("a", "write", 1, 9, 1.0),
        "b": Progress("b", "write", 1, 9, 1.0),
    }
    assert {tick.drive for tick in told.news(bench.engine)[-1].ticks} == {"a", "b"}
    bench.engine._ticks = {**bench.engine._ticks, "b": Progress("b", "write", 2, 9, 1.0, 3.5)}
    assert told.news(bench.engine)[-1].ticks == (Progress("b", "write", 2, 9, 1.0, 3.5),)
    assert told.news(bench.engine) == []


def test_an_error_comes_back_as_what_it_was_and_in_the_screens_language(bench: Bench) -> None:
    with desk_at(bench.socket) as desk:
        planned(desk)
        i18n.set_language("en")
        try:
            with pytest.raises(RefusedError, match="The plan changed") as raised:
                desk.confirm(replace(order(desk), digest="another"))
        finally:
            i18n.set_language("fr")
        assert raised.value.advice == "Look at the drives again."
    failure = wire.failure_of(StorageError("full", "make room"))
    assert isinstance(wire.error_of(failure), StorageError)


def test_a_bug_while_asked_is_told_and_the_engine_lives(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk_at(bench.socket) as desk:
        planned(desk)
        with monkeypatch.context() as broken:
            broken.setattr(FakeProbe, "probe_inventory", lambda _self: 1 / 0)
            with pytest.raises(Exception, match="ZeroDivisionError"):
                desk.look()
        desk.look()


# bad words


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"erase everything",
        b"[1, 2]",
        b'{"kind": "News", "data": {}}',
        b'{"kind": "Ask", "data": {"number": "one"}}',
        b'{"kind": "Erase", "data": {}}',
        b"[" * 20000,
        b"\xff\xfe",
    ],
)
def test_a_bad_line_is_refused_and_hurts_nobody_else(bench: Bench, line: bytes) -> None:
    with desk_at(bench.socket) as desk:
        planned(desk)
        link = bench.raw()
        link.send(line)
        assert last_words(link)
        desk.look()
        assert desk.line is Line.OPEN


def test_a_line_that_is_too_long_is_refused(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    link = bench.raw()
    with desk_at(bench.socket) as desk:
        planned(desk)
        link.send(b"x" * (wire.MOST_ASKED_BYTES + 70_000))
        with suppress(LinkError):  # closed with words of ours unread: a reset
            while hear(link) is not None:
                pass
        until(lambda: "too long" in caplog.text, "why it was let go", PATIENCE_S)
        desk.look()


@pytest.mark.parametrize("name", ["_open", "close", "start", "snapshot", "tell_problem", "power_off", ""])
def test_only_what_the_desk_lists_can_be_asked(bench: Bench, name: str) -> None:
    link = bench.raw()
    link.send(wire.encode(wire.Ask(7, name, "fr")))
    while not isinstance(answer := hear(link), wire.Answer):
        assert answer is not None
    assert answer.failure is not None
    assert (answer.number, answer.failure.kind) == (7, "InputError")
    link.close()


def test_an_argument_of_another_shape_is_refused(bench: Bench) -> None:
    with desk_at(bench.socket) as desk:
        planned(desk)
        with pytest.raises(InputError, match="not a valid Order"):
            desk._ask("confirm", Operator("not an order"))
    assert "PlanConfirmed" not in bench.kit.journal.kinds()


@pytest.mark.parametrize("hello", [wire.Hello(wire.PROTOCOL + 1), wire.Hello(version="0.0.1")])
def test_a_screen_of_another_version_is_refused(bench: Bench, hello: wire.Hello) -> None:
    link = connect(bench.socket)
    link.send(wire.encode(hello))
    assert hear(link) == wire.Hello()
    assert "different versions" in last_words(link)


def test_an_engine_of_another_version_is_said() -> None:
    ours, theirs = socket.socketpair()
    engine = SocketLink(theirs)
    engine.send(wire.encode(wire.Hello(version="99")))
    with desk_at(Path(), lambda: SocketLink(ours)) as desk:
        until(lambda: desk.line is Line.FOREIGN, "another version", PATIENCE_S)
        with pytest.raises(LinkError):
            desk.look()
    engine.close()


# the line's troubles


def test_without_an_engine_a_desk_seeks_and_finds_it(tmp_path: Path) -> None:
    with desk_at(tmp_path / "e.sock") as desk:
        assert desk.line is Line.SEEKING
        with pytest.raises(LinkError):
            desk.stop()
        with serving(Kit(laptop(hdd())), tmp_path):
            planned(desk)
            assert desk.line is Line.OPEN


def test_a_desk_that_lost_its_link_comes_back_to_the_same_session(bench: Bench) -> None:
    links: list[SocketLink] = []

    def connecting() -> SocketLink:
        links.append(connect(bench.socket))
        return links[-1]

    with desk_at(bench.socket, connecting) as desk:
        planned(desk)
        lines = []
        desk.watch(lambda: lines.append(desk.line))
        links[0].close()
        until(lambda: Line.OPEN in lines, "the line again", PATIENCE_S)
        assert lines[0] is Line.LOST
        assert desk.state == bench.engine.state


def test_who_waits_for_an_answer_is_told_that_the_engine_went() -> None:
    ours, theirs = socket.socketpair()
    engine = SocketLink(theirs)
    engine.send(wire.encode(wire.Hello()))
    engine.send(wire.encode(wire.News(board=None)))
    with desk_at(Path(), lambda: SocketLink(ours)) as desk:
        until(lambda: desk.line is Line.OPEN, "the line", PATIENCE_S)
        said: list[str] = []

        def ask() -> None:
            try:
                desk.look()
            except LinkError as error:
                said.append(error.what)

        asking = threading.Thread(target=ask)
        asking.start()
        assert isinstance(hear(engine), wire.Hello)
        assert isinstance(hear(engine), wire.Ask)
        engine.close()
        asking.join(PATIENCE_S)
        assert said == ["Le moteur d'effacement s'est arrêté avant de répondre."]


def test_who_does_not_read_is_let_go_and_delays_nobody(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_socket, "_SEND_S", 1)
    stuck = bench.raw()
    with desk_at(bench.socket) as desk:
        planned(desk)
        for number in range(40):  # more than the kernel keeps for one who does not read
            bench.engine.tell_problem(f"{number} " + "x" * 50_000)
        until(lambda: len(desk.board.problems) == 40, "all of it elsewhere", PATIENCE_S)
        desk.look()
        until(lambda: len(bench.engine._watchers) == 1, "that the stuck one is gone", PATIENCE_S)
    stuck.close()


def test_there_is_room_for_so_many_screens_and_no_more(bench: Bench) -> None:
    links = [bench.raw() for _one in range(server._MOST_SCREENS)]
    late = connect(bench.socket)
    assert "too many" in last_words(late)
    links[0].close()
    until(lambda: len(bench.engine._watchers) < len(links), "a place that is free", PATIENCE_S)
    with desk_at(bench.socket) as desk:
        planned(desk)
    for link in links[1:]:
        link.close()


# the socket


def test_only_its_owner_may_open_the_socket(bench: Bench) -> None:
    mode = bench.socket.stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


def test_there_is_one_engine_only_and_a_killed_one_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "e.sock"
    first = SocketDoor(path)
    with pytest.raises(RefusedError):
        SocketDoor(path)
    first.close()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))  # what a killed engine leaves
    SocketDoor(path).close()
    assert not path.exists()


def test_a_path_that_no_socket_can_have_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        SocketDoor(tmp_path / ("x" * 200))
    (tmp_path / "file").touch()
    with pytest.raises(InputError):
        SocketDoor(tmp_path / "file" / "e.sock")


# how the seam grows (docs/decisions/0100-two-processes.md)


@dataclass(frozen=True, slots=True)
class Networks:
    names: tuple[str, ...]


class Wider(Asking, Protocol):
    def scan(self, wanted: Operator) -> Networks: ...


class WiderEngine(Engine):
    def scan(self, wanted: Operator) -> Networks:
        return Networks((f"network of {wanted.name}",))


class WiderDesk(RemoteDesk):
    requests = wire.requests_of(Wider)

    def scan(self, wanted: Operator) -> Networks:
        found: Networks = self._ask("scan", wanted)
        return found


def test_one_more_method_is_one_more_line_and_its_types_travel() -> None:
    ours, theirs = socket.socketpair()
    engine = WiderEngine(Kit(laptop()).services)
    visit = server.Visit(engine, SocketLink(theirs), wire.requests_of(Wider))
    threading.Thread(target=visit.run, daemon=True).start()
    desk = WiderDesk(lambda: SocketLink(ours))
    desk.start()
    until(lambda: desk.line is Line.OPEN, "the line", PATIENCE_S)
    assert desk.scan(Operator("Zoé")) == Networks(("network of Zoé",))
    desk.close()


def test_two_arguments_are_one_too_many() -> None:
    class Wrong(Protocol):
        def both(self, one: str, two: str) -> None: ...

    with pytest.raises(TypeError):
        wire.requests_of(Wrong)


def test_every_event_of_a_session_travels_as_it_is_journalled(bench: Bench) -> None:
    until(lambda: bench.engine.state.plan is not None, "a plan", PATIENCE_S)
    rows = [event_to_builtins(one) for one in bench.kit.journal.lines]
    line = wire.encode(wire.News(events=tuple(rows)))
    assert b"\n" not in line
    assert wire.decode(line) == wire.News(events=tuple(json.loads(json.dumps(rows))))
