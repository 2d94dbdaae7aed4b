"""A mail server that takes its time: nobody who looks at pages waits for it."""

from __future__ import annotations

import re
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest
import requests

from browser.mailbox import Mailbox
from server.kit import Running, serving, session_of

_KNOWN, _UNKNOWN = "slow@grandcahors.example", "nobody@grandcahors.example"


def _config(folder: Path, port: int) -> Path:
    config = folder / "config"
    config.mkdir()
    sender = 'security = "none"\nsender = "reprise@grandcahors.example"\n'
    mail = f'[mail]\nhost = "127.0.0.1"\nport = {port}\n{sender}'
    (config / "server.toml").write_text(mail)
    return config


def _asks_for_a_password(running: Running, email: str) -> float:
    """Seconds that the answer took."""
    answer = _asks(running, email)
    assert answer.is_redirect
    return answer.elapsed.total_seconds()


def _asks(running: Running, email: str) -> requests.Response:
    session = requests.Session()
    path = f"{running.url}/account/password/reset/"
    token = re.findall(r'middlewaretoken" value="(\w+)"', session.get(path, timeout=10).text)[0]
    form = {"csrfmiddlewaretoken": token, "email": email}
    return session.post(path, data=form, timeout=30, allow_redirects=False)


def test_the_time_of_an_answer_tells_nobody_who_has_an_account(tmp_path: Path) -> None:
    silent = socket.socket()
    silent.bind(("127.0.0.1", 0))
    silent.listen()
    config = _config(tmp_path, silent.getsockname()[1])
    with serving(tmp_path / "reprise.db", config=config) as running:
        session_of(running.database, _KNOWN)
        for email in (_UNKNOWN, _KNOWN, _KNOWN):
            assert _asks_for_a_password(running, email) < 5
        silent.close()
        until = time.monotonic() + 10
        while running.log.read_text().count("no mail was sent") < 2:
            assert time.monotonic() < until
            time.sleep(0.05)


def test_what_waits_when_the_server_ends_is_sent(tmp_path: Path, letters: Mailbox) -> None:
    with serving(tmp_path / "reprise.db", config=_config(tmp_path, letters.port)) as running:
        session_of(running.database, _KNOWN)
        before = len(letters.to(_KNOWN))
        _asks_for_a_password(running, _KNOWN)
    assert len(letters.to(_KNOWN)) == before + 1


class _Slow(StreamRequestHandler):
    """An SMTP server (RFC 5321) that lets who comes wait, as one under load does."""

    def handle(self) -> None:
        time.sleep(1.5)
        self.wfile.write(b"220 slow\r\n")
        for line in self.rfile:
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
                _taken.append(line)
            self.wfile.write(b"250 well\r\n")


_taken: list[bytes] = []


@contextmanager
def _slow() -> Iterator[int]:
    """The port of one that listens."""
    ThreadingTCPServer.daemon_threads = True
    with ThreadingTCPServer(("127.0.0.1", 0), _Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_what_a_slow_mail_server_has_not_taken_by_the_end_is_sent(tmp_path: Path) -> None:
    with _slow() as port, serving(tmp_path / "reprise.db", config=_config(tmp_path, port)) as here:
        session_of(here.database, _KNOWN)
        for _each in range(2):
            _asks_for_a_password(here, _KNOWN)
        here.process.terminate()
        here.process.wait(20)
        assert len(_taken) == 2


def _answers_late(running: Running, late_s: float) -> None:
    """Ends the server while all that make pages wait for the database, for so long."""
    with closing(sqlite3.connect(running.database, isolation_level=None)) as held:
        held.execute("BEGIN IMMEDIATE")
        for _each in range(6):
            threading.Thread(target=_asks, args=(running, _UNKNOWN), daemon=True).start()
        time.sleep(1)
        running.process.terminate()
        time.sleep(late_s)


@pytest.mark.parametrize("late_s", [0, 3.5], ids=["at rest", "while it answers"])
def test_the_log_tells_what_no_mail_server_has_taken_by_the_end(
    tmp_path: Path, late_s: float
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        config = _config(tmp_path, silent.getsockname()[1])
        with serving(tmp_path / "reprise.db", config=config) as here:
            session_of(here.database, _KNOWN)
            for _each in range(3):
                _asks_for_a_password(here, _KNOWN)
            if late_s:
                _answers_late(here, late_s)
            here.process.terminate()
            assert here.process.wait(20) == 0
            lost = re.findall(r"no mail was sent: (\d+) waited", here.log.read_text())
            assert sum(map(int, lost)) == 3
