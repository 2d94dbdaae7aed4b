"""The HTTP server of a start from the network, over real sockets."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reprise import i18n
from reprise.adapters.netboot.server import Fetch, http_serving
from reprise.errors import InputError


class Told:
    def __init__(self) -> None:
        self.all: list[Fetch] = []
        self.broken = threading.Event()
        self.whole = threading.Event()

    def __call__(self, fetch: Fetch) -> None:
        self.all.append(fetch)
        if fetch.broken_off:
            self.broken.set()
        if fetch.done_bytes == fetch.total_bytes:
            self.whole.set()


BIG = 48 << 20


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def port(tmp_path: Path, told: Told) -> Iterator[int]:
    (tmp_path / "secret").write_text("not served")
    with (tmp_path / "big").open("wb") as out:
        out.write(b"start")
        out.truncate(BIG)
    files: dict[str, Path | bytes] = {"live/big": tmp_path / "big", "settings/list": b"abc"}
    with http_serving("127.0.0.1", 0, files, told) as number:
        yield number


def get(port: int, path: str, method: str = "GET") -> tuple[int, bytes, str | None]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request(method, path)
    answer = line.getresponse()
    return answer.status, answer.read(), answer.getheader("Content-Length")


def test_a_file_comes_whole_and_its_progress_is_told(port: int, told: Told) -> None:
    status, data, length = get(port, "/live/big")
    assert (status, length) == (200, str(BIG))
    assert (len(data), data[:5]) == (BIG, b"start")
    assert told.whole.wait(30)  # the last bytes come before they are told
    steps = [fetch.done_bytes for fetch in told.all]
    assert steps[0] == 0
    assert steps[-1] == BIG
    assert steps == sorted(steps)
    assert {(f.client, f.name, f.total_bytes, f.broken_off) for f in told.all} == {
        ("127.0.0.1", "live/big", BIG, False)
    }


def test_bytes_and_heads(port: int) -> None:
    assert get(port, "/settings/list") == (200, b"abc", "3")
    assert get(port, "/live/big", "HEAD") == (200, b"", str(BIG))


@pytest.mark.parametrize(
    "path", ["/", "/secret", "/live/../secret", "/live/%2e%2e/secret", "//etc/passwd", "/live"]
)
def test_nothing_else_is_served(port: int, path: str) -> None:
    assert get(port, path)[0] == 404


def test_a_pc_that_goes_away_is_told_and_the_next_one_served(port: int, told: Told) -> None:
    with socket.create_connection(("127.0.0.1", port)) as plug:
        plug.sendall(b"GET /live/big HTTP/1.0\r\n\r\n")
        plug.recv(1000)
    assert told.broken.wait(30)
    last = told.all[-1]
    assert last.done_bytes < last.total_bytes
    assert get(port, "/settings/list")[0] == 200


def test_twenty_pcs_at_once(port: int) -> None:
    sizes: list[int] = []
    threads = [
        threading.Thread(target=lambda: sizes.append(len(get(port, "/live/big")[1])))
        for _number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sizes == [BIG] * 20


def test_the_end_does_not_wait_for_a_slow_pc(tmp_path: Path, told: Told) -> None:
    with (tmp_path / "big").open("wb") as out:
        out.truncate(BIG)
    plug = socket.socket()
    with http_serving("127.0.0.1", 0, {"big": tmp_path / "big"}, told) as number:
        plug.connect(("127.0.0.1", number))
        plug.sendall(b"GET /big HTTP/1.0\r\n\r\n")
        plug.recv(1000)
        began = time.monotonic()
    assert time.monotonic() - began < 10
    plug.close()


def test_a_port_in_use_is_named(port: int) -> None:
    with (
        i18n.using("en"),
        pytest.raises(InputError, match=rf"Port {port} on 127.0.0.1 cannot be used.*--port"),
        http_serving("127.0.0.1", port, {}, lambda _fetch: None),
    ):
        pass
