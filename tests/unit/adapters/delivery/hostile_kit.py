"""Servers and proxies that do as they like, on real sockets, and what is asked of them: a report
sent, the connection tested."""

from __future__ import annotations

import socket
import struct
import threading
import time
from pathlib import Path

from reprise.adapters.delivery.uplink import HttpUplink
from reprise.adapters.network.server_check import ServerCheck
from reprise.domain.station.connectivity import ConnectionStep, Finding, StepResult
from reprise.domain.station.delivery import Delivery
from reprise.settings import ServerSettings
from unit.adapters.network.way_kit import FakeClock, Serve

ID = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11"
BEYOND = "https://reprise.example.org"
_LIMIT_S = 15.0  # far from the second that a hostile server is given below


def sent(url: str, *, proxy: str = "", ca_file: Path | None = None) -> Delivery:
    return HttpUplink(settings_of(url, proxy), ca_file, FakeClock()).send(ID, b"a.b.c")


def probed(url: str, *, proxy: str = "", ca_file: Path | None = None) -> Finding:
    """Where the test ends."""
    settings = settings_of(url, proxy)
    found = list(ServerCheck(settings, ca_file, FakeClock(), lambda: None).run("kid-1"))
    assert [one.step for one in found] == list(ConnectionStep)
    return next(one for one in found if one.outcome is StepResult.FAILED)


def settings_of(url: str, proxy: str) -> ServerSettings:
    return ServerSettings(url, proxy=proxy, connect_timeout_s=0.5, read_timeout_s=0.8)


def in_time(ask: object, *args: object, **how: object) -> object:
    """What a call gives, which must come to an end."""
    came = list[object]()

    def go() -> None:
        try:
            came.append(ask(*args, **how))  # type: ignore[operator]
        except Exception as error:  # noqa: BLE001 - told below
            came.append(error)

    thread = threading.Thread(target=go, daemon=True)
    thread.start()
    thread.join(_LIMIT_S)
    assert came, "it did not come to an end"
    assert not isinstance(came[0], Exception), came[0]
    return came[0]


def read_head(line: socket.socket) -> None:
    got = b""
    while b"\r\n\r\n" not in got and (more := line.recv(65536)):
        got += more


def saying(answer: bytes) -> Serve:
    def serve(line: socket.socket) -> None:
        read_head(line)
        line.sendall(answer)

    return serve


def for_ever(first: bytes, again: bytes) -> Serve:
    """Until the other side has had enough."""

    def serve(line: socket.socket) -> None:
        read_head(line)
        line.sendall(first)
        while True:
            line.sendall(again)
            time.sleep(0.1)

    return serve


def reset(line: socket.socket) -> None:
    """Closes with RST, as where a part of what was sent is never read."""
    read_head(line)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
