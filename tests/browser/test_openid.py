"""Logging in at a provider of OpenID Connect, which says who somebody is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from browser.kit import Place, heading, is_at, log_in, member, press
from browser.provider import Provider
from server.kit import PASSWORD

BUTTON = "Log in with Grand Cahors SSO"


@pytest.fixture(autouse=True)
def _as_it_was(openid: Provider) -> Iterator[None]:
    yield
    openid.person, openid.away = {}, False


def go_there(page: Page, place: Place, there: str = "/account/login/") -> None:
    page.goto(there)
    page.get_by_role("button", name=BUTTON).click()
    page.wait_for_url(f"{place.provider.url}/authorize?*")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_who_is_known_by_a_checked_address_is_logged_in(place: Place, script: bool) -> None:
    email = member(place, f"sso-{script}@grandcahors.example".lower())
    place.provider.person = {"sub": email, "email": email, "email_verified": True}
    page = place.stranger(script=script)
    go_there(page, place, "/stations")
    page.click("#yes")
    heading(page, "Stations")
    page.get_by_role("button", name="Log out").click()
    go_there(page, place)  # the second time it is known by the provider's own name
    place.provider.person = {"sub": email, "email": "other@elsewhere.example"}
    page.click("#yes")
    is_at(page, "/")
    expect(page.get_by_role("link", name=f"{email.partition('@')[0].title()} –")).to_be_visible()


def test_a_password_that_was_prepared_opens_nothing_once_the_owner_came(place: Place) -> None:
    """Who hands on an invitation's link may have made the account, with a password of theirs."""
    email = member(place, "awaited@grandcahors.example", proven=False)
    prepared = place.stranger()
    log_in(prepared, email)
    is_at(prepared, "/")
    place.provider.person = {"sub": email, "email": email, "email_verified": True}
    owner = place.stranger()
    go_there(owner, place, "/stations")
    owner.click("#yes")
    heading(owner, "Stations")
    prepared.goto("/stations")
    is_at(prepared, "/account/login/")
    log_in(prepared, email)
    expect(prepared.get_by_text("Address or password is wrong.")).to_be_visible()
    owner.goto("/me")  # an account without a password can be erased, too
    expect(owner.get_by_role("link", name="Change the password")).to_have_count(0)
    sure = owner.get_by_label("Your e-mail address, to be sure")
    sure.fill("other@grandcahors.example")
    press(owner, "Erase my account")
    expect(owner.get_by_text("This is not your address.")).to_be_visible()
    sure.fill(email)
    press(owner, "Erase my account")
    is_at(owner, "/account/login/")


def test_an_address_that_nobody_checked_opens_nothing(place: Place) -> None:
    email = member(place, "victim@grandcahors.example")
    for claims in (
        {"sub": "thief", "email": email, "email_verified": False},
        {"sub": "thief", "email": email},
        {"sub": "stranger", "email": "nobody@elsewhere.example", "email_verified": True},
    ):
        place.provider.person = claims
        page = place.stranger()
        go_there(page, place)
        page.click("#yes")
        heading(page, "You are not known here yet")
        page.goto("/stations")
        is_at(page, "/account/login/")


def test_no_is_no(place: Place) -> None:
    page = place.stranger()
    go_there(page, place)
    page.click("#no")
    heading(page, "You stopped logging in")


def test_a_provider_that_is_away_is_named(place: Place) -> None:
    place.provider.away = True
    page = place.stranger()
    page.goto("/account/login/")
    page.get_by_role("button", name=BUTTON).click()
    heading(page, "Logging in did not work")
    expect(page.get_by_text("Grand Cahors SSO did not say who you are")).to_be_visible()


def test_an_answer_that_was_asked_by_another_browser_is_refused(place: Place) -> None:
    """Else somebody would be logged in as who sends them a link."""
    email = member(place, "fooled@grandcahors.example")
    place.provider.person = {"sub": email, "email": email, "email_verified": True}
    mine, theirs = place.stranger(), place.stranger()
    go_there(mine, place)
    theirs.goto(str(mine.locator("#yes").get_attribute("href")))
    heading(theirs, "Logging in did not work")
    theirs.goto("/stations")
    is_at(theirs, "/account/login/")


def test_the_organisations_second_factor_holds_for_them_too(place: Place) -> None:
    from browser.test_second_factor import next_code, set_up_app

    email = member(place, "sso-armed@grandcahors.example")
    page = place.stranger()
    log_in(page, email, PASSWORD)
    secret = set_up_app(page)
    place.provider.person = {"sub": email, "email": email, "email_verified": True}
    again = place.stranger()
    go_there(again, place)
    again.click("#yes")
    heading(again, "Second factor")
    again.get_by_label("Code").fill(next_code(secret))
    press(again, "Log in")
    is_at(again, "/")
