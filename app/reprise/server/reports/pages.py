"""Pages for people: the list of PCs, and one report."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from reprise.domain.report.one_session import word_of
from reprise.domain.report.report_outcome import report_outcome
from reprise.server.people.scope import Right, Scope
from reprise.server.people.walls import Standing, anybody, wall
from reprise.server.rendering import page
from reprise.server.reports import views
from reprise.server.reports.archive import (
    instant_text,
    other_reports,
    superseded,
)
from reprise.server.reports.catalogue import list_pcs
from reprise.server.reports.check_views import checks_view
from reprise.server.reports.loading import load_report
from reprise.server.settings import in_force


@require_safe
@anybody
def start(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What each role begins with."""
    if Right.SEE_REPORTS in standing.rights:
        return pcs(request)
    if Right.RUN_INSTANCE in standing.rights:
        return HttpResponseRedirect("/instance")
    return page(request, "nothing_yet.html")


@wall(Right.SEE_REPORTS)
def pcs(request: HttpRequest, scope: Scope) -> HttpResponse:
    """All PCs, newest report first, or those that hold every word of ?q=."""
    query = request.GET.get("q", "").strip()[:200]
    wanted = request.GET.get("page", "1")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 8 else 1
    listed = list_pcs(scope, query, number, in_force().page_size)
    return page(request, "pcs.html", query=query, found=listed)


@require_safe
@wall(Right.SEE_REPORTS)
def report_page(request: HttpRequest, scope: Scope, report_id: str) -> HttpResponse:
    """One report with its proof."""
    stored, report, station = load_report(scope, report_id)
    return page(
        request,
        "report.html",
        report=report,
        stored=stored,
        received=instant_text(stored.received_at),
        station=station,
        revoked=instant_text(station.revoked_at) if station.revoked_at else "",
        outcome=report_outcome(report),
        views=views,
        checks=checks_view(report),
        left=word_of(report).left,
        replaced=superseded(scope, stored.report_id),
        others=other_reports(scope, stored.report_id),
    )
