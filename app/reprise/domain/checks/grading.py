"""The grade of a PC: A to D, or none, by a rule that is printed wherever the grade is.

Two things are never mixed up: a function that failed, and one that nobody checked. Neither is a
pass. GRADE_RULE changes with any change of what this file decides; its words are in
`wording.checks.grade_rule`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from reprise.domain.checks.catalogue import CheckId
from reprise.domain.checks.merging import complete
from reprise.domain.checks.results import CheckResult, CheckStatus
from reprise.domain.pc.hardware import Inventory

GRADE_RULE = "reprise-grade/1"
_B_OTHERS = 1  # other functions that may be missing for a B


class Condition(StrEnum):
    """How the case and the screen look: the technician's word."""

    LIGHT = "light-marks"  # none, or only seen from near
    WORN = "worn"
    BROKEN = "broken"


class Grade(StrEnum):
    """Best first. NONE stands above D: that nobody knows is not as bad as a known fault."""

    A = "A"
    B = "B"
    C = "C"
    NONE = "none"
    D = "D"


@dataclass(frozen=True, slots=True)
class ChecksRecord:
    """The report's part: one result for each check of the catalogue, and the grade by `rule`."""

    results: tuple[CheckResult, ...]
    grade: Grade
    condition: Condition | None = None  # nobody said
    rule: str = GRADE_RULE


_ESSENTIAL = frozenset(check for check in CheckId if check.spec.essential)
_UNCHECKED = frozenset((CheckStatus.SKIPPED, CheckStatus.UNKNOWN))


def grade(results: Sequence[CheckResult], condition: Condition | None) -> Grade:
    """`results`: one for each check of the catalogue (see merging.complete). What is missing there
    counts as not checked."""
    counted = [result for result in results if result.status is not CheckStatus.NOT_APPLICABLE]
    vital = {result.status for result in counted if result.check in _ESSENTIAL}
    missing = _ESSENTIAL - {result.check for result in results}
    if CheckStatus.FAILED in vital or condition is Condition.BROKEN:
        return Grade.D
    if vital & _UNCHECKED or missing or condition is None:
        return Grade.NONE
    others = len(CheckId) - len(results)  # each without a result is one that nobody checked
    others += sum(result.status is not CheckStatus.PASSED for result in counted)
    if others == 0 and condition is Condition.LIGHT:
        return Grade.A
    return Grade.B if others <= _B_OTHERS else Grade.C


def checks_record(
    results: Sequence[CheckResult], condition: Condition | None, inventory: Inventory
) -> ChecksRecord | None:
    """None where nobody checked anything nor looked at the PC."""
    if not results and condition is None:
        return None
    whole = complete(results, inventory)
    return ChecksRecord(whole, grade(whole, condition), condition)
