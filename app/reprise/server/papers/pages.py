"""A report's certificate, in the language asked for."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reprise import i18n
from reprise.server.reports.archive import instant_text
from reprise.server.reports.loading import load_report
from reprise.server.settings import in_force


@require_safe
def certificate(request: HttpRequest, report_id: str) -> HttpResponse:  # noqa: ARG001
    """The report as a PDF in the language asked for."""
    from reprise.documents.certificate import certificate_pdf  # reportlab is slow
    from reprise.documents.proof import SignatureFacts

    stored, report, station = load_report(report_id)
    base = in_force().public_url
    proof = SignatureFacts(
        kid=stored.kid,
        sha256=stored.sha256,
        verified=True,  # by load_report
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
