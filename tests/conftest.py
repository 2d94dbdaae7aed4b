"""Shared by all suites."""

from __future__ import annotations

import pytest

# What uses this machine's kernel, drives or processors as a PC does: one after the other. All else
# may run beside it (make test, with pytest-xdist).
_ONE_AT_A_TIME = (
    "/tests/disks/",
    "/tests/first_start/",
    "/tests/lab/",
    "/tests/netboot/",
    "/tests/vm/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(part in str(item.path) for part in _ONE_AT_A_TIME):
            item.add_marker(pytest.mark.xdist_group("machine"))
