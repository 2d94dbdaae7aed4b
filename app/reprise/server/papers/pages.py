"""A report's certificate, in the language asked for."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from reprise import i18n
from reprise.domain.report.report import Report
from reprise.server.files.store import StoreError
from reprise.server.jobs.services import Standing, State, Trouble
from reprise.server.middleware import told, wants_page
from reprise.server.papers.archive import Paper, ask, find, read
from reprise.server.papers.facts import facts_of
from reprise.server.papers.maker import maker
from reprise.server.people.scope import Right, Scope
from reprise.server.people.walls import wall
from reprise.server.problems import Problem, ProblemError, ProblemKind
from reprise.server.rendering import page
from reprise.server.reports.loading import load_report
from reprise.server.settings import in_force
from reprise.server.spoken import SOON

_AGAIN_S = 2


@require_safe
@wall(Right.SEE_REPORTS)
def certificate(request: HttpRequest, scope: Scope, report_id: str) -> HttpResponse:
    """The report as a PDF; where it is not made yet, it is asked for."""
    stored, report, station = load_report(scope, report_id)
    facts = facts_of(
        stored,
        station,
        language=i18n.language(),
        public_url=in_force().public_url,
        maker=maker(),
    )
    try:
        paper = find(facts)
        answer = None if paper is None else _answer(request, paper, report)
    except StoreError as error:
        raise ProblemError(ProblemKind.PAPER_STORE) from error
    return answer or _not_yet(request, ask(facts, scope.organisation))


def _answer(request: HttpRequest, paper: Paper, report: Report) -> HttpResponse | None:
    """None where its bytes are gone. A reader who has them is told so without the store."""
    etag = f'"{paper.sha256}"'
    known = get_conditional_response(request, etag=etag)
    if known is not None:
        known.headers["ETag"] = etag
        return known
    pdf = read(paper)
    if pdf is None:
        return None
    serial = re.sub(r"[^A-Za-z0-9-]+", "-", report.inventory.machine.serial or "").strip("-")
    name = "-".join(part for part in ("reprise", serial[:40], report.report_id[:8]) if part)
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "ETag": etag}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _not_yet(request: HttpRequest, standing: Standing) -> HttpResponse:
    """A page for a reader, who waits; a refusal for a program, which would take it for a PDF."""
    if standing.state is State.GIVEN_UP:
        late = standing.trouble is Trouble.LATE
        raise ProblemError(ProblemKind.PAPER_LATE if late else ProblemKind.PAPER_FAILED)
    if standing.trouble is Trouble.STORE:
        raise ProblemError(ProblemKind.PAPER_STORE)
    if wants_page(request):
        response = page(request, "being_made.html", 202)
        response.headers["Cache-Control"] = "no-store"
    else:
        response = told(request, Problem(ProblemKind.PAPER_SOON))
    response.headers["Retry-After"] = str(_AGAIN_S)
    response.headers[SOON] = "1"
    return response
