"""Who looks after the server see each other, and one lets another go."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.kit import (
    Place,
    heading,
    is_at,
    log_in,
    member,
    press,
    runs_the_server,
    show_again,
)
from browser.test_every_page import faults, good
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.people.keepers import ask_factor_of_keepers
from reprise.server.people.scope import of_command
from server.kit import PASSWORD


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_pages_of_keepers_are_good_ones(place: Place, lang: str) -> None:
    email = f"a-keeper-with-a-long-name-{lang}@grandcahors.example"
    page = place.person(email, lang=lang)
    runs_the_server(place, email)
    page.goto("/instance")
    found = faults(page)
    page.locator("#keepers").get_by_role("link", name="long", exact=False).first.click()
    page.wait_for_load_state()
    good(found + faults(page))


def test_one_lets_another_go(place: Place) -> None:
    mine, theirs = "kay@grandcahors.example", "kim@grandcahors.example"
    page, other = place.person(mine, script=False), place.person(theirs)
    for email in (mine, theirs):
        runs_the_server(place, email)
    other.goto("/instance")
    expect(other.locator("#keepers").get_by_role("listitem").filter(has_text=mine)).to_be_visible()
    page.goto("/instance")
    page.locator("#keepers").get_by_role("link", name="Kim", exact=True).click()
    heading(page, "Kim")
    press(page, "Take this right away")
    heading(page, "Is it you?")
    show_again(page)
    is_at(page, "/instance")
    expect(page.get_by_role("status")).to_contain_text("Kim looks after the server no more.")
    expect(page.locator("#keepers").get_by_text(theirs)).to_have_count(0)
    assert other.goto("/instance").status == 403  # type: ignore[union-attr]
    assert "You look after the server no more" in str(place.mail.newest(theirs)["Subject"])
    page.goto("/instance/changes")
    row = page.get_by_role("row").filter(has_text="looks after the server no more").first
    expect(row.get_by_role("cell", name="Kim")).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_an_account_of_nobody_is_erased(place: Place, lang: str) -> None:
    email, left = f"eraser-{lang}@grandcahors.example", f"left-{lang}@grandcahors.example"
    page = place.person(email, lang=lang)
    runs_the_server(place, email)
    member(place, left, None)
    page.goto("/instance/accounts")
    found = faults(page)
    page.get_by_role("link", name=left.partition("@")[0].title(), exact=True).click()
    page.wait_for_load_state()
    found += faults(page)
    typed, button = page.locator("main [name=email]"), page.locator("main form button")
    typed.fill(email)
    button.click()
    expect(page.locator("#id_email_wrong")).to_be_visible()
    typed.fill(left)
    button.click()
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").last.click()
    is_at(page, "/instance/accounts")
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_text(left)).to_have_count(0)
    good(found)


def test_a_second_factor_is_asked_of_all_of_them(place: Place) -> None:
    mine, theirs = "asks@grandcahors.example", "is-asked@elsewhere.example"
    page, other = place.person(mine, script=False), place.stranger()
    runs_the_server(place, mine)
    runs_the_server(place, theirs, member_too=False)
    log_in(other, theirs)
    is_at(other, "/instance")
    try:
        page.goto("/instance")
        page.get_by_label("All of them log in with a second factor").check()
        press(page, "Save")
        show_again(page)
        is_at(page, "/account/2fa/")
        for one in (page, other):
            one.goto("/instance")
            is_at(one, "/account/2fa/")
            expect(one.get_by_text("Whoever looks after this server needs")).to_be_visible()
    finally:
        open_database(str(place.running.database))
        ask_factor_of_keepers(of_command(0), False)
        close_database()
    other.goto("/instance")
    heading(other, "Organisations on this server")
