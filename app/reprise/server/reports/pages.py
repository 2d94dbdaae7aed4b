"""The page of one report, with its proof."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reprise.domain.report.done import done_at
from reprise.domain.report.one_session import word_of
from reprise.domain.report.report_outcome import report_outcome
from reprise.server.people.scope import Right, Scope
from reprise.server.people.walls import wall
from reprise.server.rendering import page
from reprise.server.reports import views
from reprise.server.reports.archive import (
    instant_text,
    listed_pc,
    other_reports,
    superseded,
)
from reprise.server.reports.check_views import checks_view
from reprise.server.reports.loading import load_report
from reprise.server.reports.notices import notices


@require_safe
@wall(Right.SEE_REPORTS)
def report_page(request: HttpRequest, scope: Scope, report_id: str) -> HttpResponse:
    """One report with its proof."""
    stored, report, station = load_report(scope, report_id)
    came = stored.received_at
    return page(
        request,
        "report.html",
        report=report,
        stored=stored,
        received=instant_text(came),
        done=done_at(report, came) if came else None,  # as was signed, whatever lists say
        station=station,
        revoked=instant_text(station.revoked_at) if station.revoked_at else "",
        outcome=report_outcome(report),
        views=views,
        checks=checks_view(report),
        left=word_of(report).left,
        notices=notices(stored, report),
        replaced=superseded(scope, stored.report_id),
        others=other_reports(scope, stored.report_id),
        pc=listed_pc(scope, stored.report_id),
    )
