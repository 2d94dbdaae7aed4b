"""What a whole report amounts to, in one title. Success is said only where nothing is missing."""

from __future__ import annotations

from reprise.domain.outcome import Outcome
from reprise.domain.report import DEMO_SCHEMA, Report
from reprise.domain.report_outcome import report_outcome
from reprise.i18n import _


def report_title(report: Report) -> str:
    """What the document may be called: a certificate only where all is verified, and never of a
    demonstration."""
    title = _titles()[report_outcome(report)]
    return _("SPECIMEN – {title}").format(title=title) if report.schema == DEMO_SCHEMA else title


def _titles() -> dict[Outcome, str]:
    return {
        Outcome.ERASED: _("Erasure certificate"),
        Outcome.FAILED: _("Erasure report – FAILED"),
        Outcome.UNVERIFIED: _("Erasure report – NOT VERIFIED"),
        Outcome.INTERRUPTED: _("Erasure report – INCOMPLETE"),
        Outcome.INCOMPLETE: _("Erasure report – INCOMPLETE"),
        Outcome.NO_DRIVE: _("Erasure report – NO DRIVE"),
    }
