"""Pages for people: the list of PCs, one report, its certificate."""

from __future__ import annotations

import logging
import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reprise import i18n
from reprise.codec import sha256_hex
from reprise.domain.report.one_session import word_of
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import report_outcome
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.rendering import page
from reprise.server.reports import views
from reprise.server.reports.archive import (
    Stored,
    find_report,
    instant_text,
    other_reports,
    superseded,
)
from reprise.server.reports.catalogue import list_pcs
from reprise.server.reports.check_views import checks_view
from reprise.server.reports.decoding import decode_report
from reprise.server.reports.intake import checked_id
from reprise.server.reports.signatures import is_good, parse_envelope
from reprise.server.settings import in_force
from reprise.server.stations.services import Station, find_station

log = logging.getLogger("reprise.server")


@require_safe
def pcs(request: HttpRequest) -> HttpResponse:
    """All PCs, newest report first, or those that hold every word of ?q=."""
    query = request.GET.get("q", "").strip()[:200]
    wanted = request.GET.get("page", "1")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 8 else 1
    listed = list_pcs(query, number, in_force().page_size)
    return page(request, "pcs.html", query=query, found=listed, instant=instant_text)


def _load(report_id: str) -> tuple[Stored, Report, Station]:
    """A stored report whose signature is good now. It is checked anew each time: nobody reads
    "erased" from bytes that a disk or a hand has changed since. Raises ProblemError."""
    stored = find_report(checked_id(report_id))
    if stored is None:
        raise ProblemError(ProblemKind.NOT_FOUND)
    station = find_station(stored.kid)
    if station is None or not is_good(stored.jws, stored.kid, station.public_pem):
        log.error("stored report %s: its signature is not good", stored.report_id)
        raise ProblemError(ProblemKind.DAMAGED)
    report = decode_report(parse_envelope(stored.jws).payload)
    if report.report_id != stored.report_id or sha256_hex(stored.jws) != stored.sha256:
        log.error("stored report %s: another's bytes", stored.report_id)
        raise ProblemError(ProblemKind.DAMAGED)
    return stored, report, station


@require_safe
def report_page(request: HttpRequest, report_id: str) -> HttpResponse:
    """One report with its proof."""
    stored, report, station = _load(report_id)
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


@require_safe
def certificate(request: HttpRequest, report_id: str) -> HttpResponse:  # noqa: ARG001
    """The report as a PDF in the language asked for."""
    from reprise.documents.certificate import certificate_pdf  # reportlab is slow
    from reprise.documents.proof import SignatureFacts

    stored, report, station = _load(report_id)
    base = in_force().public_url
    proof = SignatureFacts(
        kid=stored.kid,
        sha256=stored.sha256,
        verified=True,  # by _load
        station=station.name,
        received_at=instant_text(stored.received_at),
        revoked_at=instant_text(station.revoked_at) if station.revoked_at else None,
        url=f"{base}/reports/{stored.report_id}" if base else None,
    )
    pdf = certificate_pdf(report, lang=i18n.language(), proof=proof)
    serial = re.sub(r"[^A-Za-z0-9-]+", "-", report.inventory.machine.serial or "").strip("-")
    name = "-".join(part for part in ("reprise", serial[:40], stored.report_id[:8]) if part)
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
