"""People in front of browsers, and the server that they look at."""

from __future__ import annotations

import itertools
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from browser.mailbox import Mailbox
from browser.provider import CLIENT, Provider
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.people import models
from reprise.server.people.accounts import add_member, find_user, make_user
from reprise.server.people.organisations import named_organisation
from reprise.server.people.scope import Role
from server.kit import PASSWORD, Running, serving, session_of

CHROMIUM = shutil.which("chromium")
SESSION = "reprise_session"
_PATIENCE_MS = 10_000
LANGUAGES = {"en": "en-GB", "fr": "fr-FR"}
expect.set_options(timeout=_PATIENCE_MS)
_number = itertools.count(1)


@dataclass
class Place:
    """A server, with the mailbox and the provider that it knows, and a browser before it."""

    running: Running
    base: str  # http://localhost:port: what passkeys take for safe
    mail: Mailbox
    provider: Provider
    browser: Browser | None = None  # of the module whose tests run
    _contexts: list[BrowserContext] = field(default_factory=list)

    def stranger(self, lang: str = "en", script: bool = True, **options: Any) -> Page:
        """Somebody with a browser of their own, at an address of their own, as a lock-out counts
        addresses."""
        address = f"10.0.{next(_number) // 250}.{next(_number) % 250}"
        assert self.browser is not None
        context = self.browser.new_context(
            locale=LANGUAGES[lang],
            java_script_enabled=script,
            base_url=self.base,
            extra_http_headers={"X-Forwarded-For": address},
            **options,
        )
        context.set_default_timeout(_PATIENCE_MS)
        self._contexts.append(context)
        return context.new_page()

    def person(self, email: str, role: Role = Role.ADMINISTRATOR, **options: Any) -> Page:
        """Who is logged in; it joins the first organisation where it is not there yet."""
        page = self.stranger(**options)
        session = session_of(self.running.database, member(self, email, role))
        page.context.add_cookies([{"name": SESSION, "value": session, "url": self.base}])
        return page

    def all_leave(self) -> None:
        for context in self._contexts:
            context.close()
        self._contexts.clear()


def member(
    place: Place, email: str, role: Role | None = Role.TECHNICIAN, proven: bool = True
) -> str:
    """Somebody who has joined, with the password of the tests; None: an account alone. Its
    address. `proven`: see people/proof.py."""
    open_database(str(place.running.database))
    try:
        if find_user(email) is None:
            name = email.partition("@")[0].title()
            user = make_user(email, name, PASSWORD, proven=proven)
            if role is not None:
                add_member(user, named_organisation("Grand Cahors"), role)
    finally:
        close_database()
    return email


def runs_the_server(place: Place, email: str, member_too: bool = True) -> None:
    """Who is there already, unless they belong to no organisation."""
    open_database(str(place.running.database))
    try:
        if not member_too:
            make_user(email, "Keeper", PASSWORD, runs_instance=True)
        models.User.objects.filter(email=email).update(runs_instance=True)
    finally:
        close_database()


def log_in(
    page: Page, email: str, password: str = PASSWORD, there: str = "/account/login/"
) -> None:
    page.goto(there)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    press(page, "Log in")


def show_again(page: Page) -> None:
    """That it is still the same person, where it is asked before something of weight."""
    if page.get_by_role("heading", name="Is it you?").count():
        page.get_by_label("Password").fill(PASSWORD)
        press(page, "Go on")


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def is_at(page: Page, path: str) -> None:
    page.wait_for_load_state()
    assert urlsplit(page.url).path == path, page.url


def token_of(page: Page) -> dict[str, str | float | bool]:
    """What a form of this page sends beside its fields."""
    return {"csrfmiddlewaretoken": page.locator("[name=csrfmiddlewaretoken]").first.input_value()}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


SETTINGS = """
public_url = "http://localhost:{port}"
proxy = "127.0.0.1"

[mail]
host = "127.0.0.1"
port = {mail}
security = "none"
sender = "reprise@grandcahors.example"

[openid]
url = "{provider}"
name = "Grand Cahors SSO"
client = "{client}"
"""


@contextmanager
def a_place(folder: Path, mail: Mailbox, provider: Provider) -> Iterator[Place]:
    port = _free_port()
    config = folder / "config"
    config.mkdir()
    told = {"port": port, "mail": mail.port, "provider": provider.url, "client": CLIENT}
    (config / "server.toml").write_text(SETTINGS.format(**told))
    options = ("--port", str(port))
    with serving(folder / "reprise.db", *options, config=config) as running:
        yield Place(running, f"http://localhost:{port}", mail, provider)
        log = running.log.read_text()
        assert "Traceback" not in log, log[-5000:]


@contextmanager
def chromium() -> Iterator[Browser]:
    """While it lives, its driver's event loop runs in this thread: Django would refuse to work
    beside one, and asyncio's own tests cannot begin another."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
