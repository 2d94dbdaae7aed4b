"""The first start of a server: the link in its log makes the first administrator, once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browser.kit import Place, a_place, heading, is_at, press, token_of
from browser.mailbox import Mailbox
from browser.provider import Provider
from server.kit import PASSWORD

FORM = {
    "Name of your organisation": "Grand Cahors",
    "Your name": "Alix Martin",
    "Your e-mail address": "alix@grandcahors.example",
    "Password": PASSWORD,
}


@pytest.fixture(scope="module")
def fresh_place(
    tmp_path_factory: pytest.TempPathFactory, letters: Mailbox, openid: Provider, browser: Browser
) -> Iterator[Place]:
    with a_place(tmp_path_factory.mktemp("first"), letters, openid) as made:
        made.browser = browser
        yield made
        made.all_leave()


def link_in(place: Place) -> str:
    found = re.search(r"http://\S+/set-up/\S+", place.running.log.read_text())
    assert found is not None
    return found[0]


def test_the_link_of_the_log_makes_the_first_administrator(fresh_place: Place) -> None:
    link = link_in(fresh_place)
    page = fresh_place.stranger()
    page.goto("/account/login/")
    expect(page.get_by_text("Nobody can log in yet.")).to_be_visible()
    page.goto("/set-up/another")
    heading(page, "This link has ended")

    assert link.startswith(fresh_place.base)
    page.goto(link)
    heading(page, "Welcome to Reprise")
    for label, value in FORM.items():
        page.get_by_label(label).fill(value)
    sent = {
        **token_of(page),
        **{"organisation": "Grand Cahors", "name": "Alix Martin"},
        **{"email": FORM["Your e-mail address"], "password": PASSWORD},
    }
    page.get_by_label("Password").press("Enter")
    is_at(page, "/")
    heading(page, "PCs and their reports")
    expect(page.get_by_role("link", name="Alix Martin – Grand Cahors")).to_be_visible()

    # The same form once more, as by a second click: whoever sends it is led on.
    again = page.request.post(link, form=sent, max_redirects=0)
    assert again.status == 403  # its token is of the time before the log-in
    page.goto(link)
    is_at(page, "/")
    stranger = fresh_place.stranger()
    stranger.goto(link)
    is_at(stranger, "/account/login/")
    expect(stranger.get_by_text("Nobody can log in yet.")).to_be_hidden()
    page.goto("/people")
    expect(page.get_by_role("row")).to_have_count(2)


def test_who_sets_the_server_up_is_listed_with_a_session(fresh_place: Place) -> None:
    """What was joined by a link can be ended, as what was joined by a password."""
    page = fresh_place.stranger()
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(FORM["Your e-mail address"])
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Log in")
    page.goto("/me/sessions")
    expect(page.get_by_role("listitem").filter(has_text="Chrome on Linux")).to_have_count(2)
