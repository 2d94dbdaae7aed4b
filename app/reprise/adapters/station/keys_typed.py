"""What is typed on this terminal: whole lines, which it echoes and edits by itself, or each key at
once."""

from __future__ import annotations

import codecs
import os
import sys
import termios
from collections.abc import Iterator

_CHUNK = 4096


class TypedKeys:
    """linear.terminal.Keys over the standard input; a pipe gives lines only. `close` leaves the
    terminal as it was found."""

    def __init__(self) -> None:
        self._input = sys.stdin.fileno()
        self._each = False
        self._found = termios.tcgetattr(self._input) if os.isatty(self._input) else None

    def lines(self) -> Iterator[str]:
        """For a thread of its own. A key is the line "", as Enter alone is."""
        decoder, text = codecs.getincrementaldecoder("utf-8")("replace"), ""
        while chunk := os.read(self._input, _CHUNK):
            if self._each:
                text = ""
                yield ""
                continue
            text += decoder.decode(chunk)
            *whole, text = text.split("\n")
            yield from whole
        if text:
            yield text

    def each(self, on: bool, /) -> None:
        self._each = on
        self._set(termios.ICANON | termios.ECHO, on)

    def hidden(self, on: bool, /) -> None:
        self._set(termios.ECHO, on)

    def _set(self, flags: int, off: bool) -> None:
        if self._found is None:
            return
        now = termios.tcgetattr(self._input)
        now[3] = now[3] & ~flags if off else now[3] | (self._found[3] & flags)
        termios.tcsetattr(self._input, termios.TCSANOW, now)

    def close(self) -> None:
        if self._found is not None:
            termios.tcsetattr(self._input, termios.TCSANOW, self._found)
