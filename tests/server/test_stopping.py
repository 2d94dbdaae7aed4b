"""A stop that is asked for takes ten seconds at most, whatever is running, and loses nothing."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from reprise.adapters.signing.jws import Ed25519Signer
from server.backups import names, restored
from server.kit import REPRISE, Running, children, enrolled, fresh, serving, signed
from server.pages import stored
from server.postgresql import Cluster
from server.test_processes import answers, connected, stopped, until

pytestmark = pytest.mark.whole


def ends(server: Running) -> None:
    server.process.terminate()
    began = time.monotonic()
    assert server.process.wait(60) == 0
    assert time.monotonic() - began < 15  # 9 s, and what a machine under load adds
    assert "Traceback" not in server.log.read_text()


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[tuple[Running, Ed25519Signer]]:
    database = tmp_path / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    with serving(database) as server:
        assert until(lambda: answers(server, "/"))
        yield server, station


def half_a_report(server: Running, station: Ed25519Signer) -> socket.socket:
    body = signed(station, fresh())
    line = connected(server)
    line.sendall(
        b"PUT /api/v1/reports/%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/jose\r\n"
        b"Content-Length: %d\r\n\r\n" % (str(uuid.uuid4()).encode(), len(body)) + body[:-9]
    )
    return line


def test_while_a_body_comes_slowly(alone: tuple[Running, Ed25519Signer]) -> None:
    server, station = alone
    with half_a_report(server, station) as line:
        time.sleep(0.5)  # the front has it
        ends(server)
        assert line.recv(12) == b"HTTP/1.1 503"


def test_while_pages_are_made(alone: tuple[Running, Ed25519Signer]) -> None:
    server, _station = alone
    with stopped(server.pages), connected(server) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.5)
        ends(server)


def test_while_connections_are_held(alone: tuple[Running, Ed25519Signer]) -> None:
    """One that was answered, one that sent nothing, one that half a request, and one whose reader
    takes nothing of a large answer."""
    server, station = alone
    number = stored(server, station, fresh())
    with ExitStack() as stack:
        lines = [stack.enter_context(connected(server)) for _n in range(4)]
        lines[0].sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert lines[0].recv(12) == b"HTTP/1.1 200"
        lines[1].sendall(b"GET / HTTP/1.1\r\nHos")
        lines[2].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        lines[2].sendall(f"GET /reports/{number} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 50)
        time.sleep(0.5)
        ends(server)


def test_while_the_database_keeps_everybody_waiting(cluster: Cluster, tmp_path: Path) -> None:
    """A page and a report: neither is answered, and the report is sent again by its station."""
    station = enrolled(cluster.address, tmp_path / "stick")
    report = fresh()
    body = signed(station, report)
    with serving(cluster.address, log=tmp_path / "log") as server:
        assert until(lambda: answers(server, "/"))
        with psycopg.connect(cluster.address) as raw, ExitStack() as stack:
            raw.execute("LOCK TABLE reports_report IN ACCESS EXCLUSIVE MODE")
            for text in (
                b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                b"PUT /api/v1/reports/%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/jose"
                b"\r\nContent-Length: %d\r\n\r\n" % (report.report_id.encode(), len(body)) + body,
            ):
                stack.enter_context(connected(server)).sendall(text)
            time.sleep(1)
            ends(server)
    with serving(cluster.address, log=tmp_path / "log") as server:
        assert server.put(report.report_id, body).status_code == 201


@contextmanager
def backing_up(database: Path | str, box: Path) -> Iterator[subprocess.Popen[str]]:
    """A backup that stands still in the middle of it: the copy has its first pages."""

    def begun() -> bool:
        return any(x.stat().st_size for x in box.parent.glob(f".{box.name}.*/database*"))

    argv = [*REPRISE, "server", "backup", str(box), "--database", str(database)]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(argv, **pipes) as process:
        assert until(begun)
        os.kill(process.pid, signal.SIGSTOP)
        try:
            yield process
        finally:
            process.kill()


def full(database: Path | str) -> None:
    """So large that its copy takes a moment."""
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("CREATE TABLE filler (x)")
        raw.executemany("INSERT INTO filler VALUES (zeroblob(?))", [(1 << 20,)] * 100)


def test_while_a_backup_is_made(alone: tuple[Running, Ed25519Signer], tmp_path: Path) -> None:
    server, station = alone
    stored(server, station, fresh())
    full(server.database)
    with backing_up(server.database, tmp_path / "b.tar") as process:
        stored(server, station, fresh())
        ends(server)
        os.kill(process.pid, signal.SIGCONT)
        assert process.wait(120) == 0
    assert "Reports: 1" in restored(tmp_path / "b.tar", tmp_path / "new" / "reprise.db").stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_backup_that_is_stopped_leaves_nothing(
    alone: tuple[Running, Ed25519Signer], tmp_path: Path, number: signal.Signals
) -> None:
    server, _station = alone
    full(server.database)
    before = names(tmp_path)
    with backing_up(server.database, tmp_path / "b.tar") as process:
        process.send_signal(number)
        os.kill(process.pid, signal.SIGCONT)
        assert process.wait(60) == 130
    assert names(tmp_path) == before


def test_a_backup_of_postgresql_that_is_stopped_ends_its_program(
    cluster: Cluster, tmp_path: Path
) -> None:
    enrolled(cluster.address, tmp_path / "stick")
    with psycopg.connect(cluster.address) as raw:
        raw.execute("LOCK TABLE reports_report IN ACCESS EXCLUSIVE MODE")  # pg_dump waits
        argv = [*REPRISE, "server", "backup", str(tmp_path / "b.tar")]
        process = subprocess.Popen([*argv, "--database", cluster.address])
        assert until(lambda: bool(children(process.pid)))
        (dump,) = children(process.pid)
        time.sleep(0.5)
        process.terminate()
        assert process.wait(60) == 130
        assert not Path(f"/proc/{dump}").exists()
    assert names(tmp_path) == ["stick"]
