"""Installing and booting a desktop takes minutes and its image 10 more: only where asked for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    reason = ""
    if not config.getoption("--desktop"):
        reason = "`make test-desktop` runs these"
    elif os.geteuid() != 0:
        reason = "needs root"
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.vm)
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))
