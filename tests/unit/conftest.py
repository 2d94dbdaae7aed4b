"""Shared by the tests of one function or one module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from lab.nvme import subsystem
from station_kit.guard import guarded
from unit.adapters.hardware.made_tree import MadeTree
from unit.lab.standing_time import StandingTime

# A unit test is no stop-watch: on a busy machine one example may take long by itself.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture
def tree(tmp_path: Path) -> MadeTree:
    return MadeTree(tmp_path)


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> StandingTime:
    """Of every emulated NVMe drive that the test makes."""
    made = StandingTime()
    monkeypatch.setattr(subsystem, "time", made)
    return made


@pytest.fixture(autouse=True)
def _guarded(request: pytest.FixtureRequest) -> Iterator[None]:
    """No process, unless the test says so, and no device."""
    with guarded(processes=request.node.get_closest_marker("processes") is not None):
        yield
