"""The body of a report that comes in: never held before its sender is known, never too much of
it, and never waited for longer than a station takes a server to be slow."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from reprise.domain.station.delivery import SLOWEST
from reprise.server.front.budget import Budget, Held
from reprise.server.problems import ProblemError, ProblemKind

Receive = Callable[[], Awaitable[Any]]
_HEAD_S = 15.0  # until a sender has said who it is
_TIMEOUT_S = 60.0  # and as long as what came takes at the slowest pace
_IDLE_S = 20.0  # between two pieces: a fast start buys no time to stand still
_MOST_HEAD = 8 * 1024  # of a JWS: its header, in base64url; ours have some 150 bytes
# What is read and thrown away after a refusal, so that a sender gets to read the answer; who sends
# more has the connection closed.
DISCARD_BYTES = 16 * 1024 * 1024


class HungUpError(Exception):
    """The sender is gone."""


class Body:
    """`limit`: bytes. Use as `async with`: what is held is given back at the end."""

    def __init__(self, receive: Receive, limit: int, budget: Budget) -> None:
        self._receive, self._limit, self._budget = receive, limit, budget
        self._data = bytearray()
        self._came = 0
        self._ended = False
        self._held: Held | None = None  # once it is known whose bytes these are
        self._patience = asyncio.timeout(_HEAD_S)
        self._began = 0.0

    async def __aenter__(self) -> Body:
        await self._patience.__aenter__()
        self._began = asyncio.get_running_loop().time()
        return self

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        self._forget()
        try:
            await self._patience.__aexit__(kind, error, trace)
        except TimeoutError as late:
            cut = self._held is not None and self._held.gave_way
            raise ProblemError(ProblemKind.BUSY if cut else ProblemKind.TOO_SLOW) from late

    async def head(self) -> bytes:
        """What stands before the first dot. Raises ProblemError, HungUpError."""
        while b"." not in self._data and not self._ended:
            if len(self._data) > _MOST_HEAD:
                raise ProblemError(ProblemKind.MALFORMED_JWS)
            self._keep(await self._next())
        return bytes(self._data.partition(b".")[0])

    async def all(self, kid: str) -> bytes:
        """Once its sender is known. Raises ProblemError, HungUpError."""
        self._held = held = self._budget.open(kid, self._data, self._patience)
        held.take(len(self._data))
        self._wait_for_more()
        while not self._ended:
            self._keep(await self._next())
            self._wait_for_more()
        held.settle()
        self._patience.reschedule(None)  # it is here: what is done with it takes its own time
        return bytes(self._data)

    async def throw_away(self) -> None:
        """What still comes, so that its sender listens to the answer. Raises HungUpError."""
        self._forget()
        self._wait_for_more()
        discarded = 0
        while not self._ended and discarded <= DISCARD_BYTES:
            discarded += len(await self._next())
            self._wait_for_more()

    def _keep(self, chunk: bytes) -> None:
        if len(self._data) + len(chunk) > self._limit:
            raise ProblemError(ProblemKind.TOO_LARGE, limit_text(self._limit))
        if self._held is not None:
            self._held.take(len(chunk))
        self._data += chunk

    def _forget(self) -> None:
        if self._held is not None:
            self._held.close()
        self._data.clear()

    def _wait_for_more(self) -> None:
        """At the slowest pace that a station takes a server to be, and no longer than a moment for
        the next piece. What is over the limit buys no time."""
        now = asyncio.get_running_loop().time()
        paced = self._began + _TIMEOUT_S + min(self._came, self._limit) / SLOWEST
        self._patience.reschedule(min(now + _IDLE_S, paced))

    async def _next(self) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise HungUpError
        chunk: bytes = message.get("body", b"")
        self._ended = not message.get("more_body", False)
        self._came += len(chunk)
        return chunk


def limit_text(limit: int) -> str:
    return f"({limit} max)"
