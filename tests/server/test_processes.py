"""What one process of the server suffers the others do not, and none outlives the first."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from reprise.adapters.signing.jws import Ed25519Signer
from server.kit import Running, descendants, enrolled, fresh, serving, signed, stranger
from server.pages import stored

pytestmark = pytest.mark.whole


def until(true: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def answers(server: Running, path: str, status: int = 200) -> bool:
    try:
        return server.get(path).status_code == status
    except requests.RequestException:
        return False


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[tuple[Running, Ed25519Signer]]:
    database = tmp_path / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    with serving(database) as server:
        assert until(lambda: len(server.pages) == 3)
        yield server, station


@contextmanager
def stopped(pids: list[int]) -> Iterator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def test_reports_are_taken_while_no_page_is_made(alone: tuple[Running, Ed25519Signer]) -> None:
    server, station = alone
    with stopped(server.pages):
        stored(server, station, fresh())
        assert server.get("/healthz").status_code == 200
        with pytest.raises(requests.Timeout):
            requests.get(server.url, timeout=0.5)
    assert answers(server, "/")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("which", ["front", "pages"])
def test_a_process_that_ends_is_begun_again(
    alone: tuple[Running, Ed25519Signer], which: str, number: signal.Signals
) -> None:
    server, station = alone
    report_id = stored(server, station, fresh())
    ended = server.front if which == "front" else server.pages[0]
    os.kill(ended, number)
    assert until(lambda: ended not in descendants(server.process.pid))
    assert until(lambda: answers(server, f"/api/v1/reports/{report_id}"))
    assert until(lambda: answers(server, "/healthz"))
    stored(server, station, fresh())
    assert server.log.read_text().count("is begun again") == 1


def test_no_process_outlives_the_first(alone: tuple[Running, Ed25519Signer]) -> None:
    server, _station = alone
    others = descendants(server.process.pid)
    assert len(others) >= 4
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(20)
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in others))


_FAMILY = """
import os, sys, time
from reprise.server.children import Family

def work(name, lives_s):
    def run():
        with open(sys.argv[1], "a") as file:
            file.write(f"{name} {time.monotonic()}\\n")
        time.sleep(lives_s)
    return run

Family({"short": work("short", 0), "long": work("long", 1.2)}).live(lambda: None)
"""


def test_one_that_lived_a_while_is_begun_again_at_once(tmp_path: Path) -> None:
    """One that ends as soon as it is begun does not keep the processor busy."""
    told = tmp_path / "told"
    with subprocess.Popen([sys.executable, "-c", _FAMILY, str(told)]) as process:
        try:
            assert until(lambda: told.exists() and told.read_text().count("\n") >= 9)
        finally:
            process.terminate()
    began: dict[str, list[float]] = {"short": [], "long": []}
    for line in told.read_text().splitlines():
        began[line.split()[0]].append(float(line.split()[1]))
    gaps = {name: [b - a for a, b in pairwise(moments)] for name, moments in began.items()}
    assert min(gaps["short"]) > 0.9
    assert min(gaps["long"]) < 2.0  # not the second beyond what it lived


def connected(server: Running) -> socket.socket:
    parts = urlsplit(server.url)
    return socket.create_connection((parts.hostname, parts.port), timeout=30)


@pytest.fixture
def many_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2048:
        pytest.skip(f"this process may open no more than {hard} files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
def test_1100_half_sent_requests_keep_nobody_out(alone: tuple[Running, Ed25519Signer]) -> None:
    server, station = alone
    with ExitStack() as stack:
        for _n in range(1100):
            half = stack.enter_context(connected(server))
            half.sendall(b"PUT /api/v1/reports/1 HTTP/1.1\r\nHost:")
        assert server.get("/healthz").status_code == 200
        stored(server, station, fresh())
        assert server.get("/").status_code == 200


def most_memory(pid: int) -> int:
    """Bytes that a process held at its worst moment."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def test_what_strangers_send_is_not_held(alone: tuple[Running, Ed25519Signer]) -> None:
    server, station = alone
    stored(server, station, fresh())
    before = most_memory(server.front)
    head = signed(stranger(), fresh()).partition(b".")[0] + b"."
    length, piece = 4 * 1024 * 1024, b"x" * (1 << 20)
    with ExitStack() as stack:
        lines = [stack.enter_context(connected(server)) for _n in range(40)]
        for line in lines:
            line.sendall(
                b"PUT /api/v1/reports/01234567-89ab-4cde-8f01-23456789abcd HTTP/1.1\r\nHost: x\r\n"
                b"Content-Type: application/jose\r\nContent-Length: %d\r\n\r\n" % length + head
            )
        for _part in range(3):
            for line in lines:
                line.sendall(piece)
        for line in lines:
            line.sendall(b"x" * (length - 3 * len(piece) - len(head)))
        assert {line.recv(12) for line in lines} == {b"HTTP/1.1 403"}
    assert most_memory(server.front) - before < 32 * 1024 * 1024
