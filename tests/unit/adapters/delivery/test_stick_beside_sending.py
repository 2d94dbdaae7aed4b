"""The service that sends: the stick is looked after whatever a server or a report does."""

from __future__ import annotations

import argparse
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from reprise import i18n
from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.delivery.uplink import HttpUplink
from reprise.adapters.delivery.watch import beside
from reprise.adapters.stick.keeper import StickKeeper
from reprise.adapters.storage.store import MirroredStore
from reprise.bootstrap import config, storage, tools
from reprise.cli.commands.outbox import run_service
from reprise.domain.station.stick import StickState, StickStatus
from reprise.settings import ServerSettings, Settings
from reprise.workflow.delivery.deliver import Uplink
from unit.adapters.network.way_kit import FakeClock, listening

pytestmark = pytest.mark.whole  # they wait, half a minute in all

ID = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11"


def soon(true: Callable[[], bool], within_s: float = 20.0) -> bool:
    until = time.monotonic() + within_s
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


class Service:
    """`reprise outbox run` in a thread, on a stick that is plugged in while it sends."""

    def __init__(self, patch: pytest.MonkeyPatch, folder: Path, link: Uplink) -> None:
        self.stick, self.plugged, self.mounted = folder / "stick", False, False
        store = MirroredStore(folder / "memory", lambda: self.stick if self.mounted else None)
        StoreOutbox(store).put(ID, b"a.b.c")
        self.handlers = list[Callable[[], None]]()
        patch.setattr(storage, "store", lambda _args: store)
        patch.setattr(tools, "network", lambda _args: SimpleNamespace(keep_default=list))
        patch.setattr(config, "station_settings", lambda _args: (Settings(), ()))
        patch.setattr(storage, "uplink", lambda _settings, _store: link)
        patch.setattr(StickKeeper, "prepare", lambda _keeper: self._prepare())
        patch.setattr(signal, "signal", lambda _number, end: self.handlers.append(end))
        self.ended = list[object]()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.ended.append(run_service(argparse.Namespace(config=None, data=None)))
        except Exception as error:  # noqa: BLE001 - for the test to see
            self.ended.append(error)

    def _prepare(self) -> StickState:
        self.mounted = self.plugged
        return StickState(StickStatus.READY if self.mounted else StickStatus.MEMORY)

    def plug_in(self) -> None:
        self.stick.mkdir()
        self.plugged = True

    @property
    def kept(self) -> bool:
        return (self.stick / f"reports/{ID}.jws").exists()

    def end(self) -> None:
        self.handlers[0]()
        self._thread.join(20)
        assert not self._thread.is_alive()


def test_a_stick_comes_back_while_a_server_holds_the_sender(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over, called = threading.Event(), threading.Event()

    def hold(line: socket.socket) -> None:
        called.set()
        while not over.wait(0.1):
            line.sendall(b" ")

    with listening(hold) as port:
        settings = ServerSettings(
            f"http://127.0.0.1:{port}", connect_timeout_s=1.0, read_timeout_s=60.0
        )
        service = Service(monkeypatch, tmp_path, HttpUplink(settings, None, FakeClock()))
        assert called.wait(20)
        service.plug_in()
        assert soon(lambda: service.kept)
        over.set()
        service.end()
    assert service.ended == [0]


class Broken:
    """What nobody foresaw."""

    server = "https://reprise.example"

    def __init__(self) -> None:
        self.asked = 0

    def send(self, report_id: str, jws: bytes) -> object:
        self.asked += 1
        raise LookupError("nobody foresaw this")


def test_what_nobody_foresaw_ends_neither_the_service_nor_the_look_at_the_stick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    link = Broken()
    service = Service(monkeypatch, tmp_path, link)  # type: ignore[arg-type]
    assert soon(lambda: link.asked > 0)
    service.plug_in()
    assert soon(lambda: service.kept)
    assert soon(lambda: link.asked > 1), "tried again, after a pause"
    assert link.asked < 5
    service.end()
    assert service.ended == [0]
    assert "nobody foresaw this" in caplog.text


def test_the_service_says_once_what_it_waits_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    i18n.set_language("en")
    link = Broken()
    service = Service(monkeypatch, tmp_path, link)  # type: ignore[arg-type]
    assert soon(lambda: link.asked > 1)
    service.end()
    said = "reprise: reports are sent to https://reprise.example as soon as it answers.\n"
    assert capsys.readouterr().err == said


def test_a_look_that_fails_is_not_the_last_and_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    looks = list[int]()

    def look() -> None:
        looks.append(1)
        raise OSError("no room")

    with beside(look, 0.01):
        assert soon(lambda: len(looks) > 3)
    assert caplog.text.count("OSError: no room") == 1
    done = len(looks)
    time.sleep(0.1)
    assert len(looks) == done
