"""Forms as people fill them in: by keyboard, wrongly, twice, and after a long break."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.kit import Place, heading, log_in, member, press, token_of
from server.kit import PASSWORD

ALIX = "alix@grandcahors.example"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/account/login/", {"login": "username", "password": "current-password"}),
        ("/account/password/reset/", {"email": "username"}),
        (
            "/account/password/change/",
            {
                **{"of_whom": "username", "oldpassword": "current-password"},
                **{"password1": "new-password", "password2": "new-password"},
            },
        ),
        (
            "/account/reauthenticate/",
            {"of_whom": "username", "password": "current-password"},
        ),
        ("/people", {"email": "off"}),
    ],
)
def test_a_browsers_book_of_passwords_knows_each_field(
    place: Place, path: str, wanted: dict[str, str]
) -> None:
    page = place.stranger() if "log" in path or "reset" in path else place.person(ALIX)
    page.goto(path)
    for name, told in wanted.items():
        expect(page.locator(f"main [name={name}]")).to_have_attribute("autocomplete", told)


def test_a_person_without_a_mouse_logs_in_and_out(place: Place) -> None:
    email = member(place, "keys@grandcahors.example")
    page = place.stranger()
    page.goto("/account/login/")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    heading(page, "PCs and their reports")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    for _step in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Log out":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/login/")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(
    place: Place, lang: str
) -> None:
    page = place.person(ALIX, lang=lang)
    page.goto("/people")
    page.locator("main [name=email]").evaluate("field => { field.type = 'text' }")
    page.fill("main [name=email]", "nobody at all")
    page.select_option("main [name=role]", "auditor")
    page.locator("main form").last.get_by_role("button").click()
    field = page.locator("main [name=email]")
    expect(field).to_be_focused()
    expect(field).to_have_value("nobody at all")
    expect(page.locator("main [name=role]")).to_have_value("auditor")
    said = page.locator(f"#{field.get_attribute('aria-describedby')}")
    words = {"en": "Enter a valid email address", "fr": "Saisissez une adresse de courriel"}
    expect(said).to_contain_text(words[lang])
    page.goto("/settings")
    page.fill("main [name=time_zone]", "Europe/Atlantis")
    page.fill("main [name=name] >> nth=0", "Grand Cahors")
    page.locator("main form").first.get_by_role("button").click()
    expect(page.locator("main [name=time_zone]")).to_have_value("Europe/Atlantis")
    expect(page.get_by_role("alert")).to_contain_text("Europe/Atlantis")


def test_a_form_of_before_the_log_in_says_what_to_do(place: Place) -> None:
    email = member(place, "stale@grandcahors.example")
    page = place.stranger()
    page.goto("/account/password/reset/")  # and left open
    tab = page.context.new_page()
    log_in(tab, email)
    tab.goto("/me")
    other = page.context.new_page()
    other.goto("/account/password/change/")
    tab.get_by_role("button", name="Log out").click()
    log_in(tab, email)
    other.get_by_label("Your password until now").fill(PASSWORD)
    other.get_by_label("New password", exact=True).fill(PASSWORD + "!")
    other.get_by_label("The new password again").fill(PASSWORD + "!")
    press(other, "Change the password")
    heading(other, "This form was not accepted")
    expect(other.get_by_text("Nothing was changed.")).to_be_visible()
    other.get_by_role("link", name="Open the page again").click()
    heading(other, "Change the password")


def test_a_form_that_is_sent_twice_does_what_it_does_once(place: Place) -> None:
    email = member(place, "doubled@grandcahors.example")
    page = place.person(ALIX)
    page.goto("/people")
    page.get_by_role("row", name=email).get_by_role("link").click()
    form = {**token_of(page), "role": "auditor"}
    address = page.url + "/role"
    headers = {"Origin": place.base}
    for _time in range(2):
        answer = page.request.post(address, form=form, headers=headers, max_redirects=0)
        assert answer.status == 302
    page.goto("/audit")
    told = page.get_by_role("row").filter(has_text="Doubled").filter(has_text="role changed")
    expect(told).to_have_count(1)
    page.goto("/settings")
    form = {**token_of(page), "name": "Grand Cahors", "time_zone": "Europe/Paris"}
    for _time in range(2):
        answer = page.request.post("/settings", form=form, headers=headers, max_redirects=0)
        assert answer.status == 302


def test_what_a_person_types_is_no_part_of_the_page(place: Place) -> None:
    name = "<b onclick=x>Évil & Co</b>"
    page = place.person(ALIX)
    page.goto("/settings")
    page.locator("#tokens").get_by_label("What it is for").fill(name)
    page.locator("#tokens").get_by_label("read stations").check()
    press(page, "Make a token")
    expect(page.locator("#tokens strong", has_text=name)).to_be_visible()
    assert page.locator("b").count() == 0
    press(page, f"Revoke {name}")
