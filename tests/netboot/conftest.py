"""These tests need root and network namespaces; without them they are skipped, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from build_scripts.netboot_folder import make_folder
from station_kit.netboot_network import Bench, missing, netboot_network


@pytest.fixture(scope="session", autouse=True)
def possible() -> None:
    reason = missing()
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("made"))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with netboot_network(tmp_path) as made:
        yield made


@pytest.fixture
def lonely(tmp_path: Path) -> Iterator[Bench]:
    """A switch without a router."""
    with netboot_network(tmp_path, router=False) as made:
        yield made
