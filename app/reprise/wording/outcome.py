"""What a whole report amounts to, in one title. Success is said only where nothing is missing."""

from __future__ import annotations

from reprise.domain.outcome import Outcome
from reprise.domain.report import Report
from reprise.domain.report_outcome import report_outcome
from reprise.i18n import _


def report_title(report: Report) -> str:
    """What the document may be called: a certificate only where all is verified."""
    return {
        Outcome.ERASED: _("Erasure certificate"),
        Outcome.FAILED: _("Erasure report – FAILED"),
        Outcome.UNVERIFIED: _("Erasure report – NOT VERIFIED"),
        Outcome.INTERRUPTED: _("Erasure report – INCOMPLETE"),
        Outcome.INCOMPLETE: _("Erasure report – INCOMPLETE"),
        Outcome.NO_DRIVE: _("Erasure report – NO DRIVE"),
    }[report_outcome(report)]
