"""What holds for every page: its language, its headers, and how a refusal is told."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

from reprise import i18n
from reprise.errors import InputError, StorageError
from reprise.server.database import ERRORS
from reprise.server.database_errors import reading_error
from reprise.server.logs import request_id
from reprise.server.people.scope import ForbiddenError, NotHereError
from reprise.server.people.walls import LogInError, NeedsSecondFactorError
from reprise.server.problems import (
    Problem,
    ProblemError,
    ProblemKind,
    problem_body,
    problem_headers,
)
from reprise.server.rendering import ask_nothing_more, page
from reprise.server.reports.signatures import SignatureFaultError
from reprise.server.spoken import answer_headers, asked_language, spoken_language

log = logging.getLogger("reprise.server")
LANGUAGE = "reprise_language"  # a cookie
_YEAR_S = 365 * 24 * 3600
Answering = Callable[[HttpRequest], HttpResponse]


def every_answer(get_response: Answering) -> Answering:
    """Outermost, so that error pages are covered, too."""

    def answer(request: HttpRequest) -> HttpResponse:
        accepted = request.headers.get("Accept-Language", "")
        query = request.META.get("QUERY_STRING", "")
        language = spoken_language(query, accepted, request.COOKIES.get(LANGUAGE, ""))
        with i18n.using(language), translation.override(language):
            response = get_response(request)
        if asked_language(query) is not None:  # forms and redirects do not carry it along
            secure = settings.LANGUAGE_COOKIE_SECURE
            response.set_cookie(
                LANGUAGE, language, _YEAR_S, samesite="Lax", httponly=True, secure=secure
            )
        headers = answer_headers(language, request.path)
        patch_vary_headers(response, [headers.pop("Vary"), "Cookie"])
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer


def wants_page(request: HttpRequest) -> bool:
    """Whether a person reads the answer in a browser, rather than a program."""
    return "text/html" in request.headers.get("Accept", "") and not request.path.startswith("/api/")


def told(
    request: HttpRequest, problem: Problem, back: str = "", elsewhere: str = ""
) -> HttpResponse:
    """A page for a browser, a problem document for a program. `back`: where to try again.
    `elsewhere`: the address that it is at, where that is not the one that was asked."""
    headers = problem_headers(problem)
    if wants_page(request):
        about = {"problem": problem, "back": back, "elsewhere": elsewhere}
        response = page(request, "message.html", problem.status, **about, number=request_id())
        headers.pop("Content-Type")
    else:
        response = HttpResponse(problem_body(problem), status=problem.status)
    headers.pop("Connection", None)  # the process that listens says so
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _kept_out(request: HttpRequest, error: Exception) -> HttpResponse:
    """A person who may do something about it is led to where; a program is told."""
    for_programs = request.path.startswith("/api/")
    if isinstance(error, LogInError) and not for_programs:
        return redirect_to_login(request.get_full_path())
    if isinstance(error, NeedsSecondFactorError) and not for_programs:
        return HttpResponseRedirect("/account/2fa/?needed=1")
    if isinstance(error, LogInError):
        response = told(request, Problem(ProblemKind.LOG_IN))
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    return told(request, Problem(ProblemKind.FORBIDDEN))


class ToldProblems:
    """Errors that a view ends with, in words."""

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, LogInError | NeedsSecondFactorError | ForbiddenError):
            return _kept_out(request, error)
        problem = problem_of(request, error)
        return None if problem is None else told(request, problem)


def problem_of(request: HttpRequest, error: Exception) -> Problem | None:
    """None: nobody thought of it, and Django logs where it happened."""
    if isinstance(error, ProblemError):
        return error.problem
    if isinstance(error, NotHereError):
        return Problem(ProblemKind.NOT_FOUND)
    if isinstance(error, InputError):
        return Problem(ProblemKind.NOT_DONE, f"{error.what} {error.advice}".strip())
    if isinstance(error, (StorageError, *ERRORS)):
        told_error = error if isinstance(error, StorageError) else reading_error(error)
        log.warning("no page: %s", told_error)
        ask_nothing_more(request)
        return Problem(ProblemKind.STORAGE)
    if isinstance(error, SignatureFaultError):  # stored bytes that no longer parse
        log.error("a stored report cannot be read: %s", error)
        return Problem(ProblemKind.DAMAGED)
    return None
