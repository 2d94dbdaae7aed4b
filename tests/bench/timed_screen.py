"""The station's screen as it is, which notes when a key came to it and when the picture had left:

    python timed_screen.py LOG arguments of reprise …

LOG gets a line of JSON for each: ["key", seconds], ["English", seconds] – the last word of the
picture's last row – on the system's monotonic clock.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import IO, Any

F2 = b"\x1b[[B"  # console_codes(4), as the Linux console sends it
WORDS = ("English", "Français")


class TimedTerminal:
    """Textual's way out: it writes a picture whole and flushes when there is nothing more."""

    def __init__(self, terminal: IO[str], log: IO[str]) -> None:
        self._terminal, self._log = terminal, log
        self._seen: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._terminal, name)

    def write(self, text: str) -> int:
        self._seen += [word for word in WORDS if word in text]
        return self._terminal.write(text)

    def flush(self) -> None:
        self._terminal.flush()
        now = time.monotonic()
        for word in self._seen:
            note(self._log, word, now)
        self._seen.clear()


def note(log: IO[str], what: str, now: float) -> None:
    log.write(json.dumps([what, now]) + "\n")


def main(log_path: Path, words: list[str]) -> int:
    from reprise.__main__ import main

    keys, screen = sys.__stdin__, sys.__stderr__
    assert keys is not None and screen is not None
    with log_path.open("w", buffering=1) as log:
        read = os.read

        def timed_read(descriptor: int, length: int) -> bytes:
            data = read(descriptor, length)
            if descriptor == keys.fileno() and F2 in data:
                note(log, "key", time.monotonic())
            return data

        os.read = timed_read
        sys.__stderr__ = TimedTerminal(screen, log)  # type: ignore[misc, assignment]  # Textual draws there
        return main(words)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
