"""`reprise station` from the outside, where it must refuse."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest

from reprise import i18n
from reprise.__main__ import _parser
from reprise.adapters.station.local_socket import SocketChannel
from reprise.adapters.station.own_engine import OwnEngine
from reprise.bootstrap import config, storage
from reprise.bootstrap import station as bootstrap_station
from reprise.bootstrap.command_line import CommandLine
from reprise.bootstrap.engine import engine_socket, remote_engine
from reprise.cli.commands.station import run_engine, run_station
from reprise.cli.folders import given_by
from reprise.errors import InputError, LinkError
from reprise.ports.sheets.station_tools import StationTools
from reprise.settings import Settings, StationSettings
from reprise.workflow.engine.port import Connection, EngineClient
from reprise.workflow.session.services import StationServices
from station_kit.places import PATHS
from station_kit.processes import remote, until


@pytest.fixture(autouse=True)
def _on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this very process; others meet their own."""
    monkeypatch.setattr("reprise.cli.commands.station._need_terminal", lambda: None)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import os, sys; os.geteuid = lambda: 1000;"
        "from reprise.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )


@pytest.mark.parametrize("action", ["run", "engine", "prepare"])
@pytest.mark.parametrize(("lang", "word"), [("fr", "root"), ("en", "must run as root")])
def test_it_refuses_without_root_in_one_line(action: str, lang: str, word: str) -> None:
    done = run("--lang", lang, "station", action)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith("reprise: ")
    assert done.stderr.count("\n") == 1
    assert word in done.stderr


def test_an_action_is_needed() -> None:
    assert run("station").returncode == 2


def namespace(**changes: object) -> argparse.Namespace:
    plain = {"lang": None, "config": None, "data": None, "socket": None, "linear": False}
    return argparse.Namespace(**plain | {"keep_engine": False, "until_eof": False} | changes)


class _AppOnly:
    """The application as `run_station` uses it: opens its engine once, shows nothing."""

    def __init__(
        self,
        open_engine: Callable[[], EngineClient],
        _sheets: object,
        *,
        follow_language: bool,
        tools: StationTools,
    ) -> None:
        assert tools.local_time("Europe/Nowhere") is None
        self.open_engine, self.return_code = open_engine, 0

    def run(self, *, mouse: bool) -> None:
        self.open_engine().close()


def test_systemd_hears_of_the_first_picture_and_not_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The engine's start waits for it: the two would share one processor."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setattr("os.geteuid", lambda: 0)

        class Watched(_AppOnly):
            def run(self, *, mouse: bool) -> None:
                with pytest.raises(BlockingIOError):
                    systemd.recv(64)
                super().run(mouse=mouse)

        monkeypatch.setattr("reprise.tui.app.StationApp", Watched)
        assert run_station(namespace(socket=str(tmp_path / "none"))) == 0
        assert systemd.recv(64) == b"READY=1"


@pytest.mark.parametrize(("chosen", "then"), [(None, "en"), ("fr", "fr")])
def test_the_engine_waits_for_the_stick_and_speaks_its_language(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, chosen: str | None, then: str
) -> None:
    """Key, settings and journal need the stick. The language of its settings counts once they can
    be read."""
    done: list[str] = []

    def settings(_given: CommandLine) -> tuple[Settings, tuple[()]]:
        language: Literal["fr", "en"] = "en" if "stick" in done else "fr"
        return Settings(station=StationSettings(language=language)), ()

    def services(*_given: object) -> StationServices:
        done.append("services")
        os.kill(os.getpid(), signal.SIGTERM)
        raise InputError("no more of it here")

    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(config, "station_settings", settings)
    monkeypatch.setattr(storage, "prepare_stick", lambda: done.append("stick"))
    monkeypatch.setattr(bootstrap_station, "station_services", services)
    assert run_engine(namespace(lang=chosen, socket=str(tmp_path / "e.sock"))) == 0
    assert done == ["stick", "services"]
    assert i18n.language() == then


_SCREEN = """
import sys, time
from pathlib import Path
from reprise.adapters.station.own_engine import OwnEngine
from reprise.workflow.engine.client import RemoteEngine
folder, keep = Path(sys.argv[1]), sys.argv[2] == "keep"
argv = [sys.executable, "-m", "station_kit.fake_engine", str(folder)]
argv += [] if keep else ["--until-eof"]
own = OwnEngine(argv, folder / "engine.sock", folder / "engine.log", keep=keep)
RemoteEngine(own.connect, retry_s=0.05).start()
time.sleep(600)
"""


@pytest.fixture
def own_screen(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """A process that starts an engine of its own in `tmp_path`, as a screen does."""
    started: list[subprocess.Popen[bytes]] = []

    def start(keep: str) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-c", _SCREEN, str(tmp_path), keep]
        started.append(subprocess.Popen(argv, env={**os.environ, "PYTHONPATH": PATHS}))
        return started[0]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_ones_own_engine_goes_with_its_screen(
    own_screen: Callable[[str], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    """Killed, the screen's end of the pipe closes: the engine ends as it does for a signal."""
    screen = own_screen("")
    with remote(tmp_path / "engine.sock") as client:
        until(lambda: client.state.plan is not None, "the engine that the screen started")
        screen.kill()
        until(lambda: client.line is Connection.LOST, "its end")
    until(lambda: not (tmp_path / "engine.sock").exists(), "its socket's end")


def test_ones_own_engine_stays_where_it_was_asked_to(
    own_screen: Callable[[str], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    screen = own_screen("keep")
    with remote(tmp_path / "engine.sock") as client:
        until(lambda: client.state.plan is not None, "the engine that the screen started")
        screen.kill()
        screen.wait()
        client.look()
        with socket.socket(socket.AF_UNIX) as asking:
            asking.connect(str(tmp_path / "engine.sock"))
            (engine,) = struct.unpack_from("i", asking.getsockopt(1, socket.SO_PEERCRED, 12))
        os.kill(engine, signal.SIGTERM)
        until(lambda: client.line is Connection.LOST, "its end")


@pytest.mark.parametrize("keep", [False, True])
def test_the_engine_that_is_started_gets_the_screens_options(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keep: bool
) -> None:
    started: list[list[str]] = []

    class Recording(OwnEngine):
        def __init__(self, argv: list[str], *where: Path, keep: bool) -> None:
            started.append(argv)
            super().__init__(argv, *where, keep=keep)

        def connect(self) -> SocketChannel:
            raise LinkError("not in this test")

    monkeypatch.setattr("reprise.adapters.station.own_engine.OwnEngine", Recording)
    args = namespace(data=str(tmp_path / "d"), config="/etc/r", lang="en", keep_engine=keep)
    remote_engine(given_by(args)).close()
    (argv,) = started
    got = _parser("station").parse_args(argv[3:])
    assert (argv[0], argv[1:3]) == (sys.executable, ["-m", "reprise"])
    assert (got.lang, got.config, got.data) == ("en", "/etc/r", str(tmp_path / "d"))
    assert (got.run, got.until_eof) == (run_engine, not keep)
    assert engine_socket(given_by(got)) == engine_socket(given_by(args))
