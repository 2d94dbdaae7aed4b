"""What passes: facts that a check gathered of the PC itself -> its result. One function a check;
the limits are our own choice where no source is named, and are printed with the checks
(wording.checks)."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.checks import (
    CheckId,
    CheckLimit,
    CheckReason,
    CheckResult,
    CheckStatus,
    Measure,
    MeasureName,
    Unit,
)
from reprise.domain.hardware import battery_health

BATTERY_HEALTH_MIN_PERCENT = 50  # of the design capacity; as config/triage.toml says of worn
BATTERY_DROP_MIN_WH = 0.01  # gauges tell steps of 10 mWh
CLOCK_ERROR_MAX_S = 26 * 3600  # an RTC in local time is up to 14 h off; beyond a day it is wrong
HEAT_LIMIT_C = 100  # where the sensor names no limit of its own


def made(
    check: CheckId,
    reason: CheckReason | None,
    measures: tuple[Measure, ...] = (),
    limits: tuple[CheckLimit, ...] = (),
    detail: str = "",
    *,
    unknown: bool = False,
) -> CheckResult:
    """PASSED without a reason; FAILED, or UNKNOWN, for `reason`."""
    status = CheckStatus.PASSED
    if reason is not None:
        status = CheckStatus.UNKNOWN if unknown else CheckStatus.FAILED
    return CheckResult(
        check=check, status=status, reason=reason, detail=detail, measures=measures, limits=limits
    )


def unknown(check: CheckId, reason: CheckReason, detail: str = "") -> CheckResult:
    return made(check, reason, detail=detail, unknown=True)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFacts:
    """Seconds since 1970, UTC. `floor_s`: no later than the making of this system and the newest
    of its earlier sessions; `true_s`: the time by the network; `flag_ok`: the clock chip's own
    word on its battery (the VRT bit of the MC146818's register D), None where it is not told."""

    rtc_s: int | None
    floor_s: int
    ceiling_s: int
    true_s: int | None
    flag_ok: bool | None


def judge_clock(facts: ClockFacts) -> CheckResult:
    if facts.rtc_s is None:
        return unknown(CheckId.CLOCK, CheckReason.NOT_READABLE)
    error = None if facts.true_s is None else facts.rtc_s - facts.true_s
    measures = () if error is None else (Measure(MeasureName.CLOCK_ERROR, error, Unit.SECONDS),)
    limits: tuple[CheckLimit, ...] = (CheckLimit.CLOCK_ON_MAINS,)
    if facts.flag_ok is None:
        limits = (*limits, CheckLimit.CLOCK_NO_FLAG)
    reason = None
    if facts.flag_ok is False:
        reason = CheckReason.CLOCK_FLAG
    elif not facts.floor_s <= facts.rtc_s < facts.ceiling_s:
        reason = CheckReason.CLOCK_LOST
    elif error is not None and abs(error) > CLOCK_ERROR_MAX_S:
        reason = CheckReason.CLOCK_WRONG
    return made(CheckId.CLOCK, reason, measures, limits)
