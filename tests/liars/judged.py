"""What the rule makes of a report that may be anything."""

from __future__ import annotations

from typing import Any

from reprise import codec
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import report_outcome
from reprise.errors import InputError


def judged(document: Any) -> Outcome | None:
    """None: no reader takes it for a report."""
    try:
        report = codec.from_builtins(document, Report)
    except InputError:
        return None
    return report_outcome(report)
