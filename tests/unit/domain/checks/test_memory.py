"""When the memory passes, and all that is told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.checks.catalogue import CheckId
from reprise.domain.checks.memory import MemoryFacts, judge_memory
from unit.domain.checks.results_told import FAILED, PASSED, UNKNOWN, L, M, R, outcome

MEMORY = MemoryFacts(tested_bytes=10, total_bytes=20, wrong_bytes=0, duration_s=1.26, events=0)


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
    assert outcome(judge_memory(replace(MEMORY, **change))) == expected


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
