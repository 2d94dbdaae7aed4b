"""What is typed on this terminal: whole lines, which it echoes and edits by itself, or each key at
once."""

from __future__ import annotations

import codecs
import errno
import os
import sys
import termios
from collections.abc import Iterator

from reprise.terminal_output import taken

_CHUNK = 4096
_INPUT, _LOCAL = 0, 3  # places of these flags in what termios.tcgetattr gives
# Of a terminal that gives each key at once: Ctrl+C and Ctrl+S are keys as all others.
_EACH = ((_LOCAL, termios.ICANON | termios.ECHO | termios.ISIG), (_INPUT, termios.IXON))


class TypedKeys:
    """line_interface.terminal.Keys over the standard input; a pipe gives lines only. `close` leaves
    the terminal as it was found."""

    def __init__(self) -> None:
        self._input = sys.stdin.fileno()
        self._each = False
        self._begun = ""  # a line, without its Enter
        self._found = termios.tcgetattr(self._input) if os.isatty(self._input) else None

    def lines(self) -> Iterator[str]:
        """For a thread of its own. A key is the line "", as Enter alone is."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while chunk := self._read():
            if self._each:
                self._begun = ""
                yield ""
                continue
            *whole, self._begun = (self._begun + decoder.decode(chunk)).split("\n")
            yield from whole
        if self._begun:
            yield self._begun

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

    def forget(self) -> None:
        self._begun = ""
        if self._found is not None:
            termios.tcflush(self._input, termios.TCIFLUSH)

    def took(self) -> bool:
        return taken(sys.stdout.fileno())

    def _set(self, place: int, flags: int, off: bool) -> None:
        if self._found is None:
            return
        now = termios.tcgetattr(self._input)
        now[place] = now[place] & ~flags if off else now[place] | (self._found[place] & flags)
        termios.tcsetattr(self._input, termios.TCSANOW, now)

    def close(self) -> None:
        if self._found is not None:
            termios.tcsetattr(self._input, termios.TCSANOW, self._found)
