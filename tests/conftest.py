"""Shared by all suites."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--desktop",
        action="store_true",
        help="also install and boot the desktop (minutes; `make test-desktop`)",
    )
