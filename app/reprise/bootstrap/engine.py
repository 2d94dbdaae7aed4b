"""The screen's way to the engine, and the engine's door."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.storage import RUN
from reprise.errors import LinkError

if TYPE_CHECKING:
    from collections.abc import Callable

    from reprise.adapters.console.typed_keys import TypedKeys
    from reprise.adapters.station.local_socket import SocketListener
    from reprise.bootstrap.command_line import CommandLine
    from reprise.workflow.engine.port import EngineClient
    from reprise.workflow.engine.protocol import Channel

_SOCKET, ENGINE_LOG = "engine.sock", "engine.log"
_ENGINE_SERVICE = Path("/usr/lib/systemd/system/reprise-engine.service")


def engine_socket(given: CommandLine) -> Path:
    """--socket PATH; else in the --data folder; else the one of the station's own service."""
    return Path(given.socket or Path(given.data or RUN, _SOCKET)).absolute()


def engine_log(data: str) -> Path:
    """Where an engine of one's own (--data) says what went wrong."""
    return Path(data).absolute() / ENGINE_LOG


def has_engine_service() -> bool:
    """This machine was started from a Reprise stick: its engine comes, and comes again."""
    return _ENGINE_SERVICE.exists()


def engine_answers(given: CommandLine) -> bool:
    from reprise.adapters.station.local_socket import connect

    try:
        connect(engine_socket(given)).close()
    except LinkError:
        return False
    return True


def engine_listener(given: CommandLine) -> SocketListener:
    """Raises RefusedError where another engine listens there, InputError on an unusable path."""
    from reprise.adapters.station.local_socket import SocketListener

    return SocketListener(engine_socket(given))


def remote_engine(given: CommandLine) -> EngineClient:
    """The engine at the socket. With --data, one is started where nobody listens there."""
    from reprise.workflow.engine.client import RemoteEngine

    data = given.data
    engine = RemoteEngine(_service(given) if data is None else _own_engine(given, Path(data)))
    engine.start()
    return engine


def _service(given: CommandLine) -> Callable[[], Channel]:
    from reprise.adapters.station.local_socket import connect

    socket = engine_socket(given)
    return lambda: connect(socket)


def _own_engine(given: CommandLine, folder: Path) -> Callable[[], Channel]:
    from reprise.adapters.station.own_engine import OwnEngine

    data = folder.absolute()
    data.mkdir(parents=True, exist_ok=True)
    socket = engine_socket(given)
    argv = [sys.executable, "-m", "reprise", "--data", str(data)]
    for option, value in (("--lang", given.lang), ("--config", given.config)):
        argv += [option, value] if value else []
    argv += ["station", "engine", "--socket", str(socket)]
    if not given.keep_engine:
        argv.append("--until-eof")
    return OwnEngine(argv, socket, data / ENGINE_LOG, keep=given.keep_engine).connect


def speak_in(language: str) -> None:
    """The voice of the station's console follows its words."""
    from reprise.adapters.console.voice import speak_in
    from reprise.bootstrap.drives import command_runner

    speak_in(language, command_runner(), Path(RUN, "voice"))


def typed_keys() -> TypedKeys:
    """What is typed on this terminal."""
    from reprise.adapters.console.typed_keys import TypedKeys

    return TypedKeys()


def tell_ready() -> None:
    """The first picture stands: whoever waits for it may start."""
    from reprise.adapters.station.readiness import tell_ready

    tell_ready()
