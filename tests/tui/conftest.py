"""The language is the process's: each test starts and ends in French."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reprise import i18n


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    i18n.set_language("fr")
    yield
    i18n.set_language("fr")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--renew-snapshots",
        action="store_true",
        help="write what the screens show now over tests/tui/snapshots",
    )
