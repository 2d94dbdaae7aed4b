"""What works on the PC: one line a function check, the grade, and the rule that gave it."""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer

from reprise.documents import parts, style
from reprise.domain.checks.grading import GRADE_RULE, ChecksRecord, Grade
from reprise.domain.checks.results import CheckResult, CheckStatus
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.i18n import _
from reprise.wording import checks as words

_SYMBOLS = {
    CheckStatus.PASSED: Outcome.ERASED,
    CheckStatus.FAILED: Outcome.FAILED,
    CheckStatus.SKIPPED: Outcome.INCOMPLETE,
    CheckStatus.UNKNOWN: Outcome.INCOMPLETE,
    CheckStatus.NOT_APPLICABLE: Outcome.NO_DRIVE,
}
_GRADES = {
    Grade.A: Outcome.ERASED,
    Grade.B: Outcome.ERASED,
    Grade.C: Outcome.INCOMPLETE,
    Grade.NONE: Outcome.INCOMPLETE,
    Grade.D: Outcome.FAILED,
}


def checks_flowables(report: Report) -> list[Flowable]:
    """Nothing where nobody checked anything: the grade is no part of the proof of erasure."""
    record = report.checks
    if record is None:
        return []
    header = (_("Function"), _("Result"), _("What was seen and measured"))
    widths = [38 * mm, 34 * mm, style.WIDTH - 72 * mm]
    return [
        *parts.heading(_("Function checks")),
        _grade(record),
        Spacer(0, 4),
        parts.grid(header, [_row(result) for result in record.results], widths),
        Spacer(0, 4),
        *_rule(record),
    ]


def _grade(record: ChecksRecord) -> Flowable:
    grade = words.grade(record.grade)
    title = _("Grade: {grade}").format(grade=grade)
    seen = _("The case, as the technician sees it: {condition}.")
    detail = seen.format(condition=words.condition(record.condition))
    return parts.band(_GRADES[record.grade], title, detail)


def _row(result: CheckResult) -> list[object]:
    told = [parts.text(words.check_facts(result) or "–", style.CELL)]
    limits = words.limits(result)
    if limits:
        told.append(parts.text(_("Limits: {limits}.").format(limits=limits), style.SMALL))
    return [
        parts.text(words.check(result.check), style.CELL),
        parts.stamp(_SYMBOLS[result.status], words.check_status(result.status)),
        told,
    ]


def _rule(record: ChecksRecord) -> list[Flowable]:
    """Word by word; of a rule that this version does not know, the name alone."""
    if record.rule != GRADE_RULE:
        text = _("Graded by the rule {name}, whose words this version does not have.")
        return [parts.text(text.format(name=record.rule), style.SMALL)]
    lines = [parts.text(line, style.SMALL) for line in words.grade_rule()]
    return [KeepTogether(lines)]
