"""What several files here share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from station_kit.guard import guarded
from station_kit.machines import hdd, laptop, ssd
from station_kit.ports import Kit
from workflow.engine_kit import Bench, serving


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with serving(Kit(laptop(hdd(), ssd())), tmp_path) as made:
        yield made


@pytest.fixture(autouse=True)
def _guarded(request: pytest.FixtureRequest) -> Iterator[None]:
    """No process, unless the test says so, and no device."""
    with guarded(processes=request.node.get_closest_marker("processes") is not None):
        yield
