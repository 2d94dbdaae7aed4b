"""A report's exact bytes for whoever checks them. Handing one in: see front/app.py."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reprise.server.people.scope import Right, Scope
from reprise.server.people.walls import wall
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.reports.archive import find_report
from reprise.server.reports.intake import JOSE, checked_id


@require_safe
@wall(Right.SEE_REPORTS)
def report(request: HttpRequest, scope: Scope, report_id: str) -> HttpResponse:  # noqa: ARG001
    """The exact bytes that the station handed in."""
    stored = find_report(scope, checked_id(report_id))
    if stored is None:
        raise ProblemError(ProblemKind.NOT_FOUND)
    headers = {
        "Content-Disposition": f'attachment; filename="{report_id}.jws"',
        "ETag": f'"{stored.sha256}"',
    }
    return HttpResponse(stored.jws, content_type=JOSE, headers=headers)
