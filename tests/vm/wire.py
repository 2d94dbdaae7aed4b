"""A terminal at the other end of a PC's serial cable."""

from __future__ import annotations

import codecs
import socket
import time


class Wire:
    def __init__(self, plug: socket.socket) -> None:
        self._plug, self.said = plug, ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")  # letters come in halves
        self._plug.settimeout(0.5)

    def hears(self, words: str, timeout_s: float) -> str:
        """What came up to these words; it is not heard again."""
        end = time.monotonic() + timeout_s
        while words not in self.said:
            assert time.monotonic() < end, f"no “{words}” on the serial port:\n{self.said[-2000:]}"
            try:
                self.said += self._decoder.decode(self._plug.recv(65536))
            except TimeoutError:
                continue
        before, _, self.said = self.said.partition(words)
        return before

    def types(self, text: str) -> None:
        self._plug.sendall(text.encode() + b"\r")
