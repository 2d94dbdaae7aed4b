"""The maintenance shell for real: bash on a terminal of its own, and the screen again."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reprise.adapters.console.shell import ConsoleShell
from reprise.errors import ToolError
from station_kit.places import PATHS

PHRASE = b"je prends la main"


class Terminal:
    """What a person at a terminal of 80 x 25 types and sees."""

    def __init__(self, ours: int) -> None:
        self._ours = ours
        self._shown = b""

    def type(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def until(self, words: str, within_s: float = 60.0) -> str:
        """What was shown since the words before, up to these."""
        end = time.monotonic() + within_s
        while words.encode() not in self._shown:
            assert time.monotonic() < end, f"never came: {words}\n{self._shown[-4000:]!r}"
            if select.select([self._ours], [], [], 0.2)[0]:
                self._shown += os.read(self._ours, 65536)
        until, _words, self._shown = self._shown.partition(words.encode())
        return until.decode("utf-8", "replace") + words


@contextmanager
def screen() -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    env = {
        **os.environ,
        "TERM": "linux",
        "COLUMNS": "80",
        "LINES": "25",
        "PYTHONPATH": PATHS,
        "SECRET_OF_THE_STATION": "x",
    }
    argv = ["setsid", "--ctty", sys.executable, "-m", "station_kit.shell_screen"]
    process = subprocess.Popen(argv, stdin=theirs, stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    try:
        yield Terminal(ours)
    finally:
        process.kill()
        os.close(ours)
        process.wait(60)


def test_bash_has_the_terminal_and_gives_it_back() -> None:
    with screen() as terminal:
        terminal.until("SECONDES")  # the countdown of an unattended station
        terminal.type(b"\x1b[20~")  # F9 closes it …
        terminal.until("a été lu")
        terminal.type(b"\x1b[20~")  # … and opens the logs
        terminal.until("only line")
        terminal.type(b"\x1b[20~")
        terminal.until("PROUVÉ")
        terminal.type(PHRASE + b"\r")
        intro = terminal.until("reprise:/# ")
        assert "exit" in intro
        terminal.type(b"echo sum-$((40+2)) [$SECRET_OF_THE_STATION] $(tty)\n")
        said = terminal.until("sum-42")
        said += terminal.until("reprise:/# ")
        assert re.search(r"sum-42 \[\] /dev/pts/\d+", said)  # none of the screen's environment
        terminal.type(b"sleep 60\n")
        time.sleep(0.5)
        terminal.type(b"\x03")  # Ctrl+C ends what runs there, not the station
        terminal.until("reprise:/# ")
        terminal.type(b"exit\n")
        back = terminal.until("only line")
        assert "Journaux et maintenance" in back
        terminal.type(b"\x1b\x1b")
        terminal.until("étape 1 sur")


def test_a_shell_that_is_not_there_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ToolError, match="lancée"):
        ConsoleShell(("/nonexistent/bash",)).run(("words",))
    assert "words" in capfd.readouterr().out
