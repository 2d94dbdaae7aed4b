"""Shared by the tests of one function or one module."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from lab.nvme import subsystem
from unit.made_tree import MadeTree
from unit.standing_time import StandingTime

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
