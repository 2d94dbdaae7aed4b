"""The station's two processes, started and killed by a test."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from reprise.adapters.station.local_socket import connect
from reprise.workflow.engine.client import RemoteEngine
from reprise.workflow.engine.port import EngineClient
from station_kit.places import PATHS

PATIENCE_S = 60.0
_REFUSED = "ien n’a été effacé"  # whatever is wrong with the word


def until(ready: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    end = time.monotonic() + patience_s
    while not ready():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.02)


@contextmanager
def engine_process(module: str, *words: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m module words …`, ended with SIGTERM where the test did not end it."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *map(str, words)],
        env={**os.environ, "PYTHONPATH": PATHS},
        stdin=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


@contextmanager
def remote(socket: Path) -> Iterator[EngineClient]:
    client = RemoteEngine(lambda: connect(socket), retry_s=0.05)
    client.start()
    try:
        yield client
    finally:
        client.close()


@dataclass
class Terminal:
    """A process on a terminal of its own: what it wrote so far, and its keyboard."""

    process: subprocess.Popen[bytes]
    keyboard: int
    screen: str  # the path of the terminal that it has
    written: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self) -> None:
        with suppress(OSError):  # EIO: the last one that had it open has gone
            while chunk := os.read(self.keyboard, 1 << 16):
                self.written += chunk

    def press(self, keys: bytes) -> None:
        os.write(self.keyboard, keys)

    def clear(self) -> None:
        self.written.clear()

    def see(self, words: str, patience_s: float = PATIENCE_S) -> None:
        """Words that it wrote in one piece, whatever spaces stand between them."""
        until(lambda: words in self.text, words, patience_s)

    def confirm(self, then: str) -> None:
        """The word, until the screen shows `then`. It counts for nothing before all drives were on
        the screen, which says so, and before somebody listens."""
        while then not in self.text:
            self.clear()
            self.press(b"effacer\r")
            until(lambda: then in self.text or _REFUSED in self.text, then)

    @property
    def text(self) -> str:
        text = bytes(self.written).decode("utf-8", "replace")
        return text.replace("\u00a0", " ").replace("\u202f", " ")

    def end(self) -> int:
        """The exit code; all that it wrote is in `text` then."""
        code = self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        return code

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.end()


@contextmanager
def on_a_terminal(
    argv: Sequence[str | Path], columns: int = 160, rows: int = 50
) -> Iterator[Terminal]:
    """A new pseudo-terminal; whatever becomes of the test, the process ends before it goes. It
    hears every signal, though the tests may have been started in the background, deaf to some."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(
        ["env", "--default-signal", *argv],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "linux", "COLUMNS": str(columns), "LINES": str(rows)},
        start_new_session=True,
    )
    screen = os.ttyname(theirs)
    os.close(theirs)
    terminal = Terminal(process, ours, screen)
    try:
        yield terminal
    finally:
        terminal.kill()
        os.close(ours)


@contextmanager
def screen_process(
    socket: Path,
    columns: int = 160,
    rows: int = 50,
    program: Sequence[str | Path] = ("-m", "reprise"),
    options: Sequence[str] = (),
) -> Iterator[Terminal]:
    """`reprise station run` in French. `program`: Python's arguments before it; `options`: of the
    command."""
    words: list[str | Path] = ["--lang", "fr", "station", "run", "--socket", socket, *options]
    with on_a_terminal([sys.executable, *program, *words], columns, rows) as terminal:
        yield terminal
