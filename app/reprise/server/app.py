"""The application: routes, and every error in the form its reader can use."""

from __future__ import annotations

import logging

from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from reprise.errors import StorageError
from reprise.server import api, pages
from reprise.server.problems import Problem, ProblemError, ProblemKind, problem_response
from reprise.server.rendering import STATIC, page
from reprise.server.settings import ServerSettings
from reprise.server.signatures import SignatureFaultError
from reprise.server.web import EveryAnswer

log = logging.getLogger("reprise.server")


def _answer(request: Request, problem: Problem) -> Response:
    """A page for a browser, a problem document for a program."""
    wants_page = "text/html" in request.headers.get("accept", "")
    if wants_page and not request.url.path.startswith("/api/"):
        return page(request, "message.html", problem.status, problem=problem)
    return problem_response(problem)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # noqa: S101 (registered for this class only)
    return _answer(request, error.problem)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    kind = ProblemKind.METHOD_NOT_ALLOWED if status == 405 else ProblemKind.NOT_FOUND
    answer = _answer(request, Problem(kind))
    if isinstance(error, HTTPException):
        answer.headers.update(error.headers or {})
    return answer


async def _storage(request: Request, error: Exception) -> Response:
    log.warning("%s %s: %s", request.method, request.url.path[:80], error)
    return _answer(request, Problem(ProblemKind.STORAGE))


async def _mistake(request: Request, _error: Exception) -> Response:
    return _answer(request, Problem(ProblemKind.INTERNAL))  # uvicorn logs the traceback


def make_app(engine: Engine, settings: ServerSettings) -> ASGIApp:
    """The whole server as one ASGI application on an open database."""
    app = Starlette(
        routes=[
            *api.ROUTES,
            *pages.ROUTES,
            Mount("/static", StaticFiles(directory=STATIC), name="static"),
        ],
        exception_handlers={
            ProblemError: _problem,
            HTTPException: _http,
            StorageError: _storage,
            SignatureFaultError: _storage,  # stored bytes that no longer parse: the disk lies
            Exception: _mistake,
        },
    )
    app.state.engine = engine
    app.state.settings = settings
    return EveryAnswer(app)
