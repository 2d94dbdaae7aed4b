"""Handing a request on to the processes that make pages, over a socket of this machine. A request
and its answer are held whole: no slow reader keeps one of those processes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import h11

from reprise.server.clients import one_client, plain
from reprise.server.front.body import HungUpError, Receive
from reprise.server.front.budget import Budget, Held
from reprise.server.front.replies import Reply, Scope, header_lines, problem_reply
from reprise.server.logs import request_id
from reprise.server.problems import Problem, ProblemError, ProblemKind
from reprise.server.spoken import NUMBER, ROUTE, SOON

log = logging.getLogger("reprise.server")
_MOST_BODY = 64 * 1024  # bytes: forms
_MOST_BODIES = 16 * 1024 * 1024  # of all that come at one moment
_MOST_AT_ONCE = 64
_BODY_TIMEOUT_S = 10.0
_GRACE_S = 3.0  # where there is no room, who is behind the pace for so long makes some
_BEGINNING_S = 10.0  # until the processes listen, at the start and after one ended
_ANSWER_TIMEOUT_S = 120.0
_READ_BYTES = 65536
_CLIENT = b"x-reprise-client"  # see people/adapters.py
_NUMBER = NUMBER.lower().encode()
# RFC 9110, 7.6.1: of one connection, not of the message
_OF_THE_LINE = frozenset(
    {
        *(b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer"),
        *(b"transfer-encoding", b"upgrade", b"expect"),
    }
)
_NOT_HANDED_ON = _OF_THE_LINE | {b"date", b"server"}  # the front says the first itself
_SOON, _ROUTE = SOON.lower().encode(), ROUTE.lower().encode()
_BETWEEN_US = (_SOON, _ROUTE)
# While an answer will soon be another: nobody waits for it in a process that makes pages.
_PAUSES_S = (0.25, 0.45, 0.6, 0.7)
_SAFE = ("GET", "HEAD")
Headers = list[tuple[bytes, bytes]]
Bytes = bytes | bytearray
# A page that needs no database: any answer says that a process is there.
_ALIVE = {"method": "GET", "raw_path": b"/problems/busy", "query_string": b"", "headers": []}


@dataclass(frozen=True, slots=True)
class Answer:
    """`path`: the page's address, as the program has it. `soon`: it will soon be another."""

    status: int
    headers: Headers
    body: bytes
    path: str
    soon: bool


class Pages:
    """`path`: of the socket on which the pages listen."""

    def __init__(self, path: Path, proxy: str) -> None:
        self._path, self._proxy = str(path), plain(proxy)
        self._budget = Budget(_MOST_BODIES, _MOST_BODIES // 4, _GRACE_S)
        self._room = asyncio.Semaphore(_MOST_AT_ONCE)

    async def answer(self, scope: Scope, receive: Receive) -> Answer | Reply:
        body = bytearray()
        patience = asyncio.timeout(_BODY_TIMEOUT_S)
        who = one_client(self._client(scope).decode())
        held = self._budget.open(who, body, patience)
        try:
            async with patience:
                await _come_in(body, held, receive)
            answer = await self._ask_in_time(scope, body, _BEGINNING_S)
            return await self._later(answer, scope, body)
        except ProblemError as error:
            return problem_reply(error.problem)
        except (TimeoutError, OSError, h11.ProtocolError) as error:
            log.warning("no page was made: %s", type(error).__name__)
            return problem_reply(Problem(ProblemKind.BUSY))
        finally:
            held.close()

    async def _later(self, answer: Answer, scope: Scope, body: Bytes) -> Answer:
        """What it becomes within a moment, where it says so of itself. What changes something is
        asked once."""
        for pause in _PAUSES_S:
            if not answer.soon or scope["method"] not in _SAFE:
                return answer
            await asyncio.sleep(pause)
            with suppress(OSError):  # the pages' processes end: this answer is as good
                answer = await self._ask_in_time(scope, body, 0)
        return answer

    async def answers(self) -> bool:
        """Whether a process that makes pages is there and well."""
        try:
            return (await self._ask(_ALIVE, b"", 0)).status < 500
        except (OSError, h11.ProtocolError):
            return False

    async def _ask_in_time(self, scope: Scope, body: Bytes, beginning_s: float) -> Answer:
        async with asyncio.timeout(_ANSWER_TIMEOUT_S), self._room:
            return await self._ask(scope, body, beginning_s)

    def _client(self, scope: Scope) -> bytes:
        """Who asks, by its address; a proxy's word counts where the settings name the proxy."""
        peer = plain(str((scope.get("client") or ("",))[0]))
        if self._proxy and peer == self._proxy:
            told = ",".join(header_lines(scope, "x-forwarded-for"))  # the last is the proxy's own
            peer = plain(told.rpartition(",")[2].strip()[:45]) or peer
        return peer.encode("ascii", "replace")

    async def _connected(
        self, beginning_s: float
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        loop = asyncio.get_running_loop()
        until = loop.time() + beginning_s
        while True:
            try:
                return await asyncio.open_unix_connection(self._path)
            except (FileNotFoundError, ConnectionRefusedError):
                if loop.time() > until:
                    raise
                await asyncio.sleep(0.1)

    async def _ask(self, scope: Scope, body: Bytes, beginning_s: float) -> Answer:
        reader, writer = await self._connected(beginning_s)
        try:
            line = h11.Connection(h11.CLIENT)
            for event in _request(scope, body, self._client(scope)):
                writer.write(line.send(event) or b"")
            await writer.drain()
            return await _read_answer(line, reader)
        finally:
            writer.close()


async def _come_in(body: bytearray, held: Held, receive: Receive) -> None:
    """Raises ProblemError, HungUpError."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HungUpError
        piece = message.get("body", b"")
        held.take(len(piece))
        body += piece
        if len(body) > _MOST_BODY:
            raise ProblemError(ProblemKind.TOO_LARGE)
        more = message.get("more_body", False)
    held.settle()


def _may_go_on(name: bytes) -> bool:
    """What only a proxy may say of a request, or a server to its program, nobody says."""
    told = name.startswith((b"x-forwarded", b"forwarded", b"x-reprise")) or b"_" in name
    return name not in _OF_THE_LINE and name != b"content-length" and not told


def _request(scope: Scope, body: Bytes, client: bytes) -> Iterable[h11.Event]:
    target = scope["raw_path"]
    if scope["query_string"]:
        target += b"?" + scope["query_string"]
    headers = [(k, v) for k, v in scope["headers"] if _may_go_on(k)]
    if not any(name == b"host" for name, _value in headers):  # HTTP/1.0
        headers.append((b"host", b"localhost"))
    headers += [(_CLIENT, client), (_NUMBER, request_id().encode())]
    headers += [(b"connection", b"close"), (b"content-length", str(len(body)).encode())]
    yield h11.Request(method=scope["method"], target=target, headers=headers)
    if body:
        yield h11.Data(data=bytes(body))
    yield h11.EndOfMessage()


async def _read_answer(line: h11.Connection, reader: asyncio.StreamReader) -> Answer:
    status, headers, body = 502, Headers(), bytearray()
    between: dict[bytes, bytes] = {}
    while True:
        event = line.next_event()
        if event is h11.NEED_DATA:
            line.receive_data(await reader.read(_READ_BYTES))
        elif isinstance(event, h11.Response):
            status = event.status_code
            between = {k: v for k, v in event.headers if k in _BETWEEN_US}
            hidden = (*_NOT_HANDED_ON, *_BETWEEN_US)
            headers = [(k, v) for k, v in event.headers if k not in hidden]
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage):
            if not any(name == b"content-length" for name, _value in headers):
                headers.append((b"content-length", str(len(body)).encode()))
            path = between.get(_ROUTE, b"").decode("latin-1")
            return Answer(status, headers, bytes(body), path, _SOON in between)
        elif isinstance(event, h11.ConnectionClosed):
            raise ConnectionResetError("the page's process hung up")
