"""The way to the server through a proxy, on real sockets of this machine."""

from __future__ import annotations

import socket
import threading
from functools import partial
from pathlib import Path

import pytest

from reprise.domain.station.connectivity import ConnectionStep, Reach
from unit.adapters.network.way_kit import (
    KEY,
    answering,
    closed_port,
    context,
    end,
    listening,
    made,
    ok,
    tried,
)


def tunnel(line: socket.socket, ends: bytes = b"\r\n") -> None:
    """A proxy that takes CONNECT to this machine only, and ends its lines so."""
    head = line.recv(65536).decode()
    host, port = head.split(" ")[1].split(":")
    assert host == "127.0.0.1"
    with socket.create_connection((host, int(port))) as beyond:
        line.sendall(b"HTTP/1.1 200 Connection established" + ends + ends)

        def copy(out: socket.socket, into: socket.socket) -> None:
            while data := out.recv(65536):
                into.sendall(data)
            into.shutdown(socket.SHUT_WR)

        back = threading.Thread(target=copy, args=(beyond, line), daemon=True)
        back.start()
        copy(line, beyond)
        back.join(5)


@pytest.mark.parametrize("ends", [b"\r\n", b"\n"], ids=["CR LF", "LF"])
def test_through_a_proxy_to_an_encrypted_server(tmp_path: Path, ends: bytes) -> None:
    file = made(tmp_path)
    with (
        listening(answering("200 OK", KEY), context(file)) as port,
        listening(partial(tunnel, ends=ends)) as proxy,
    ):
        way = {"proxy": f"http://127.0.0.1:{proxy}", "ca_file": file, "read_timeout_s": 5.0}
        found = tried(f"https://127.0.0.1:{port}", **way)  # type: ignore[arg-type]
    assert ok(found)[-1] is ConnectionStep.ENROLLED


def test_through_a_proxy_to_a_plain_server() -> None:
    seen = list[str]()
    with listening(answering("200 OK", KEY, seen=seen)) as proxy:
        found = tried("http://192.168.99.99:8080", proxy=f"http://me:p%40ss@127.0.0.1:{proxy}")
    assert ok(found)[-1] is ConnectionStep.ENROLLED
    assert seen[0].startswith("GET http://192.168.99.99:8080/api/v1/stations/")
    assert "Proxy-Authorization: Basic bWU6cEBzcw==" in seen[0]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("407 Proxy Authentication Required", Reach.PROXY_PASSWORD),
        ("403 Forbidden", Reach.PROXY_DENIES),
        ("503 Service Unavailable", Reach.PROXY_CANNOT),
        ("405 Method Not Allowed", Reach.NOT_A_PROXY),
    ],
)
def test_a_proxy_that_says_no(status: str, reason: Reach) -> None:
    with listening(answering(status)) as proxy:
        found = tried("https://reprise.example.org", proxy=f"http://127.0.0.1:{proxy}")
    assert end(found) == (ConnectionStep.CONNECT, reason)


def test_what_is_no_proxy_and_one_that_is_not_there() -> None:
    with listening(lambda line: line.sendall(b"220 mail\r\n\r\n")) as proxy:
        found = tried("https://reprise.example.org", proxy=f"http://127.0.0.1:{proxy}")
    assert end(found) == (ConnectionStep.CONNECT, Reach.NOT_A_PROXY)
    with closed_port() as closed:
        gone = tried("https://reprise.example.org", proxy=f"http://127.0.0.1:{closed}")
    assert end(gone) == (ConnectionStep.CONNECT, Reach.PROXY_CLOSED)
    name = tried("https://reprise.example.org", proxy=f"http://{'x' * 70}.invalid:3128")
    assert end(name) == (ConnectionStep.NAME, Reach.PROXY_NAME)
