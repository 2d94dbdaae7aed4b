"""What goes wrong between screen and engine: bad words, slow readers, many screens, lost lines."""

from __future__ import annotations

import socket
import stat
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from reprise.adapters.station import local_socket
from reprise.adapters.station.local_socket import SocketChannel, SocketListener, connect
from reprise.domain.report.events import Operator
from reprise.errors import InputError, LinkError, RefusedError
from reprise.workflow.engine import listener, protocol
from reprise.workflow.engine.port import Connection
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.processes import until
from workflow.engine_kit import PATIENCE_S, Bench, client_at, hear, last_words, planned, serving

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
    with client_at(bench.socket) as client:
        planned(client)
        link = bench.raw()
        link.send(line)
        assert last_words(link)
        client.look()
        assert client.line is Connection.OPEN


def test_a_line_that_is_too_long_is_refused(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    link = bench.raw()
    with client_at(bench.socket) as client:
        planned(client)
        link.send(b"x" * (protocol.MOST_ASKED_BYTES + 70_000))
        with suppress(LinkError):  # closed with words of ours unread: a reset
            while hear(link) is not None:
                pass
        until(lambda: "too long" in caplog.text, "why it was let go", PATIENCE_S)
        client.look()


@pytest.mark.parametrize("name", ["_open", "close", "start", "snapshot", "note", "power_off", ""])
def test_only_what_the_port_lists_can_be_asked(bench: Bench, name: str) -> None:
    link = bench.raw()
    link.send(protocol.encode(protocol.Ask(7, name, "fr")))
    while not isinstance(answer := hear(link), protocol.Answer):
        assert answer is not None
    assert answer.failure is not None
    assert (answer.number, answer.failure.kind) == (7, "InputError")
    link.close()


def test_an_argument_of_another_shape_is_refused(bench: Bench) -> None:
    with client_at(bench.socket) as client:
        planned(client)
        with pytest.raises(InputError, match="not a valid Order"):
            client._ask("confirm", Operator("not an order"))
    assert "PlanConfirmed" not in bench.kit.journal.kinds()


@pytest.mark.parametrize(
    "hello", [protocol.Hello(protocol.PROTOCOL + 1), protocol.Hello(version="0.0.1")]
)
def test_a_screen_of_another_version_is_refused(bench: Bench, hello: protocol.Hello) -> None:
    link = connect(bench.socket)
    link.send(protocol.encode(hello))
    assert hear(link) == protocol.Hello()
    assert "different versions" in last_words(link)


def test_an_engine_of_another_version_is_said() -> None:
    ours, theirs = socket.socketpair()
    engine = SocketChannel(theirs)
    engine.send(protocol.encode(protocol.Hello(version="99")))
    with client_at(Path(), lambda: SocketChannel(ours)) as client:
        until(lambda: client.line is Connection.FOREIGN, "another version", PATIENCE_S)
        with pytest.raises(LinkError):
            client.look()
    engine.close()


# the line's troubles


def test_without_an_engine_a_client_seeks_and_finds_it(tmp_path: Path) -> None:
    with client_at(tmp_path / "e.sock") as client:
        at_first = client.line
        assert at_first is Connection.SEEKING
        with pytest.raises(LinkError):
            client.stop()
        with serving(Kit(laptop(hdd())), tmp_path):
            planned(client)
            assert client.line is Connection.OPEN


def test_a_client_that_lost_its_link_comes_back_to_the_same_session(bench: Bench) -> None:
    links: list[SocketChannel] = []

    def connecting() -> SocketChannel:
        links.append(connect(bench.socket))
        return links[-1]

    with client_at(bench.socket, connecting) as client:
        planned(client)
        lines = []
        client.watch(lambda: lines.append(client.line))
        links[0].close()
        until(lambda: Connection.LOST in lines, "the loss", PATIENCE_S)
        lost = lines.index(Connection.LOST)  # before it, there may have been other news
        until(lambda: Connection.OPEN in lines[lost:], "the line again", PATIENCE_S)
        until(lambda: client.state == bench.engine.state, "the same session", PATIENCE_S)


def test_who_waits_for_an_answer_is_told_that_the_engine_went() -> None:
    ours, theirs = socket.socketpair()
    engine = SocketChannel(theirs)
    engine.send(protocol.encode(protocol.Hello()))
    engine.send(protocol.encode(protocol.News(status=None)))
    with client_at(Path(), lambda: SocketChannel(ours)) as client:
        until(lambda: client.line is Connection.OPEN, "the line", PATIENCE_S)
        said: list[str] = []

        def ask() -> None:
            try:
                client.look()
            except LinkError as error:
                said.append(error.what)

        asking = threading.Thread(target=ask)
        asking.start()
        assert isinstance(hear(engine), protocol.Hello)
        assert isinstance(hear(engine), protocol.Ask)
        engine.close()
        asking.join(PATIENCE_S)
        assert said == ["Le moteur d’effacement s’est arrêté avant de répondre."]


def test_who_does_not_read_is_let_go_and_delays_nobody(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as of_this_one:  # the others are as slow as the machine
        of_this_one.setattr(local_socket, "_SEND_S", 1)
        stuck = bench.raw()
    with client_at(bench.socket) as client:
        planned(client)
        for number in range(40):  # more than the kernel keeps for one who does not read
            bench.engine.note(f"{number} " + "x" * 50_000)
        until(lambda: len(client.status.problems) == 40, "all of it elsewhere", PATIENCE_S)
        client.look()
        until(lambda: len(bench.engine._watchers) == 1, "that the stuck one is gone", PATIENCE_S)
    stuck.close()


def test_there_is_room_for_so_many_screens_and_no_more(bench: Bench) -> None:
    links = [bench.raw() for _one in range(listener._MOST_SCREENS)]
    late = connect(bench.socket)
    assert "too many" in last_words(late)
    links[0].close()
    until(lambda: len(bench.engine._watchers) < len(links), "a place that is free", PATIENCE_S)
    with client_at(bench.socket) as client:
        planned(client)
    for link in links[1:]:
        link.close()


# the socket


def test_only_its_owner_may_open_the_socket(bench: Bench) -> None:
    mode = bench.socket.stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


def test_there_is_one_engine_only_and_a_killed_one_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "e.sock"
    first = SocketListener(path)
    with pytest.raises(RefusedError):
        SocketListener(path)
    first.close()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))  # what a killed engine leaves
    SocketListener(path).close()
    assert not path.exists()


def test_a_path_that_no_socket_can_have_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        SocketListener(tmp_path / ("x" * 200))
    (tmp_path / "file").touch()
    with pytest.raises(InputError):
        SocketListener(tmp_path / "file" / "e.sock")
