"""One server and one browser for the tests of people's ways; its own server for a first start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from browser.kit import CHROMIUM, Place, a_place, chromium
from browser.mailbox import Mailbox, mailbox
from browser.provider import SECRET, Provider, provider
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.people import models


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is None:
        for item in items:
            if "tests/browser/" in item.path.as_posix():
                item.add_marker(pytest.mark.skip(reason="needs chromium"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="session")
def letters() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made


@pytest.fixture(scope="session")
def openid() -> Iterator[Provider]:
    with provider() as made:
        yield made


@pytest.fixture(scope="session")
def _place(
    tmp_path_factory: pytest.TempPathFactory, letters: Mailbox, openid: Provider
) -> Iterator[Place]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPRISE_OPENID_SECRET", SECRET)
        with a_place(tmp_path_factory.mktemp("place"), letters, openid) as made:
            open_database(str(made.running.database))
            models.Organisation.objects.update(name="Grand Cahors")
            close_database()
            yield made


@pytest.fixture
def place(_place: Place, browser: Browser) -> Iterator[Place]:
    _place.browser = browser
    yield _place
    _place.all_leave()
