"""Shared by the tests of one function or one module."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

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


# No process, unless the test says so, and no device: neither in the test, nor in a fixture of
# whatever scope, nor as the file is imported.


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    with guarded(processes=False):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    with guarded(processes=_may_start(item)):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    with guarded(processes=_may_start(item)):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    with guarded(processes=_may_start(item)):
        yield


def _may_start(item: pytest.Item) -> bool:
    return item.get_closest_marker("processes") is not None
