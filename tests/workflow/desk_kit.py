"""An engine behind a real socket, and desks at it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reprise.adapters.station.local_socket import SocketDoor, SocketLink, connect
from reprise.workflow.desk import server, wire
from reprise.workflow.desk.client import RemoteDesk
from reprise.workflow.desk.engine import Engine
from reprise.workflow.desk.port import Desk, Order
from station_kit.ports import Kit
from station_kit.processes import until

PATIENCE_S = 60.0


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
