"""Pages for people: the list of PCs, one report, its certificate, and what a refusal means."""

from __future__ import annotations

import logging
import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reprise import i18n
from reprise.domain.report.one_session import word_of
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import report_outcome
from reprise.server import views
from reprise.server.api import engine_of, settings_of
from reprise.server.archive import Stored, find_report, instant_text, other_reports, superseded
from reprise.server.catalogue import list_pcs
from reprise.server.check_views import checks_view
from reprise.server.decoding import decode_report
from reprise.server.intake import checked_id
from reprise.server.problems import Problem, ProblemError, ProblemKind
from reprise.server.rendering import page
from reprise.server.signatures import is_good, parse_envelope
from reprise.server.stations import Station, find_station

log = logging.getLogger("reprise.server")


def pcs(request: Request) -> Response:
    """All PCs, newest report first, or those that hold every word of ?q=."""
    query = request.query_params.get("q", "").strip()[:200]
    wanted = request.query_params.get("page", "1")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 8 else 1
    listed = list_pcs(engine_of(request), query, number, settings_of(request).page_size)
    return page(request, "pcs.html", query=query, found=listed, instant=instant_text)


def _load(request: Request) -> tuple[Stored, Report, Station]:
    """A stored report whose signature is good now. It is checked anew each time: nobody reads
    "erased" from bytes that a disk or a hand has changed since. Raises ProblemError."""
    stored = find_report(engine_of(request), checked_id(request.path_params["report_id"]))
    if stored is None:
        raise ProblemError(ProblemKind.NOT_FOUND)
    station = find_station(engine_of(request), stored.kid)
    if station is None or not is_good(stored.jws, stored.kid, station.public_pem):
        log.error("stored report %s: its signature is not good", stored.report_id)
        raise ProblemError(ProblemKind.DAMAGED)
    return stored, decode_report(parse_envelope(stored.jws).payload), station


def _own_url(request: Request, report_id: str) -> str:
    base = settings_of(request).public_url or str(request.base_url).rstrip("/")
    return f"{base}/reports/{report_id}"


def report_page(request: Request) -> Response:
    """One report with its proof."""
    stored, report, station = _load(request)
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
        replaced=superseded(engine_of(request), stored.report_id),
        others=other_reports(engine_of(request), stored.report_id),
        instant=instant_text,
    )


def certificate(request: Request) -> Response:
    """The report as a PDF in the language asked for."""
    from reprise.documents.certificate import certificate_pdf  # reportlab is slow
    from reprise.documents.proof import SignatureFacts

    stored, report, station = _load(request)
    proof = SignatureFacts(
        kid=stored.kid,
        sha256=stored.sha256,
        verified=True,  # by _load
        station=station.name,
        received_at=instant_text(stored.received_at),
        revoked_at=instant_text(station.revoked_at) if station.revoked_at else None,
        url=_own_url(request, stored.report_id),
    )
    pdf = certificate_pdf(report, lang=i18n.language(), proof=proof)
    serial = re.sub(r"[^A-Za-z0-9-]+", "-", report.inventory.machine.serial or "").strip("-")
    name = "-".join(part for part in ("reprise", serial[:40], stored.report_id[:8]) if part)
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(pdf, 200, headers, "application/pdf")


def problem_page(request: Request) -> Response:
    """What a problem document's `type` leads to."""
    try:
        kind = ProblemKind(request.path_params["kind"])
    except ValueError as error:
        raise ProblemError(ProblemKind.NOT_FOUND) from error
    return page(request, "message.html", problem=Problem(kind))


ROUTES = [
    Route("/", pcs, methods=["GET"]),
    Route("/reports/{report_id}", report_page, methods=["GET"]),
    Route("/reports/{report_id}/certificate.pdf", certificate, methods=["GET"]),
    Route("/problems/{kind}", problem_page, methods=["GET"]),
]
