"""Where each judge of the PC's own parts draws its line, and all that it tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.checks import (
    CheckId,
    CheckLimit,
    CheckReason,
    CheckResult,
    CheckStatus,
    MeasureName,
)
from reprise.domain.judge_machine import (
    BatteryFacts,
    ClockFacts,
    LoadFacts,
    MemoryFacts,
    judge_battery,
    judge_clock,
    judge_memory,
    judge_processor,
)

R, L, M = CheckReason, CheckLimit, MeasureName
PASSED, FAILED, UNKNOWN = CheckStatus.PASSED, CheckStatus.FAILED, CheckStatus.UNKNOWN
MEMORY = MemoryFacts(tested_bytes=10, total_bytes=20, wrong_bytes=0, duration_s=1.26, events=0)
LOAD = LoadFacts(
    threads=4,
    duration_s=40.26,
    wrong_sums=0,
    idle_c=40,
    peak_c=80,
    limit_c=None,
    slowdowns=0,
    machine_checks=0,
)
BATTERY = BatteryFacts(
    names=("BAT0", "BAT1"), design_wh=50.0, full_wh=40.0, cycles=9, drop_wh=0.5, duration_s=180.0
)
CLOCK = ClockFacts(rtc_s=1000, floor_s=1000, ceiling_s=200_000, true_s=1000, flag_ok=True)


def told(result: CheckResult) -> tuple[CheckStatus, CheckReason | None]:
    return result.status, result.reason


def measured(result: CheckResult) -> dict[str, object]:
    return {str(one.name): one.value for one in result.measures}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (PASSED, None)),
        ({"wrong_bytes": 1}, (FAILED, R.WRONG_BITS)),
        ({"events": 1}, (FAILED, R.MEMORY_EVENTS)),
        ({"wrong_bytes": 1, "events": 1}, (FAILED, R.WRONG_BITS)),
        ({"tested_bytes": 0, "events": 1}, (FAILED, R.MEMORY_EVENTS)),
        ({"tested_bytes": 0}, (UNKNOWN, R.TOO_LITTLE_MEMORY)),
        ({"tested_bytes": 0, "events": None}, (UNKNOWN, R.TOO_LITTLE_MEMORY)),
    ],
)
def test_memory(change: dict[str, int], expected: tuple[object, object]) -> None:
    assert told(judge_memory(replace(MEMORY, **change))) == expected  # type: ignore[arg-type]


def test_memory_tells_what_was_tested_of_how_much() -> None:
    result = judge_memory(replace(MEMORY, wrong_bytes=2, events=3))
    assert result.check is CheckId.MEMORY
    assert [one.name for one in result.measures] == [M.TESTED, M.TOTAL, M.ERRORS, M.DURATION]
    assert [one.value for one in result.measures] == [10, 20, 5, 1.3]
    assert result.limits == (L.MEMORY_SHARE,)
    bare = judge_memory(replace(MEMORY, total_bytes=None, events=None))
    assert [one.name for one in bare.measures] == [M.TESTED, M.ERRORS, M.DURATION]
    assert bare.measures[1].value == 0
    assert bare.limits == (L.MEMORY_SHARE, L.NO_ERROR_COUNTER)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (PASSED, None)),
        ({"peak_c": 99}, (PASSED, None)),
        ({"peak_c": 100}, (FAILED, R.TOO_HOT)),
        ({"peak_c": 89, "limit_c": 90}, (PASSED, None)),
        ({"peak_c": 90, "limit_c": 90}, (FAILED, R.TOO_HOT)),
        ({"wrong_sums": 1, "peak_c": 120}, (FAILED, R.WRONG_SUMS)),
        ({"machine_checks": 1}, (FAILED, R.WRONG_SUMS)),
        ({"slowdowns": 1}, (FAILED, R.SLOWED_BY_HEAT)),
        ({"slowdowns": 1, "peak_c": None}, (FAILED, R.SLOWED_BY_HEAT)),
        ({"peak_c": None}, (UNKNOWN, R.NO_SENSOR)),
    ],
)
def test_processor(change: dict[str, int], expected: tuple[object, object]) -> None:
    assert told(judge_processor(replace(LOAD, **change))) == expected  # type: ignore[arg-type]


def test_processor_tells_heat_and_load() -> None:
    result = judge_processor(replace(LOAD, wrong_sums=2, machine_checks=3))
    assert [(one.name, one.value) for one in result.measures] == [
        (M.PEAK_TEMPERATURE, 80),
        (M.TEMPERATURE_LIMIT, 100),
        (M.SLOWDOWNS, 0),
        (M.ERRORS, 5),
        (M.CORES, 4),
        (M.DURATION, 40.3),
        (M.IDLE_TEMPERATURE, 40),
    ]
    assert result.limits == (L.SHORT_LOAD,)
    blind = replace(LOAD, peak_c=None, idle_c=None, slowdowns=None, machine_checks=None)
    told_blind = judge_processor(blind)
    assert [one.name for one in told_blind.measures] == [M.ERRORS, M.CORES, M.DURATION]
    assert told_blind.measures[0].value == 0
    assert told_blind.limits == (L.SHORT_LOAD, L.NO_THROTTLE_COUNTER)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (PASSED, None)),
        ({"full_wh": 25.0}, (PASSED, None)),
        ({"full_wh": 24.9}, (FAILED, R.WORN_OUT)),
        ({"full_wh": 24.9, "drop_wh": None}, (FAILED, R.WORN_OUT)),
        ({"drop_wh": 0.01}, (PASSED, None)),
        ({"drop_wh": 0.009}, (FAILED, R.NOT_GIVING)),
        ({"drop_wh": None}, (UNKNOWN, R.ON_MAINS)),
        ({"full_wh": None}, (UNKNOWN, R.NO_CAPACITY)),
        ({"names": ()}, (UNKNOWN, R.NONE_FOUND)),
    ],
)
def test_battery(change: dict[str, object], expected: tuple[object, object]) -> None:
    assert told(judge_battery(replace(BATTERY, **change))) == expected  # type: ignore[arg-type]


def test_battery_tells_its_health_and_what_it_gave() -> None:
    result = judge_battery(BATTERY)
    assert [(one.name, one.value) for one in result.measures] == [
        (M.HEALTH, 80.0),
        (M.CHARGE_CYCLES, 9),
        (M.ENERGY_DROP, 0.5),
        (M.DURATION, 180.0),
        (M.POWER, 10.0),
    ]
    assert (result.detail, result.limits) == ("BAT0, BAT1", (L.SHORT_DISCHARGE,))
    third = measured(judge_battery(replace(BATTERY, design_wh=70.0, full_wh=40.0)))
    assert third[M.HEALTH] == 57.1
    fast = measured(judge_battery(replace(BATTERY, drop_wh=50.0, duration_s=100.0)))
    assert fast[M.POWER] == 1800.0
    at_once = measured(judge_battery(replace(BATTERY, duration_s=0.0)))
    assert M.POWER not in at_once and at_once[M.DURATION] == 0.0
    still = judge_battery(replace(BATTERY, drop_wh=None, cycles=None, full_wh=None))
    assert (still.measures, still.limits) == ((), ())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (PASSED, None)),
        ({"rtc_s": None}, (UNKNOWN, R.NOT_READABLE)),
        ({"rtc_s": 999}, (FAILED, R.CLOCK_LOST)),
        ({"rtc_s": 199_999, "true_s": 199_999}, (PASSED, None)),
        ({"rtc_s": 200_000, "true_s": 200_000}, (FAILED, R.CLOCK_LOST)),
        ({"flag_ok": False}, (FAILED, R.CLOCK_FLAG)),
        ({"flag_ok": None}, (PASSED, None)),
        ({"rtc_s": 1000 + 93_600}, (PASSED, None)),
        ({"rtc_s": 1000 + 93_601}, (FAILED, R.CLOCK_WRONG)),
        ({"true_s": 1000 + 93_601}, (FAILED, R.CLOCK_WRONG)),
        ({"true_s": None}, (PASSED, None)),
    ],
)
def test_clock(change: dict[str, int], expected: tuple[object, object]) -> None:
    assert told(judge_clock(replace(CLOCK, **change))) == expected  # type: ignore[arg-type]


def test_the_clock_tells_how_wrong_it_is() -> None:
    late = judge_clock(replace(CLOCK, rtc_s=1500))
    assert measured(late) == {M.CLOCK_ERROR: 500}
    assert late.limits == (L.CLOCK_ON_MAINS,)
    alone = judge_clock(replace(CLOCK, true_s=None, flag_ok=None))
    assert (alone.measures, alone.limits) == ((), (L.CLOCK_ON_MAINS, L.CLOCK_NO_FLAG))
