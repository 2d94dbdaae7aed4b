"""All cores under load."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.checks.catalogue import CheckId, CheckLimit, CheckReason, MeasureName, Unit
from reprise.domain.checks.results import CheckResult, Measure, made

HEAT_LIMIT_C = 100  # where the sensor names no limit of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadFacts:
    """The processor under load. Temperatures in °C, None where no sensor could be read;
    `slowdowns`: times that the processor slowed itself down for its heat meanwhile."""

    threads: int
    duration_s: float
    wrong_sums: int
    idle_c: int | None
    peak_c: int | None
    limit_c: int | None
    slowdowns: int | None
    machine_checks: int | None


def judge_processor(facts: LoadFacts) -> CheckResult:
    limit = facts.limit_c or HEAT_LIMIT_C
    given = (
        (MeasureName.PEAK_TEMPERATURE, facts.peak_c, Unit.CELSIUS),
        (
            MeasureName.TEMPERATURE_LIMIT,
            limit if facts.peak_c is not None else None,
            Unit.CELSIUS,
        ),
        (MeasureName.SLOWDOWNS, facts.slowdowns, Unit.COUNT),
        (MeasureName.ERRORS, facts.wrong_sums + (facts.machine_checks or 0), Unit.COUNT),
        (MeasureName.CORES, facts.threads, Unit.COUNT),
        (MeasureName.DURATION, round(facts.duration_s, 1), Unit.SECONDS),
        (MeasureName.IDLE_TEMPERATURE, facts.idle_c, Unit.CELSIUS),
    )
    measures = tuple(Measure(n, value, u) for n, value, u in given if value is not None)
    limits = [CheckLimit.SHORT_LOAD]
    if facts.slowdowns is None:
        limits.append(CheckLimit.NO_THROTTLE_COUNTER)
    reason, no_sensor = _load_reason(facts, limit)
    return made(CheckId.PROCESSOR, reason, measures, tuple(limits), unknown=no_sensor)


def _load_reason(facts: LoadFacts, limit_c: int) -> tuple[CheckReason | None, bool]:
    if facts.wrong_sums or facts.machine_checks:
        return CheckReason.WRONG_SUMS, False
    if facts.peak_c is not None and facts.peak_c >= limit_c:
        return CheckReason.TOO_HOT, False
    if facts.slowdowns:
        return CheckReason.SLOWED_BY_HEAT, False
    if facts.peak_c is None:
        return CheckReason.NO_SENSOR, True
    return None, False
