"""What the process that listens does with a request: take a report, say how it is, or ask for a
page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reprise import i18n
from reprise.server.front.body import HungUpError, Receive
from reprise.server.front.figures import Figures, Restarts
from reprise.server.front.health import Health
from reprise.server.front.intake import Intake
from reprise.server.front.pages import Pages
from reprise.server.front.replies import (
    Reply,
    Scope,
    Send,
    language_of,
    problem_reply,
    send_reply,
)
from reprise.server.front.seen import Seen
from reprise.server.logs import about
from reprise.server.problems import Problem, ProblemKind
from reprise.server.settings import in_force

log = logging.getLogger("reprise.server")
_REPORTS = "/api/v1/reports/"
_READ = ("GET", "HEAD")
_HANDED_ON = (*_READ, "POST", "PATCH", "DELETE")
# There each address says itself what it accepts (api/routes.py).
_API, _ANY = "/api/", (*_HANDED_ON, "PUT", "OPTIONS", "TRACE", "QUERY")
_A_REPORT = "/api/v1/reports/<report_id>"
_HEALTH, _READY, _METRICS = "/healthz", "/readyz", "/metrics"


def _allowed(path: str) -> tuple[str, ...]:
    if path in (_HEALTH, _READY):
        return _READ
    if path.startswith(_REPORTS):
        return _READ if "/" in path.removeprefix(_REPORTS) else (*_READ, "PUT")
    return _ANY if path.startswith(_API) else _HANDED_ON


@dataclass(frozen=True, slots=True)
class Beside:
    """What the front is told by the process that began it. `metrics_port`: of the address on which
    figures are told, and nothing else; None: nowhere."""

    pages: Path
    restarts: Restarts
    metrics_port: int | None


class Front:
    """The ASGI application. What it works with begins and ends with its event loop."""

    def __init__(self, limit: int, beside: Beside, ready: Callable[[], None]) -> None:
        self._limit, self._beside, self._ready = limit, beside, ready
        self._figures = Figures(beside.restarts)
        self._intake: Intake
        self._pages: Pages
        self._health: Health

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        seen = Seen(scope, send, self._figures)
        with i18n.using(language_of(scope)), about(seen.number):
            try:
                await self._answer(scope, receive, seen)
            except (HungUpError, TimeoutError):  # uvicorn closes what has no whole answer
                pass
            except asyncio.CancelledError:  # the server stops
                await seen.refuse(Problem(ProblemKind.BUSY))
            except Exception:
                log.exception("a request failed")
                await seen.refuse(Problem(ProblemKind.INTERNAL))
            finally:
                seen.tell()

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._intake = Intake(self._limit)
        self._pages = Pages(self._beside.pages, in_force().proxy)
        self._health = Health(self._intake, self._pages)
        await asyncio.to_thread(self._intake.wait_until_open)
        self._ready()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.to_thread(self._intake.stop)
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, seen: Seen) -> None:
        path, method = scope["path"], scope["method"]
        if scope["server"][1] == self._beside.metrics_port:
            reply = await self._told_figures(path, seen)
        elif method not in _allowed(path):
            refused = Problem(ProblemKind.METHOD_NOT_ALLOWED)
            reply = problem_reply(refused, Allow=", ".join(_allowed(path)))
        elif path in (_HEALTH, _READY):
            seen.path, seen.quiet = path, True
            reply = await (self._health.alive() if path == _HEALTH else self._health.ready())
        elif method == "PUT" and path.startswith(_REPORTS):
            seen.path = _A_REPORT
            reply, seen.word = await self._intake.put(path.removeprefix(_REPORTS), scope, receive)
        else:
            await self._hand_on(scope, receive, seen)
            return
        await send_reply(seen.send, reply)

    async def _told_figures(self, path: str, seen: Seen) -> Reply:
        if path != _METRICS:
            return problem_reply(Problem(ProblemKind.NOT_FOUND))
        seen.path, seen.quiet = _METRICS, True
        size = await self._health.database_bytes()
        return self._figures.reply(*self._intake.held(), size)

    async def _hand_on(self, scope: Scope, receive: Receive, seen: Seen) -> None:
        answer = await self._pages.answer(scope, receive)
        if isinstance(answer, Reply):
            await send_reply(seen.send, answer)
            return
        seen.path = answer.path
        start = {"status": answer.status, "headers": answer.headers}
        await seen.send({"type": "http.response.start", **start})
        await seen.send({"type": "http.response.body", "body": answer.body})
