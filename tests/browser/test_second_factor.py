"""Something that one has beside the password: an app, a key, and codes for when both are lost."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.codes import code_of
from browser.kit import Place, heading, is_at, log_in, member, press, show_again, token_of


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B (its eight digits' last six)."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert code_of(secret, 59) == "287082"
    assert code_of(secret, 1111111109) == "081804"
    assert code_of(secret, 20000000000) == "353130"


def set_up_app(page: Page) -> str:
    """Its secret. Who is logged in, and has just shown the password."""
    page.goto("/account/2fa/totp/activate/")
    show_again(page)
    heading(page, "Set up an authenticator app")
    expect(page.get_by_role("img", name="The secret as a QR code")).to_be_visible()
    secret = page.locator("#secret").text_content() or ""
    code = page.get_by_label("The six digits that the app shows now")
    code.fill("123456" if code_of(secret) != "123456" else "654321")
    press(page, "Set up")
    expect(page.get_by_text("This code is wrong, or was used already.")).to_be_visible()
    assert page.locator("#secret").text_content() == secret
    code.fill(code_of(secret))
    press(page, "Set up")
    heading(page, "Recovery codes")
    return secret


def next_code(secret: str) -> str:
    """One that was not used: an app's code opens a door once, and the next one is taken, too."""
    return code_of(secret, time.time() + 30)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_an_app_is_set_up_and_asked_for(place: Place, script: bool) -> None:
    email = member(place, f"app-{script}@grandcahors.example".lower())
    page = place.stranger(script=script)
    log_in(page, email)
    secret = set_up_app(page)
    codes = page.locator("#codes li").all_text_contents()
    assert len(set(codes)) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="Download them").click()
    assert download.value.path().read_text().split() == codes
    assert "authenticator app was set up" in place.mail.newest(email).get_content()

    again = place.stranger(script=script)
    log_in(again, email)
    heading(again, "Second factor")
    assert again.context.request.get("/stations", max_redirects=0).status == 302
    again.get_by_label("Code").fill("000000")
    press(again, "Log in")
    expect(again.get_by_label("Code")).to_be_focused()
    expect(again.get_by_text("This code is wrong, or was used already.")).to_be_visible()
    again.get_by_label("Code").fill(next_code(secret))
    press(again, "Log in")
    is_at(again, "/")

    # A recovery code opens once.
    for code, opens in ((codes[0], True), (codes[0], False), (codes[1], True)):
        lost = place.stranger(script=script)
        log_in(lost, email)
        lost.get_by_label("Code").fill(code)
        press(lost, "Log in")
        is_at(lost, "/" if opens else "/account/2fa/authenticate/")
    page.goto("/account/2fa/")
    expect(page.get_by_text("8 codes are left")).to_be_visible()
    page.get_by_role("link", name="Make new codes").click()
    press(page, "Make codes")
    assert not set(codes) & set(page.locator("#codes li").all_text_contents())
    page.goto("/account/2fa/")
    page.get_by_role("link", name="Remove the app").click()
    press(page, "Remove the app")
    expect(page.get_by_role("status")).to_contain_text("The app is removed.")
    log_in(place.stranger(script=script), email)


def test_codes_cannot_be_tried_for_ever(place: Place) -> None:
    email = member(place, "guessed@grandcahors.example")
    page = place.stranger()
    log_in(page, email)
    secret = set_up_app(page)
    thief = place.stranger()
    log_in(thief, email)
    form, headers = {**token_of(thief), "code": "000000"}, {"Origin": place.base}
    for _try in range(10):
        thief.request.post("/account/2fa/authenticate/", form=form, headers=headers)
    thief.get_by_label("Code").fill(next_code(secret))  # the right one, too late
    press(thief, "Log in")
    expect(thief.get_by_text("Too many attempts.")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_factor_that_was_lost_is_removed_by_an_administrator(place: Place, script: bool) -> None:
    email = member(place, f"lost-{script}@grandcahors.example".lower())
    owner = place.stranger(script=script)
    log_in(owner, email)
    set_up_app(owner)
    boss = place.person("boss@grandcahors.example", script=script)
    boss.goto("/people")
    boss.get_by_role("row", name=email).get_by_role("link", name="Change").click()
    press(boss, "Remove the second factor")
    heading(boss, "Is it you?")  # and nothing is done yet
    owner.goto("/account/2fa/")
    expect(owner.get_by_role("link", name="Remove the app")).to_be_visible()
    show_again(boss)
    expect(boss.get_by_role("status")).to_contain_text("The second factor is removed")
    expect(boss.get_by_role("button", name="Remove the second factor")).to_have_count(0)
    letter = place.mail.newest(email, 2)
    assert "second factor was removed" in letter.get_content()
    assert "set up a new second factor:" in letter.get_content()  # no new password
    owner.goto("/stations")
    is_at(owner, "/account/login/")
    log_in(owner, email)
    is_at(owner, "/")
    boss.goto("/audit")
    expect(boss.get_by_text("every second factor").first).to_be_visible()


@contextmanager
def key_of(page: Page, **options: Any) -> Iterator[None]:
    """A passkey that this PC keeps, and that it gives at a touch."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    told = {
        **{"protocol": "ctap2", "transport": "internal", "hasResidentKey": True},
        **{"hasUserVerification": True, "isUserVerified": True},
        **{"automaticPresenceSimulation": True, **options},
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": told})
    yield
    session.detach()


def passkeys(page: Page) -> Locator:
    return page.locator("form[data-passkey]")


def test_a_passkey_is_added_and_logs_in_alone(place: Place) -> None:
    email = member(place, "passkey@grandcahors.example")
    page = place.stranger()
    with key_of(page):
        log_in(page, email)
        page.goto("/account/2fa/webauthn/add/")
        heading(page, "Is it you?")
        show_again(page)
        page.get_by_label("Name of the key").fill("This PC")
        page.get_by_label("Log in with this key alone").check()
        press(page, "Add this key")
        page.wait_for_url("**/account/2fa/recovery-codes/")
        assert "passkey or security key was added" in place.mail.newest(email).get_content()
        page.goto("/account/2fa/webauthn/")
        expect(page.get_by_text("This PC – logs you in without a password")).to_be_visible()

        page.goto("/account/2fa/webauthn/add/")  # the same key again
        press(page, "Add this key")
        expect(page.get_by_text("This key is registered with your account")).to_be_visible()

        page.get_by_role("button", name="Log out").click()
        page.goto("/stations")
        press(page, "Log in with a passkey")
        page.wait_for_url("**/stations")
        # Beside a password it is the second factor.
        page.get_by_role("button", name="Log out").click()
        log_in(page, email)
        heading(page, "Second factor")
        press(page, "Use your key")
        page.wait_for_url(place.base + "/")
        page.goto("/account/2fa/webauthn/")
        page.get_by_role("link", name="Rename This PC").click()
        show_again(page)
        page.get_by_label("Name of the key").fill("That PC")
        press(page, "Save")
        page.get_by_role("link", name="Remove That PC").click()
        press(page, "Remove the key")
        expect(page.get_by_text("You have no key.")).to_be_visible()


def test_a_key_that_does_not_answer_is_said_so(place: Place) -> None:
    page = place.stranger()
    with key_of(page):  # it knows nothing of this server
        page.goto("/account/login/")
        press(page, "Log in with a passkey")
        said = page.get_by_role("alert").filter(has_text="The key did not answer")
        expect(said).to_be_visible()
        expect(passkeys(page).get_by_role("button")).to_be_enabled()


def test_without_script_nothing_is_offered_that_needs_it(place: Place) -> None:
    page = place.stranger(script=False)
    page.goto("/account/login/")
    expect(page.get_by_text("Passkeys and security keys need JavaScript")).to_be_visible()
    expect(passkeys(page)).to_be_hidden()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_an_organisation_asks_everybody_for_a_second_factor(place: Place, script: bool) -> None:
    boss = place.person("alix@grandcahors.example", script=script)
    worker = place.person("worker@grandcahors.example", script=script)
    _ask_for_factors(boss, True)
    try:
        for path in ("/stations", "/", "/me"):
            worker.goto(path)
            is_at(worker, "/account/2fa/")
            expect(
                worker.get_by_text("Your organisation asks for a second factor.")
            ).to_be_visible()
        assert worker.request.get("/api/v1/reports/x", max_redirects=0).status in (401, 403)
        email = member(place, f"armed-{script}@grandcahors.example".lower())
        armed = place.stranger(script=script)
        log_in(armed, email)
        set_up_app(armed)
        armed.get_by_role("link", name="I have kept them: go on").click()
        is_at(armed, "/")
        set_up_app(boss)
    finally:
        _ask_for_factors(boss, False)
        boss.goto("/account/2fa/totp/deactivate/")
        press(boss, "Remove the app")
    worker.goto("/stations")
    is_at(worker, "/stations")


def _ask_for_factors(page: Page, wanted: bool) -> None:
    page.goto("/settings")
    page.get_by_label("Everybody logs in with a second factor").set_checked(wanted)
    press(page, "Save")
