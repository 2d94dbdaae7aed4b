"""Logging in with a password, forgetting it, and where one is logged in."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.kit import Place, heading, is_at, log_in, member, press, show_again, token_of
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.people.accounts import find_user
from server.kit import PASSWORD, reprise

OTHER = "another horse battery staple"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_one_logs_in_where_one_wanted_to_go_and_out_again(place: Place, script: bool) -> None:
    email = member(place, "dana@grandcahors.example")
    page = place.stranger(script=script)
    page.goto("/stations")
    is_at(page, "/account/login/")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.get_by_label("E-mail address").fill(email.upper())
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    heading(page, "Stations")
    page.get_by_role("button", name="Log out").click()
    is_at(page, "/account/login/")
    page.goto("/stations")
    is_at(page, "/account/login/")


def test_who_guesses_passwords_is_kept_out_for_a_time(place: Place) -> None:
    """Not the person whose account it is, elsewhere: else anybody could lock anybody out."""
    email = member(place, "guessed-at@grandcahors.example")
    page = place.stranger()
    log_in(page, email, "wrong")
    expect(page.get_by_role("alert")).to_have_text("✕Address or password is wrong.")
    expect(page.get_by_label("E-mail address")).to_have_value(email)
    expect(page.get_by_label("Password")).to_be_focused()
    form, headers = {**token_of(page), "login": email, "password": "wrong"}, {"Origin": place.base}
    for _try in range(9):
        assert page.request.post("/account/login/", form=form, headers=headers).status == 200
    log_in(page, email)  # the right one, too late
    expect(page.get_by_role("alert")).to_contain_text("Too many attempts.")
    elsewhere = place.stranger()
    log_in(elsewhere, email)
    is_at(elsewhere, "/")


def test_who_is_not_known_is_told_what_a_wrong_password_is_told(place: Place) -> None:
    page = place.stranger()
    log_in(page, "nobody@grandcahors.example")
    expect(page.get_by_role("alert")).to_have_text("✕Address or password is wrong.")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_forgotten_password_is_chosen_anew_by_mail(place: Place, script: bool) -> None:
    email = member(place, f"forgets-{script}@grandcahors.example".lower())
    thief = place.person(email)
    assert thief.goto("/stations").status == 200  # type: ignore[union-attr]
    page = place.stranger(script=script)
    page.goto("/account/login/")
    page.get_by_role("link", name="Forgotten your password?").click()
    page.get_by_label("E-mail address").fill(email)
    press(page, "Send me a link")
    heading(page, "Look into your mail")
    letter = place.mail.newest(email)
    assert letter["Subject"] == "Reprise – choose a new password"
    link = place.mail.link(email)
    assert link.startswith(f"{place.base}/account/password/reset/key/")
    page.goto(link)
    page.get_by_label("New password", exact=True).fill(OTHER)
    page.get_by_label("The new password again").fill(OTHER + "!")
    press(page, "Keep this password")
    expect(page.get_by_label("The new password again")).to_be_focused()
    page.get_by_label("New password", exact=True).fill(OTHER)
    page.get_by_label("The new password again").fill(OTHER)
    press(page, "Keep this password")
    heading(page, "Your password is changed")
    told = place.mail.newest(email, 2)
    assert told["Subject"] == "Reprise – Your password was changed, by a link from a mail"
    assert "Chrome on Linux" in told.get_content()

    thief.goto("/stations")
    is_at(thief, "/account/login/")
    again = place.stranger(script=script)
    again.goto(link)
    heading(again, "This link has ended")
    log_in(again, email, OTHER)
    is_at(again, "/")


def test_who_runs_the_server_makes_a_link_where_no_mail_is_sent(place: Place) -> None:
    email = member(place, "unmailed@grandcahors.example")
    words = ("server", "password", "--database", str(place.running.database), "--email")
    settings = ("--config", str(place.running.log.parent / "config"))
    told = reprise(*settings, *words, email)
    assert told.returncode == 0, told.stderr
    link = told.stdout.strip()
    assert link.startswith(f"{place.base}/account/password/reset/key/")
    page = place.stranger()
    page.goto(link)
    page.get_by_label("New password", exact=True).fill(OTHER)
    page.get_by_label("The new password again").fill(OTHER)
    press(page, "Keep this password")
    log_in(page, email, OTHER)
    is_at(page, "/")
    page.goto(link)
    heading(page, "This link has ended")
    refused = reprise(*settings, *words, "nobody@grandcahors.example")
    assert refused.returncode == 2
    assert "nobody@grandcahors.example" in refused.stderr


def test_nobody_learns_whether_an_address_is_known(place: Place) -> None:
    page = place.stranger()
    page.goto("/account/password/reset/")
    page.get_by_label("E-mail address").fill("nobody@elsewhere.example")
    press(page, "Send me a link")
    heading(page, "Look into your mail")
    assert place.mail.to("nobody@elsewhere.example") == []  # nor do we write to strangers


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_the_password_is_changed_and_all_other_sessions_end(place: Place, script: bool) -> None:
    email = member(place, f"changes-{script}@grandcahors.example".lower())
    elsewhere, page = place.person(email), place.stranger(script=script)
    log_in(page, email)
    page.goto("/me")
    page.get_by_role("link", name="Change the password").click()
    page.get_by_label("Your password until now").fill("wrong")
    page.get_by_label("New password", exact=True).fill(OTHER)
    page.get_by_label("The new password again").fill(OTHER)
    press(page, "Change the password")
    expect(page.get_by_text("This is not your password.")).to_be_visible()
    page.get_by_label("Your password until now").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill(OTHER)
    page.get_by_label("The new password again").fill(OTHER)
    press(page, "Change the password")
    expect(page.get_by_role("status")).to_contain_text("Your password is changed.")
    assert place.mail.newest(email)["Subject"] == "Reprise – Your password was changed"
    elsewhere.goto("/stations")
    is_at(elsewhere, "/account/login/")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_sessions_are_listed_and_ended(place: Place, script: bool) -> None:
    email = member(place, f"everywhere-{script}@grandcahors.example".lower())
    pages = [place.stranger(script=script) for _session in range(4)]
    for page in pages:
        log_in(page, email)
    here = pages[0]
    here.goto("/me")
    here.get_by_role("link", name="Where you are logged in").click()
    expect(here.get_by_role("listitem").filter(has_text="Chrome on Linux")).to_have_count(4)
    here.get_by_role("button", name="End this session").first.click()
    expect(here.get_by_role("status")).to_contain_text("The session is ended.")
    ended = pages[3]  # the newest stands first
    ended.goto("/stations")
    is_at(ended, "/account/login/")
    pages[1].goto("/stations")
    is_at(pages[1], "/stations")
    press(here, "End all others")
    for page in pages[1:]:
        page.goto("/stations")
        is_at(page, "/account/login/")
    here.goto("/stations")
    is_at(here, "/stations")


def test_who_tries_too_often_is_told_to_wait(place: Place) -> None:
    page = place.stranger()
    for _try in range(6):
        page.goto("/account/password/reset/")
        page.get_by_label("E-mail address").fill("often@elsewhere.example")
        press(page, "Send me a link")
    heading(page, "Too many attempts")


def test_a_stranger_at_an_open_session_does_not_guess_its_password(place: Place) -> None:
    """By erasing the account: the answer would say which guess was right."""
    email = member(place, "open@grandcahors.example")
    page = place.person(email)
    page.goto("/me")
    form, headers = token_of(page), {"Origin": place.base}
    for there in ("/me/erase", "/account/reauthenticate/"):
        for _try in range(12):
            sent = {**form, "email": email, "password": "wrong"}
            answer = page.request.post(there, form=sent, headers=headers, max_redirects=0)
            assert answer.status in (200, 302, 429)
    assert answer.status == 429
    assert find_user_of(place, email)


def find_user_of(place: Place, email: str) -> bool:
    open_database(str(place.running.database))
    try:
        return find_user(email) is not None
    finally:
        close_database()


def test_an_account_is_erased_with_its_sessions(place: Place) -> None:
    email = member(place, "leaves@grandcahors.example")
    elsewhere, page = place.person(email), place.person(email)
    page.goto("/me")
    with page.expect_download() as download:
        page.get_by_role("link", name="What this server knows of you").click()
    assert email in download.value.path().read_text()
    page.get_by_label("Your e-mail address, to be sure").fill("other@grandcahors.example")
    press(page, "Erase my account")
    expect(page.get_by_label("Your e-mail address, to be sure")).to_be_focused()
    page.get_by_label("Your e-mail address, to be sure").fill(email)
    press(page, "Erase my account")
    heading(page, "Is it you?")
    page.get_by_label("Password").fill("wrong")
    press(page, "Go on")
    expect(page.get_by_text("This is not your password.")).to_be_visible()
    show_again(page)
    is_at(page, "/account/login/")
    elsewhere.goto("/stations")
    is_at(elsewhere, "/account/login/")
    log_in(page, email)
    expect(page.get_by_role("alert")).to_have_text("✕Address or password is wrong.")
