"""These tests need root and loop devices; without them they are skipped, with the reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    reason = ""
    if os.geteuid() != 0:
        reason = "needs root"
    elif not Path("/dev/loop-control").exists():
        reason = "needs loop devices"
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.disks)
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def liar_folder(tmp_path: Path) -> Path:
    if not Path("/dev/fuse").exists():
        pytest.skip("needs FUSE (/dev/fuse) for a device that lies")
    return tmp_path
