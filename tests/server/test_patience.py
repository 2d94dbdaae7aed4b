"""Who never comes to the point is cut off; who does is answered."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import uvicorn

from reprise.server.front import protocol
from reprise.server.front.protocol import PatientProtocol

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def hello(scope: Any, receive: Any, send: Any) -> None:
    if scope["path"] == "/large":
        body = b"x" * 20_000_000
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        return
    await asyncio.sleep(0.6)  # longer than anybody may take for headers
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
    )
    await send({"type": "http.response.body", "body": b"hi"})


@pytest.fixture
def server() -> uvicorn.Server:
    config = uvicorn.Config(hello, http=PatientProtocol, lifespan="off", log_config=None)
    return uvicorn.Server(config)


@pytest.fixture
def port(server: uvicorn.Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(protocol, "_HEADERS_S", 0.3)
    monkeypatch.setattr(protocol, "_READING_S", 0.8)
    monkeypatch.setattr(PatientProtocol, "most", 3)
    monkeypatch.setattr(PatientProtocol, "_sweeping", False)
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        try:
            yield sock.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(20)


def connected(port: int) -> socket.socket:
    for _try in range(100):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=10)
        except ConnectionRefusedError:
            threading.Event().wait(0.05)
    raise AssertionError("nobody listens")


def ended(line: socket.socket) -> bool:
    """Waits for the end, past what was sent before it."""
    try:
        while line.recv(4096):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost:"])
def test_half_a_request_is_cut_off(port: int, begun: bytes) -> None:
    with connected(port) as line:
        line.sendall(begun)
        assert ended(line)


def test_a_slow_answer_is_waited_for_and_half_a_second_request_is_not(port: int) -> None:
    with connected(port) as line:
        line.sendall(REQUEST)
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
        line.sendall(REQUEST[:10])
        assert ended(line)


def test_of_too_many_the_one_that_waits_longest_is_cut_off(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "_HEADERS_S", 30)
    lines = [connected(port) for _n in range(4)]
    assert ended(lines[0])
    for line in lines[1:]:
        line.sendall(REQUEST)
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
        line.close()
    lines[0].close()


def test_a_reader_who_takes_nothing_is_cut_off(server: uvicorn.Server, port: int) -> None:
    connections = server.server_state.connections
    with connected(port) as line:
        line.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        for there in (True, False):
            end = time.monotonic() + 20
            while time.monotonic() < end and bool(connections) is not there:
                time.sleep(0.01)
            assert bool(connections) is there
        came = 0
        with suppress(ConnectionResetError):
            while data := line.recv(1 << 20):
                came += len(data)
        assert came < 20_000_000
