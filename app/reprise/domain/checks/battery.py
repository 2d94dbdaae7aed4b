"""What the battery still holds, and that it gives power."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.checks.catalogue import CheckId, CheckLimit, CheckReason, MeasureName, Unit
from reprise.domain.checks.results import CheckResult, Measure, made
from reprise.domain.pc.parts import battery_health

BATTERY_HEALTH_MIN_PERCENT = 50  # of the design capacity; as config/triage.toml says of worn
BATTERY_DROP_MIN_WH = 0.01  # gauges tell steps of 10 mWh


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryFacts:
    """All batteries of the PC together. `drop_wh` over `duration_s` of running on battery; None:
    it never ran on battery."""

    names: tuple[str, ...]
    design_wh: float | None
    full_wh: float | None
    cycles: int | None
    drop_wh: float | None
    duration_s: float


def judge_battery(facts: BatteryFacts) -> CheckResult:
    """Health first: a worn-out battery has failed whether or not it was discharged."""
    measures: list[Measure] = []
    health = battery_health(facts.full_wh, facts.design_wh)
    if health is not None:
        health = round(health, 1)
        measures.append(Measure(MeasureName.HEALTH, health, Unit.PERCENT))
    if facts.cycles is not None:
        measures.append(Measure(MeasureName.CHARGE_CYCLES, facts.cycles, Unit.COUNT))
    if facts.drop_wh is not None:
        measures.append(Measure(MeasureName.ENERGY_DROP, round(facts.drop_wh, 3), Unit.WATT_HOURS))
        measures.append(Measure(MeasureName.DURATION, round(facts.duration_s, 1), Unit.SECONDS))
        if facts.duration_s > 0:
            power = round(facts.drop_wh * 3600 / facts.duration_s, 1)
            measures.append(Measure(MeasureName.POWER, power, Unit.WATTS))
    reason, is_unknown = _battery_reason(facts, health)
    limits = () if facts.drop_wh is None else (CheckLimit.SHORT_DISCHARGE,)
    names = ", ".join(facts.names)
    return made(CheckId.BATTERY, reason, tuple(measures), limits, names, unknown=is_unknown)


def _battery_reason(facts: BatteryFacts, health: float | None) -> tuple[CheckReason | None, bool]:
    if not facts.names:
        return CheckReason.NONE_FOUND, True
    if health is not None and health < BATTERY_HEALTH_MIN_PERCENT:
        return CheckReason.WORN_OUT, False
    if health is None:
        return CheckReason.NO_CAPACITY, True
    if facts.drop_wh is None:
        return CheckReason.ON_MAINS, True
    # the PC ran, and the gauge saw nothing leave the battery: its word on the capacity is worthless
    if facts.drop_wh < BATTERY_DROP_MIN_WH:
        return CheckReason.NOT_GIVING, False
    return None, False
