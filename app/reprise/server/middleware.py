"""What holds for every page: its language, its headers, and how a refusal is told."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from reprise import i18n
from reprise.errors import StorageError
from reprise.server.problems import (
    Problem,
    ProblemError,
    ProblemKind,
    problem_body,
    problem_headers,
)
from reprise.server.rendering import page
from reprise.server.reports.signatures import SignatureFaultError
from reprise.server.spoken import answer_headers, spoken_language

log = logging.getLogger("reprise.server")
Answering = Callable[[HttpRequest], HttpResponse]


def every_answer(get_response: Answering) -> Answering:
    """Outermost, so that error pages are covered, too."""

    def answer(request: HttpRequest) -> HttpResponse:
        accepted = request.headers.get("Accept-Language", "")
        language = spoken_language(request.META.get("QUERY_STRING", ""), accepted)
        with i18n.using(language):
            response = get_response(request)
        headers = answer_headers(language)
        patch_vary_headers(response, [headers.pop("Vary")])
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return answer


def wants_page(request: HttpRequest) -> bool:
    """Whether a person reads the answer in a browser, rather than a program."""
    return "text/html" in request.headers.get("Accept", "") and not request.path.startswith("/api/")


def told(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A page for a browser, a problem document for a program."""
    headers = problem_headers(problem)
    if wants_page(request):
        response = page(request, "message.html", problem.status, problem=problem)
        headers.pop("Content-Type")
    else:
        response = HttpResponse(problem_body(problem), status=problem.status)
    headers.pop("Connection", None)  # the process that listens says so
    for name, value in headers.items():
        response.headers[name] = value
    return response


class ToldProblems:
    """Errors that a view ends with, in words."""

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, ProblemError):
            return told(request, error.problem)
        if isinstance(error, StorageError):
            log.warning("%s %s: %s", request.method, request.path[:80], error)
            return told(request, Problem(ProblemKind.STORAGE))
        if isinstance(error, SignatureFaultError):  # stored bytes that no longer parse
            log.error("%s %s: %s", request.method, request.path[:80], error)
            return told(request, Problem(ProblemKind.DAMAGED))
        return None
