"""When a battery passes, and all that is told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.checks.battery import BatteryFacts, judge_battery
from unit.domain.checks.results_told import FAILED, PASSED, UNKNOWN, L, M, R, measured, outcome

BATTERY = BatteryFacts(
    names=("BAT0", "BAT1"), design_wh=50.0, full_wh=40.0, cycles=9, drop_wh=0.5, duration_s=180.0
)


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
    assert outcome(judge_battery(replace(BATTERY, **change))) == expected  # type: ignore[arg-type]


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
