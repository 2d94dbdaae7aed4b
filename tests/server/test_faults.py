"""Each fault of `make faults` once, and that a loss would be seen."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from load.faults import FAULTS, suffer
from load.outages import Scale
from load.outcome import Outcome
from load.scene import compare, scene, suffered
from server.postgresql import Cluster

pytestmark = pytest.mark.whole
SMALL = Scale(kills=2, rounds=1, hold_s=6.0)


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if "sqlite" in fault.on])
def test_on_sqlite(name: str) -> None:
    kept(suffer(name, "sqlite", SMALL, None))


@pytest.mark.parametrize("name", ["killed", "PostgreSQL stopped", "disk full"])
def test_on_postgresql(name: str, cluster: Cluster) -> None:
    kept(suffer(name, "postgresql", SMALL, cluster))


def kept(outcome: Outcome) -> None:
    if outcome.skipped:
        pytest.skip(outcome.skipped)
    assert outcome.broken(patience=10) == [], outcome.row()


def test_a_loss_is_seen(tmp_path: Path) -> None:
    outcome = Outcome("nothing")
    with scene("sqlite", tmp_path, (), None) as made:
        asyncio.run(suffered(made, outcome, lambda: asyncio.sleep(1), 20))
        made.end()
        lost, altered = list(made.traffic.acknowledged)[:2]
        with closing(sqlite3.connect(made.database)) as raw, raw:
            raw.execute("DELETE FROM reports_report WHERE report_id = ?", [lost])
            raw.execute("UPDATE reports_report SET jws = x'41' WHERE report_id = ?", [altered])
        compare(made, outcome)
    assert outcome.acknowledged > 2
    assert (outcome.missing, outcome.altered, outcome.left) == (1, 1, 0)
