"""What a whole report amounts to, in one title. Success is said only where nothing is missing."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.domain.report.events import Purpose
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import DEMO_SCHEMA, Report
from reprise.domain.report.report_outcome import report_outcome
from reprise.i18n import N_, _

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ERASED: N_("Erased and verified"),
    Outcome.FAILED: N_("Failed"),
    Outcome.INTERRUPTED: N_("Interrupted"),
    Outcome.UNVERIFIED: N_("Not verified"),
    Outcome.INCOMPLETE: N_("Not all erased"),
    Outcome.NO_DRIVE: N_("No drive"),
}

PURPOSES: Mapping[Purpose, str] = {
    Purpose.REAL: N_("a real PC"),
    Purpose.DEMONSTRATION: N_("a demonstration: nothing was erased"),
}

TABLES = (OUTCOMES, PURPOSES)


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
