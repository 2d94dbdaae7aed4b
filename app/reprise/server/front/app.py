"""What the process that listens does with a request: take a report, say how it is, or ask for a
page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from reprise import i18n
from reprise.errors import StorageError
from reprise.server.front.body import HungUpError, Receive
from reprise.server.front.intake import Intake, in_thread
from reprise.server.front.pages import Pages
from reprise.server.front.replies import (
    Reply,
    Scope,
    Send,
    language_of,
    problem_reply,
    send_reply,
)
from reprise.server.problems import Problem, ProblemKind
from reprise.server.settings import in_force

log = logging.getLogger("reprise.server")
_REPORTS = "/api/v1/reports/"
_HANDED_ON = ("GET", "HEAD", "POST", "PATCH", "DELETE")
_HEALTH = "/healthz"
_HEALTH_S = 0.8  # who asks waits for a second


class Front:
    """The ASGI application. What it works with begins and ends with its event loop."""

    def __init__(self, limit: int, pages: Path, ready: Callable[[], None]) -> None:
        self._limit, self._pages_path, self._ready = limit, pages, ready
        self._health = ThreadPoolExecutor(1, "health")
        self._intake: Intake
        self._pages: Pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        with i18n.using(language_of(scope)):
            try:
                await self._answer(scope, receive, send)
            except (HungUpError, TimeoutError):  # uvicorn closes what has no whole answer
                log.warning("%s %r: the sender hung up", scope["method"], scope["path"][:80])
            except Exception:
                log.exception("%s %r", scope["method"], scope["path"][:80])
                await send_reply(send, problem_reply(Problem(ProblemKind.INTERNAL)))

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._intake = Intake(self._limit)
        self._pages = Pages(self._pages_path, in_force().proxy)
        await asyncio.to_thread(self._intake.wait_until_open)
        self._ready()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.to_thread(self._intake.stop)
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        if path == _HEALTH:
            reply = await self._told_health()
        elif path.startswith(_REPORTS) and method == "PUT":
            reply = await self._intake.put(path.removeprefix(_REPORTS), scope, receive)
        elif path.startswith(_REPORTS) and method not in ("GET", "HEAD"):
            refused = Problem(ProblemKind.METHOD_NOT_ALLOWED)
            reply = problem_reply(refused, Allow="GET, HEAD, PUT")
        elif method not in _HANDED_ON:
            allowed = ", ".join(_HANDED_ON)
            reply = problem_reply(Problem(ProblemKind.METHOD_NOT_ALLOWED), Allow=allowed)
        else:
            await self._hand_on(scope, receive, send)
            return
        await send_reply(send, reply)

    async def _hand_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._pages.answer(scope, receive)
        if isinstance(answer, Reply):
            await send_reply(send, answer)
            return
        status, headers, body = answer
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _told_health(self) -> Reply:
        """Whether the database answers, by a thread of its own: those of the intake may wait."""
        try:
            async with asyncio.timeout(_HEALTH_S):
                await in_thread(self._health, self._intake.check)
        except (TimeoutError, StorageError) as error:
            log.warning("health: %r", error)
            return problem_reply(Problem(ProblemKind.STORAGE))
        return Reply(200, b'{"status":"ok"}', {"Content-Type": "application/json"})
