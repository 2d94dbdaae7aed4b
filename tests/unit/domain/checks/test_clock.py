"""When the clock passes, and all that is told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.checks.clock import ClockFacts, judge_clock
from unit.domain.checks.results_told import FAILED, PASSED, UNKNOWN, L, M, R, measured, outcome

CLOCK = ClockFacts(rtc_s=1000, floor_s=1000, ceiling_s=200_000, true_s=1000, flag_ok=True)


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
    assert outcome(judge_clock(replace(CLOCK, **change))) == expected  # type: ignore[arg-type]


def test_the_clock_tells_how_wrong_it_is() -> None:
    late = judge_clock(replace(CLOCK, rtc_s=1500))
    assert measured(late) == {M.CLOCK_ERROR: 500}
    assert late.limits == (L.CLOCK_ON_MAINS,)
    alone = judge_clock(replace(CLOCK, true_s=None, flag_ok=None))
    assert (alone.measures, alone.limits) == ((), (L.CLOCK_ON_MAINS, L.CLOCK_NO_FLAG))
