"""Connections whose sender never comes to the point are cut off: 1,100 of them, half open, must
not keep a station out."""

from __future__ import annotations

import asyncio
import resource
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

_HEADERS_S = 15.0  # from the first byte of a request to the end of its headers
_READING_S = 60.0  # a reader who takes nothing for so long is gone
_OTHER_FILES = 200  # that the process needs beside its connections
_MOST_FILES = 65536


def most_connections() -> int:
    """As many as the system lets this process have."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(wanted - _OTHER_FILES, 16)


class PatientProtocol(H11Protocol):
    """uvicorn's, with a limit to how long headers take, to how many wait for theirs, and to how
    long a reader takes nothing of its answer."""

    most = 1024 - _OTHER_FILES
    _sweeping: ClassVar[bool] = False
    _waiting: ClassVar[dict[PatientProtocol, None]] = {}  # in the order in which they began

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patience: asyncio.TimerHandle | None = None
        self._unread = (0, 0.0)  # bytes that wait for the reader, and since when it took none

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()
        self._sweep_soon()
        if len(self.connections) > self.most and self._waiting:
            next(iter(self._waiting))._cut_off()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._wait_no_more()
        elif self._patience is None:
            self._wait()

    def _sweep_soon(self) -> None:
        """A connection that is closed waits for its reader, too, and uvicorn for ever: it is seen
        by what is left in its buffer."""
        if not PatientProtocol._sweeping:
            PatientProtocol._sweeping = True
            self.loop.call_later(_READING_S / 4, self._sweep)

    def _sweep(self) -> None:
        """Of all connections: uvicorn keeps those that are closing, too."""
        PatientProtocol._sweeping = False
        for one in tuple(self.connections):
            if isinstance(one, PatientProtocol):
                one._look_at_reader()
        if self.connections:
            self._sweep_soon()

    def _look_at_reader(self) -> None:
        left, now = self.transport.get_write_buffer_size(), self.loop.time()
        if left == 0 or left != self._unread[0]:
            self._unread = (left, now)
        elif now - self._unread[1] > _READING_S:
            self.transport.abort()

    def _wait(self) -> None:
        self._waiting[self] = None
        self._patience = self.loop.call_later(_HEADERS_S, self._cut_off)

    def _wait_no_more(self) -> None:
        self._waiting.pop(self, None)
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _cut_off(self) -> None:
        self._wait_no_more()
        self.transport.abort()
