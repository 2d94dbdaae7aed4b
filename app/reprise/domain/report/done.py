"""When the work was done that a report tells of, as far as the server may believe it."""

from __future__ import annotations

from datetime import UTC, datetime

from reprise.domain.report.plausibility import FIRST, moment_of
from reprise.domain.report.report import Report


def done_at(report: Report, received_at: datetime) -> datetime:
    """In UTC: the moment of its seal, where its station trusted its clock and it can be true; else
    that of its receipt. Never later than the receipt: whose clock lies makes its report older,
    never newer."""
    sealed = moment_of(report.clock.sealed_at) if report.clock.trusted else None
    if sealed is None or not FIRST <= sealed <= received_at:
        return received_at
    return sealed.astimezone(UTC)
