"""A share of the memory, filled and read back."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.checks.catalogue import CheckId, CheckLimit, CheckReason, MeasureName, Unit
from reprise.domain.checks.results import CheckResult, Measure, made, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryFacts:
    """`wrong_bytes`: bytes that did not come back as written; `events`: EDAC errors and machine
    checks counted during the test, None where the PC has no such counter."""

    tested_bytes: int
    total_bytes: int | None
    wrong_bytes: int
    duration_s: float
    events: int | None


def judge_memory(facts: MemoryFacts) -> CheckResult:
    if not facts.tested_bytes and not facts.events:
        return unknown(CheckId.MEMORY, CheckReason.TOO_LITTLE_MEMORY)
    measures = [
        Measure(MeasureName.TESTED, facts.tested_bytes, Unit.BYTES),
        Measure(MeasureName.ERRORS, facts.wrong_bytes + (facts.events or 0), Unit.COUNT),
        Measure(MeasureName.DURATION, round(facts.duration_s, 1), Unit.SECONDS),
    ]
    if facts.total_bytes is not None:
        measures.insert(1, Measure(MeasureName.TOTAL, facts.total_bytes, Unit.BYTES))
    limits = [CheckLimit.MEMORY_SHARE]
    if facts.events is None:
        limits.append(CheckLimit.NO_ERROR_COUNTER)
    reason = None
    if facts.wrong_bytes:
        reason = CheckReason.WRONG_BITS
    elif facts.events:
        reason = CheckReason.MEMORY_EVENTS
    return made(CheckId.MEMORY, reason, tuple(measures), tuple(limits))
