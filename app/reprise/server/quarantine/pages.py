"""Pages for people: what was refused and kept aside, and its exact bytes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reprise.server.people.scope import Right, Scope
from reprise.server.people.walls import wall
from reprise.server.problems import Problem, ProblemError, ProblemKind
from reprise.server.quarantine.services import find_letter, list_letters
from reprise.server.rendering import asked_page, page
from reprise.server.reports.intake import JOSE
from reprise.server.settings import in_force


@require_safe
@wall(Right.SEE_REPORTS)
def quarantine(request: HttpRequest, scope: Scope) -> HttpResponse:
    """All of it, newest first."""
    listed = list_letters(scope, asked_page(request), in_force().page_size)
    return page(request, "quarantine.html", found=listed, why=_why)


@require_safe
@wall(Right.SEE_REPORTS)
def letter(request: HttpRequest, scope: Scope, sha256: str) -> HttpResponse:  # noqa: ARG001
    """The exact bytes that the station sent."""
    body = find_letter(scope, sha256)
    if body is None:
        raise ProblemError(ProblemKind.NOT_FOUND)
    headers = {
        "Content-Disposition": f'attachment; filename="{sha256}.jws"',
        "ETag": f'"{sha256}"',
    }
    return HttpResponse(body, content_type=JOSE, headers=headers)


def _why(problem: str) -> str:
    """Another version may have refused it for a reason that has no name here."""
    try:
        return Problem(ProblemKind(problem)).title
    except ValueError:
        return problem
