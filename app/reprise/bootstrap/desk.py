"""The screen's way to the engine, and the engine's door."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.delivery import RUN
from reprise.errors import LinkError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from reprise.adapters.station.keys_typed import TypedKeys
    from reprise.adapters.station.local_socket import SocketDoor
    from reprise.workflow.desk.port import Desk
    from reprise.workflow.desk.wire import Link

_SOCKET, ENGINE_LOG = "engine.sock", "engine.log"
_ENGINE_SERVICE = Path("/usr/lib/systemd/system/reprise-engine.service")


def engine_socket(args: argparse.Namespace) -> Path:
    """--socket PATH; else in the --data folder; else the one of the station's own service."""
    return Path(args.socket or Path(args.data or RUN, _SOCKET)).absolute()


def engine_log(args: argparse.Namespace) -> Path:
    """Where an engine of one's own (--data) says what went wrong."""
    return Path(args.data).absolute() / ENGINE_LOG


def has_engine_service() -> bool:
    """This machine was started from a Reprise stick: its engine comes, and comes again."""
    return _ENGINE_SERVICE.exists()


def engine_answers(args: argparse.Namespace) -> bool:
    from reprise.adapters.station.local_socket import connect

    try:
        connect(engine_socket(args)).close()
    except LinkError:
        return False
    return True


def desk_door(args: argparse.Namespace) -> SocketDoor:
    """Raises RefusedError where another engine listens there, InputError on an unusable path."""
    from reprise.adapters.station.local_socket import SocketDoor

    return SocketDoor(engine_socket(args))


def remote_desk(args: argparse.Namespace) -> Desk:
    """The engine at the socket. With --data, one is started where nobody listens there."""
    from reprise.workflow.desk.client import RemoteDesk

    desk = RemoteDesk(_own_engine(args) if args.data is not None else _service(args))
    desk.start()
    return desk


def _service(args: argparse.Namespace) -> Callable[[], Link]:
    from reprise.adapters.station.local_socket import connect

    socket = engine_socket(args)
    return lambda: connect(socket)


def _own_engine(args: argparse.Namespace) -> Callable[[], Link]:
    from reprise.adapters.station.own_engine import OwnEngine

    data = Path(args.data).absolute()
    data.mkdir(parents=True, exist_ok=True)
    socket = engine_socket(args)
    argv = [sys.executable, "-m", "reprise", "--data", str(data)]
    for option in ("lang", "config"):
        if getattr(args, option):
            argv += [f"--{option}", str(getattr(args, option))]
    argv += ["station", "engine", "--socket", str(socket)]
    if not args.keep_engine:
        argv.append("--until-eof")
    return OwnEngine(argv, socket, engine_log(args), keep=args.keep_engine).connect


def speak_in(language: str) -> None:
    """The voice of the station's console follows its words."""
    from reprise.adapters.station.voice import speak_in
    from reprise.bootstrap.drives import command_runner

    speak_in(language, command_runner(), Path(RUN, "voice"))


def typed_keys() -> TypedKeys:
    """What is typed on this terminal."""
    from reprise.adapters.station.keys_typed import TypedKeys

    return TypedKeys()


def tell_ready() -> None:
    """The first picture stands: whoever waits for it may start."""
    from reprise.adapters.station.readiness import tell_ready

    tell_ready()
