"""What is typed on this terminal: whole lines, which it echoes and edits by itself, or each key at
once."""

from __future__ import annotations

import codecs
import errno
import os
import sys
import termios
from collections.abc import Iterator

_CHUNK = 4096
_INPUT, _LOCAL = 0, 3  # places of these flags in what termios.tcgetattr gives
# Of a terminal that gives each key at once: Ctrl+C and Ctrl+S are keys as all others.
_EACH = ((_LOCAL, termios.ICANON | termios.ECHO | termios.ISIG), (_INPUT, termios.IXON))


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
        while chunk := self._read():
            if self._each:
                text = ""
                yield ""
                continue
            text += decoder.decode(chunk)
            *whole, text = text.split("\n")
            yield from whole
        if text:
            yield text

    def _read(self) -> bytes:
        """b"" at the end of it, and where the terminal has gone (tty_ioctl(4), hang-up: EIO)."""
        try:
            return os.read(self._input, _CHUNK)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return b""

    def each(self, on: bool, /) -> None:
        self._each = on
        for place, flags in _EACH:
            self._set(place, flags, on)

    def hidden(self, on: bool, /) -> None:
        self._set(_LOCAL, termios.ECHO, on)

    def _set(self, place: int, flags: int, off: bool) -> None:
        if self._found is None:
            return
        now = termios.tcgetattr(self._input)
        now[place] = now[place] & ~flags if off else now[place] | (self._found[place] & flags)
        termios.tcsetattr(self._input, termios.TCSANOW, now)

    def close(self) -> None:
        if self._found is not None:
            termios.tcsetattr(self._input, termios.TCSANOW, self._found)
