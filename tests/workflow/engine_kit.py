"""An engine behind a real socket, and clients at it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reprise.adapters.station.local_socket import SocketChannel, SocketListener, connect
from reprise.workflow.engine import listener, protocol
from reprise.workflow.engine.client import RemoteEngine
from reprise.workflow.engine.engine import Engine
from reprise.workflow.engine.port import EngineClient, Order
from station_kit.ports import Kit
from station_kit.processes import until

PATIENCE_S = 60.0


@dataclass
class Bench:
    kit: Kit
    engine: Engine
    socket: Path

    def raw(self) -> SocketChannel:
        """A link past its greeting, spoken by hand."""
        link = connect(self.socket)
        link.send(protocol.encode(protocol.Hello()))
        assert hear(link) == protocol.Hello()
        return link


def hear(link: SocketChannel) -> object:
    line = link.receive(protocol.MOST_TOLD_BYTES)
    return None if line is None else protocol.decode(line)


def last_words(link: SocketChannel) -> str:
    """Why the engine closes the link; the news before it are skipped."""
    told = None
    while (message := hear(link)) is not None:
        told = message
    assert isinstance(told, protocol.Refused), told
    return told.what


@contextmanager
def serving(kit: Kit, folder: Path) -> Iterator[Bench]:
    door = SocketListener(folder / "e.sock")
    engine = Engine(kit.services, poll_s=0.02)
    engine.start()
    waiter = threading.Thread(target=listener.serve, args=(engine, door))
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
def client_at(
    path: Path, connecting: Callable[[], protocol.Channel] | None = None
) -> Iterator[RemoteEngine]:
    client = RemoteEngine(connecting or (lambda: connect(path)), retry_s=0.02)
    client.start()
    try:
        yield client
    finally:
        client.close()


def planned(client: EngineClient) -> None:
    until(lambda: client.state.plan is not None, "a plan", PATIENCE_S)


def order(client: EngineClient, *, installs: bool = True) -> Order:
    """Of what stands, all of it read."""
    defaults = client.status.install
    assert defaults is not None
    state, choice = client.state, client.status.offer.choices[0] if installs else None
    return Order(state.digest, defaults, choice, read=state.read_digest)
