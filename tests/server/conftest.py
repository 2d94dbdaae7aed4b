"""One server for the tests that only ask questions; its own for those that break something."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from reprise.adapters.signing.jws import Ed25519Signer
from reprise.server.database import close_database
from reprise.server.people import models
from reprise.server.people.hashing import Passwords
from reprise.server.people.instance import new_set_up_secret, set_up
from server.enrolling import administrator
from server.kit import PASSWORD, Running, enrolled, open_new, serving
from server.postgresql import Cluster, running_cluster


@pytest.fixture(scope="module", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """In the tests' own process, where each costs a fifth of a second otherwise, as it should. Not
    longer than in these files: a server that is logged in to makes such a password strong, which
    ends the sessions of whoever has it."""
    with pytest.MonkeyPatch.context() as patch:
        for cost, least in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
            patch.setattr(Passwords, cost, least)
        yield


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


@pytest.fixture
def people_database(tmp_path: Path) -> Iterator[Path]:
    open_new(tmp_path / "reprise.db")
    yield tmp_path / "reprise.db"
    close_database()


@pytest.fixture
def alix(people_database: Path) -> models.User:
    """The first administrator."""
    secret = new_set_up_secret()
    assert secret is not None
    return set_up(secret, "Ville de Vaulx", "Alix Martin", "alix@example.org", PASSWORD)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of one file's tests alone, whose wrong codes are counted."""
    with serving(tmp_path_factory.mktemp("desk") / "reprise.db") as running:
        yield running


@pytest.fixture
def browser(desk: Running) -> requests.Session:
    """An administrator's."""
    return administrator(desk)
