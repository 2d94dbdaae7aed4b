"""Shared by all suites."""

from __future__ import annotations

import pytest

# What uses this machine's kernel, drives or processors as a PC does: one after the other. All else
# may run beside it (make test, with pytest-xdist).
_ONE_AT_A_TIME = ("desktop", "disks", "first_start", "lab", "netboot", "vm")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--desktop",
        action="store_true",
        help="also install and boot the desktop (minutes; `make test-desktop`)",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(f"/tests/{suite}/" in str(item.path) for suite in _ONE_AT_A_TIME):
            item.add_marker(pytest.mark.xdist_group("machine"))
