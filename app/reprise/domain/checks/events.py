"""The events of the function checks, and what all of them together say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from reprise.domain.checks.grading import ChecksRecord, Condition, checks_record
from reprise.domain.checks.merging import merged
from reprise.domain.checks.results import CheckResult
from reprise.domain.pc.hardware import Inventory


@dataclass(frozen=True, slots=True)
class CheckDone:
    """One function check came to its end, or was skipped. The same check may come again."""

    result: CheckResult


@dataclass(frozen=True, slots=True)
class ConditionNoted:
    """How the PC looks: the technician's word. The last one counts."""

    condition: Condition


CheckEvent: TypeAlias = CheckDone | ConditionNoted


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of the PC's functions so far: folded from the events, by report and screen."""

    results: tuple[CheckResult, ...] = ()
    condition: Condition | None = None

    def after(self, event: CheckEvent) -> Checked:
        if isinstance(event, ConditionNoted):
            return replace(self, condition=event.condition)
        return replace(self, results=merged(self.results, event.result))

    def record(self, inventory: Inventory | None) -> ChecksRecord | None:
        """As the report tells it; None where nothing was checked, or the PC is not known yet."""
        if inventory is None:
            return None
        return checks_record(self.results, self.condition, inventory)
