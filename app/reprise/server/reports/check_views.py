"""The function checks of a report as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.checks.grading import GRADE_RULE, Grade
from reprise.domain.checks.results import CheckStatus
from reprise.domain.report.report import Report
from reprise.i18n import _
from reprise.server.reports.badges import Badge
from reprise.wording import checks as words

_TONES = {
    CheckStatus.PASSED: ("good", "✓"),
    CheckStatus.FAILED: ("bad", "✕"),
    CheckStatus.SKIPPED: ("doubt", "?"),
    CheckStatus.UNKNOWN: ("doubt", "?"),
    CheckStatus.NOT_APPLICABLE: ("plain", "–"),
}
_GRADES = {
    Grade.A: ("good", "✓"),
    Grade.B: ("good", "✓"),
    Grade.C: ("doubt", "!"),
    Grade.NONE: ("doubt", "?"),
    Grade.D: ("bad", "✕"),
}


@dataclass(frozen=True, slots=True)
class CheckView:
    name: str
    badge: Badge
    facts: str
    limits: str


@dataclass(frozen=True, slots=True)
class ChecksView:
    grade: Badge
    condition: str
    rule: tuple[str, ...]
    checks: tuple[CheckView, ...]


def checks_view(report: Report) -> ChecksView | None:
    """None where nobody checked anything, as in reports from before the checks."""
    record = report.checks
    if record is None:
        return None
    rule: tuple[str, ...] = words.grade_rule()
    if record.rule != GRADE_RULE:
        text = _("Graded by the rule {name}, whose words this version does not have.")
        rule = (text.format(name=record.rule),)
    title = _("Grade: {grade}").format(grade=words.grade(record.grade))
    return ChecksView(
        grade=Badge(title, "", *_GRADES[record.grade]),
        condition=words.condition(record.condition),
        rule=rule,
        checks=tuple(
            CheckView(
                words.check(result.check),
                Badge(words.check_status(result.status), "", *_TONES[result.status]),
                words.check_facts(result),
                words.limits(result),
            )
            for result in record.results
        ),
    )
