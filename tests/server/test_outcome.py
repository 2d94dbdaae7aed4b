"""What the run of faults (`make faults`) takes for a promise that was kept."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from load.outcome import Outcome, table

KEPT = Outcome(
    "sqlite: killed",
    wanted=2,
    made=2,
    acknowledged=100,
    refused=Counter({"503": 7}),
    health_ms=[3.0, 900.0],
    again_s=[0.5, 29.0],
    memory=200 << 20,
    papers=3,
    unwell=1,
)


def test_what_is_kept_is_so() -> None:
    assert KEPT.broken() == []
    row = "| sqlite: killed | 2 | 100 | 0 | 0 | 0 | 900 (2, 1) | 29.0 | 200 | 503 × 7 |"
    assert table([KEPT]).splitlines()[-1] == row


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ({"made": 1}, "it was made 1 times, not 2"),
        ({"wanted": 0, "made": 0}, "it was made 0 times, not 0"),
        ({"acknowledged": 0}, "no report was acknowledged"),
        ({"missing": 1}, "1 acknowledged reports are missing"),
        ({"altered": 1}, "1 reports are altered"),
        ({"left": 1}, "1 reports were not taken afterwards"),
        ({"health_ms": [3.0, 1001.0]}, "its health took 1001 ms, not 1000"),
        ({"health_ms": []}, "its health took inf ms, not 1000"),
        ({"again_s": [31.0, 1.0]}, "31 s to the next report, not 30"),
        ({"again_s": [1.0, math.inf]}, "inf s to the next report, not 30"),
        ({"again_s": []}, "inf s to the next report, not 30"),
        ({"memory": 301 << 20}, "301 MiB in one process, not 1 to 300"),
        ({"memory": 0}, "0 MiB in one process, not 1 to 300"),
        ({"unnoticed": True, "unwell": 0}, "7 reports were refused"),
        ({"unnoticed": True, "refused": Counter()}, "it said 1 times that it is not well"),
        ({"failed": "TimeoutError()"}, "it ended with TimeoutError()"),
        ({"unmade": 2}, "2 of 3 papers were not made"),
    ],
)
def test_what_is_not_kept_is_told(what: dict[str, Any], told: str) -> None:
    assert replace(KEPT, **what).broken() == [f"sqlite: killed: {told}"]


def test_on_a_busy_machine_all_may_take_longer() -> None:
    slow = replace(KEPT, health_ms=[1900.0], again_s=[59.0])
    assert len(slow.broken()) == 2
    assert slow.broken(2) == []
    assert len(replace(slow, missing=1, health_ms=[]).broken(2)) == 2


def test_nothing_measured_is_nothing_kept() -> None:
    assert len(Outcome("nothing").broken()) == 5
    assert Outcome("nothing", skipped="no PostgreSQL").broken() == []
    assert "not made: no PostgreSQL" in table([Outcome("nothing", skipped="no PostgreSQL")])
