"""When the processor passes, and all that is told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.checks.processor import LoadFacts, judge_processor
from unit.domain.checks.results_told import FAILED, PASSED, UNKNOWN, L, M, R, outcome

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
    assert outcome(judge_processor(replace(LOAD, **change))) == expected


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
    blind_result = judge_processor(blind)
    assert [one.name for one in blind_result.measures] == [M.ERRORS, M.CORES, M.DURATION]
    assert blind_result.measures[0].value == 0
    assert blind_result.limits == (L.SHORT_LOAD, L.NO_THROTTLE_COUNTER)
