"""One server for the tests that only ask questions; its own for those that break something."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reprise.adapters.signing.jws import Ed25519Signer
from server.kit import Running, enrolled, serving
from server.postgresql import Cluster, running_cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as made:
        yield made


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="session")
def station(place: Path) -> Ed25519Signer:
    return enrolled(place / "reprise.db", place / "stick")


@pytest.fixture(scope="session")
def server(place: Path, station: Ed25519Signer) -> Iterator[Running]:
    with serving(place / "reprise.db", "--max-body", "200000") as running:
        yield running
