"""What screen and engine say to each other, over a real socket, from the first word to the end."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import pytest

from reprise import i18n
from reprise.adapters.station.local_socket import SocketChannel, connect
from reprise.codec import event_to_builtins
from reprise.domain.erasure.progress import Progress
from reprise.domain.planning.plan import ConfirmedBy
from reprise.domain.report.events import Operator
from reprise.domain.station.unattended import Unattended
from reprise.errors import InputError, RefusedError, StorageError
from reprise.workflow.engine import listener, protocol
from reprise.workflow.engine.client import RemoteEngine
from reprise.workflow.engine.engine import Engine
from reprise.workflow.engine.port import Asking, Connection, Work, memory_of
from reprise.workflow.past.sessions import Past
from station_kit.facts import with_facts
from station_kit.interrupted import interrupted
from station_kit.machines import hdd, laptop
from station_kit.ports import FakeProbe, Kit
from station_kit.processes import until
from workflow.engine_kit import PATIENCE_S, Bench, client_at, order, planned, serving

# the whole way


def test_a_remote_client_shows_what_the_engine_knows_to_the_end(bench: Bench) -> None:
    with client_at(bench.socket) as client:
        planned(client)
        assert client.line is Connection.OPEN
        client.name_operator(Operator("Zoé", asset_tag="T-1"))
        client.confirm(order(client))
        until(lambda: client.status.work is Work.ENDED, "the end", PATIENCE_S)
        assert client.state == bench.engine.state
        until(lambda: client.status == bench.engine.status, "all of the status, too", PATIENCE_S)
        assert client.state.operator == Operator("Zoé", asset_tag="T-1")
        assert client.state.sealed is not None
        assert client.status.order is not None
        assert client.status.order.with_.password == "reprise"
        until(lambda: bool(client.status.outbox), "the report in the outbox", PATIENCE_S)
    with client_at(bench.socket) as late:
        until(lambda: late.state == bench.engine.state, "all of it, at once", PATIENCE_S)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"user": "Marie"}, "«\u00a0Marie\u00a0» ne peut pas"),
        ({"hostname": "PC 1"}, "«\u00a0PC 1\u00a0» ne peut pas"),
        ({"timezone": "Europe/Nowhere"}, "«\u00a0Europe/Nowhere\u00a0» n’est ni"),
        ({"encrypt": True}, "trop petit"),
    ],
)
def test_what_could_not_be_installed_afterwards_is_refused_before_anything_is_erased(
    tmp_path: Path, wish: dict[str, object], words: str
) -> None:
    """And what is mended is taken."""
    small = replace(hdd(), identity=replace(hdd().identity, size_bytes=25 * 10**8))
    kit = Kit(laptop(small))
    with serving(kit, tmp_path) as bench, client_at(bench.socket) as client:
        planned(client)
        until(lambda: len(client.state.erasable) == 1, "the one drive", PATIENCE_S)
        good = replace(order(client), install=client.status.offer.choices[0])
        bad = replace(good, with_=with_facts(good.with_, **wish))
        with pytest.raises(InputError, match=words):
            client.confirm(bad)
        assert "PlanConfirmed" not in bench.kit.journal.kinds()
        client.confirm(good)
        until(lambda: client.status.work is Work.ENDED, "the end", PATIENCE_S)
        assert client.state.install is not None and client.state.install.ok


def test_the_first_thing_that_is_shown_is_whole(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A history in many lines is not shown in its middle."""
    until(lambda: bench.engine.state.plan is not None, "a plan", PATIENCE_S)
    monkeypatch.setattr(protocol, "MOST_EVENTS", 1)
    shown = []
    client = RemoteEngine(lambda: connect(bench.socket))
    client.watch(lambda: shown.append(client.state))
    client.start()
    planned(client)
    client.close()
    assert shown[0].plan is not None


def test_the_stations_own_memory_is_shown_too(tmp_path: Path) -> None:
    kit = Kit(laptop(hdd()), [interrupted(hdd(), 4096)])
    with serving(kit, tmp_path) as bench, client_at(bench.socket) as client:
        planned(client)
        known = {hdd().identity.key: Past(interrupted=True, cause="power-cut")}
        assert memory_of(client.state).pasts == known
        client.look()  # a new inventory, of which nothing else is new
        assert memory_of(client.state).pasts == known


def test_a_key_on_one_screen_is_known_on_every_other(tmp_path: Path) -> None:
    kit = Kit(laptop(hdd()))
    kit.unattended = Unattended(erase=True)
    with serving(kit, tmp_path) as bench, client_at(bench.socket) as client:
        planned(client)
        assert client.status.unattended == kit.unattended
        with client_at(bench.socket) as other:
            planned(other)
            other.take_over()
        until(lambda: client.state.by_hand, "the key", PATIENCE_S)
        alone = replace(order(client), by=ConfirmedBy.UNATTENDED)
        with pytest.raises(RefusedError, match="touche a été pressée"):
            client.confirm(alone)
        assert client.status.order is None
        client.confirm(order(client))


def test_an_unattended_order_is_the_engines_to_refuse_or_to_take(tmp_path: Path) -> None:
    kit = Kit(laptop(hdd()))
    with serving(kit, tmp_path) as bench, client_at(bench.socket) as client:
        planned(client)
        with pytest.raises(RefusedError, match="ne le demandent pas"):
            client.confirm(replace(order(client), by=ConfirmedBy.UNATTENDED))
    kit.unattended = Unattended(erase=True)
    asked = tmp_path / "asked"
    asked.mkdir()
    with serving(kit, asked) as bench, client_at(bench.socket) as client:
        planned(client)
        client.confirm(replace(order(client), by=ConfirmedBy.UNATTENDED))
        assert client.status.order is not None
        until(lambda: client.status.work is Work.ENDED, "the end", PATIENCE_S)


def test_only_newest_ticks_travel_and_never_before_their_drive_moved() -> None:
    engine, told = Engine(Kit(laptop()).services), listener._Told()  # its own pace would meddle
    assert told.news(engine)[-1].ticks == ()
    engine._ticks = {
        "a": Progress("a", "write", 1, 9, 1.0),
        "b": Progress("b", "write", 1, 9, 1.0),
    }
    assert {tick.drive for tick in told.news(engine)[-1].ticks} == {"a", "b"}
    engine._ticks = {**engine._ticks, "b": Progress("b", "write", 2, 9, 1.0, 3.5)}
    assert told.news(engine)[-1].ticks == (Progress("b", "write", 2, 9, 1.0, 3.5),)
    assert told.news(engine) == []


def test_an_error_comes_back_as_what_it_was_and_in_the_screens_language(bench: Bench) -> None:
    with client_at(bench.socket) as client:
        planned(client)
        i18n.set_language("en")
        with pytest.raises(RefusedError, match="The plan changed") as raised:
            client.confirm(replace(order(client), digest="another"))
        assert raised.value.advice == "Look at the drives again."
    failure = protocol.failure_of(StorageError("full", "make room"))
    assert isinstance(protocol.error_of(failure), StorageError)


def test_a_bug_while_asked_is_told_and_the_engine_lives(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with client_at(bench.socket) as client:
        planned(client)
        with monkeypatch.context() as broken:
            broken.setattr(FakeProbe, "probe_inventory", lambda _self, *_known: 1 / 0)
            with pytest.raises(Exception, match="ZeroDivisionError"):
                client.look()
        client.look()


# how the seam grows (docs/decisions/0100-two-processes.md)


@dataclass(frozen=True, slots=True)
class Networks:
    names: tuple[str, ...]


class Wider(Asking, Protocol):
    def scan(self, wanted: Operator) -> Networks: ...


class WiderEngine(Engine):
    def scan(self, wanted: Operator) -> Networks:
        return Networks((f"network of {wanted.name}",))


class WiderDesk(RemoteEngine):
    requests = protocol.requests_of(Wider)

    def scan(self, wanted: Operator) -> Networks:
        found: Networks = self._ask("scan", wanted)
        return found


def test_one_more_method_is_one_more_line_and_its_types_travel() -> None:
    ours, theirs = socket.socketpair()
    engine = WiderEngine(Kit(laptop()).services)
    visit = listener.ScreenConnection(engine, SocketChannel(theirs), protocol.requests_of(Wider))
    threading.Thread(target=visit.run, daemon=True).start()
    client = WiderDesk(lambda: SocketChannel(ours))
    client.start()
    until(lambda: client.line is Connection.OPEN, "the line", PATIENCE_S)
    assert client.scan(Operator("Zoé")) == Networks(("network of Zoé",))
    client.close()


def test_two_arguments_are_one_too_many() -> None:
    class Wrong(Protocol):
        def both(self, one: str, two: str) -> None: ...

    with pytest.raises(TypeError):
        protocol.requests_of(Wrong)


def test_every_event_of_a_session_travels_as_it_is_journalled(bench: Bench) -> None:
    until(lambda: bench.engine.state.plan is not None, "a plan", PATIENCE_S)
    rows = [event_to_builtins(one) for one in bench.kit.journal.lines]
    line = protocol.encode(protocol.News(events=tuple(rows)))
    assert b"\n" not in line
    assert protocol.decode(line) == protocol.News(events=tuple(json.loads(json.dumps(rows))))
