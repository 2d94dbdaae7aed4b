"""The events of the function checks."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.checks import CheckResult
from reprise.domain.grading import Condition


@dataclass(frozen=True, slots=True)
class CheckDone:
    """One function check came to its end, or was skipped. The same check may come again."""

    result: CheckResult


@dataclass(frozen=True, slots=True)
class ConditionNoted:
    """How the PC looks: the technician's word. The last one counts."""

    condition: Condition
