"""Pages for people: the list of PCs, and one report."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reprise.domain.report.one_session import word_of
from reprise.domain.report.report_outcome import report_outcome
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
def pcs(request: HttpRequest) -> HttpResponse:
    """All PCs, newest report first, or those that hold every word of ?q=."""
    query = request.GET.get("q", "").strip()[:200]
    wanted = request.GET.get("page", "1")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 8 else 1
    listed = list_pcs(query, number, in_force().page_size)
    return page(request, "pcs.html", query=query, found=listed, instant=instant_text)


@require_safe
def report_page(request: HttpRequest, report_id: str) -> HttpResponse:
    """One report with its proof."""
    stored, report, station = load_report(report_id)
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
        replaced=superseded(stored.report_id),
        others=other_reports(stored.report_id),
        instant=instant_text,
    )
