"""Each page as everybody meets it: two languages, light and dark, a desk and two phones; legible,
named and reachable without a mouse, and no wider than its screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Page, expect

from browser.kit import LANGUAGES, Place, log_in, member, runs_the_server, show_again
from browser.test_second_factor import key_of, set_up_app
from reprise.adapters.signing.jws import generate_signer
from reprise.server.people.scope import Role
from server.enrolling import request_of
from server.kit import enrolled, fresh, signed

ALIX = "alix@grandcahors.example"
CHECKS = (Path(__file__).parent / "checks.js").read_text()
# What is drawn dark has the same places; what is narrow the same colours.
LOOKS = ((1280, "light"), (1280, "dark"), (390, "dark"), (320, "light"))
AXE = Axe()
AXE_LOOKS = (LOOKS[0], LOOKS[2])  # it takes half a second: both sizes, both colour schemes
AXE_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# allauth's that no link leads to at once; of a stranger, and of who is logged in
STRANGERS = (
    "/account/login/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/1-abc/",
    "/account/password/reset/key/done/",
    "/account/inactive/",
    "/account/login/cancelled/",
    "/account/login/error/",
    "/join/nothing",
    "/set-up/nothing",
    "/problems/unknown-key",
)
OWN = (
    "/",
    "/?q=nothing",
    "/stations",
    "/people",
    "/audit",
    "/settings",
    "/settings/retention",
    "/quarantine",
    "/pcs/1",
    "/me",
    "/me/sessions",
    "/nowhere",
    "/account/logout/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
)


def faults(page: Page) -> list[str]:
    """In all sizes, and in both colour schemes."""
    found = []
    for width, scheme in LOOKS:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 800})
        told = page.evaluate(CHECKS)
        if (width, scheme) in AXE_LOOKS:
            told += axe(page)
        found += [f"{page.url} {width} {scheme}: {fault}" for fault in told]
    page.set_viewport_size({"width": LOOKS[0][0], "height": 800})
    return found


def axe(page: Page) -> list[str]:
    """What axe-core finds, and where."""
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": AXE_RULES}}
    told = AXE.run(page, options=options).response["violations"]
    return [f"axe {one['id']}: {node['html'][:90]}" for one in told for node in one["nodes"]]


def good(found: list[str]) -> None:
    assert not found, "\n".join(found)


def on(page: Page, *paths: str) -> list[str]:
    found = []
    for path in paths:
        page.goto(path)
        found += faults(page)
    return found


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param


def test_the_pages_of_strangers(place: Place, lang: str) -> None:
    page = place.stranger(lang=lang)
    found = on(page, *STRANGERS)
    page.goto("/account/login/")
    page.fill("[name=login]", "somebody@grandcahors.example")
    page.fill("[name=password]", "wrong")
    page.click("main form button")
    page.wait_for_load_state()
    good(found + faults(page))


def test_the_pages_of_an_administrator(place: Place, lang: str) -> None:
    station = enrolled(place.running.database, place.running.log.parent / f"stick-{lang}", lang)
    report = fresh()
    assert place.running.put(report.report_id, signed(station, report)).status_code == 201
    page = place.person(ALIX, lang=lang)
    found = on(page, *OWN)
    page.goto("/people")
    page.fill("main [name=email]", f"a.rather.long.address.{lang}@an-association.example")
    page.locator("main form").last.get_by_role("button").click()
    page.wait_for_load_state()
    found += faults(page)
    link = place.mail.link(f"a.rather.long.address.{lang}@")
    other = place.stranger(lang=lang)
    found += on(other, link)
    page.goto("/people")
    page.get_by_role("row", name=ALIX).get_by_role("link").click()
    page.wait_for_load_state()
    found += faults(page)
    page.goto("/settings")
    tokens = page.locator("#tokens")
    tokens.locator("[name=name]").fill(f"GLPI {lang}")
    tokens.locator("[name=rights]").first.check()
    tokens.get_by_role("button").last.click()
    page.wait_for_selector("#token")
    found += faults(page)
    page.goto("/settings/retention")
    page.fill("[name=accounts]", "90")
    page.locator("main form button").click()
    page.wait_for_selector("[name=shown_accounts]", state="attached")
    found += faults(page)
    found += on(page, f"/reports/{report.report_id}", link)
    found += _opened(page, "/stations")
    page.locator("form[action^='/stations/codes']").last.get_by_role("button").click()
    page.wait_for_load_state()
    found += faults(page)
    page.goto("/stations")
    body = request_of(generate_signer())
    brought = FilePayload(name="request.jws", mimeType="", buffer=body)
    page.locator("[name=request]").set_input_files(brought)
    page.locator("form[action^='/stations/requests'] button").click()
    page.wait_for_selector("[name=request][type=hidden]", state="attached")
    found += faults(page)
    good(found)


def _opened(page: Page, path: str) -> list[str]:
    """With all that is folded together unfolded."""
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    return faults(page)


def test_the_pages_of_a_second_factor(place: Place, lang: str) -> None:
    email = member(place, f"pages-{lang}@grandcahors.example")
    page = place.stranger(lang="en")
    log_in(page, email)
    set_up_app(page)
    found = []
    page.goto(f"/me?lang={lang}")  # kept from here on
    with key_of(page):
        page.goto("/account/2fa/webauthn/add/")
        show_again(page)
        page.click("form[data-passkey] button")
        page.wait_for_url(re.compile("/account/2fa/$"))
        page.goto("/account/2fa/webauthn/")
        one = re.findall(r"/account/2fa/webauthn/keys/\d+/", page.content())[0]
        found += on(
            page,
            *("/account/2fa/", "/account/2fa/webauthn/", f"{one}edit/", f"{one}remove/"),
            *("/account/2fa/totp/deactivate/", "/account/2fa/recovery-codes/"),
            *("/account/2fa/recovery-codes/generate/", "/account/2fa/reauthenticate/"),
            *("/account/reauthenticate/", "/account/2fa/webauthn/reauthenticate/"),
        )
    again = place.stranger(lang="en")
    log_in(again, email)
    found += on(again, f"/account/2fa/authenticate/?lang={lang}")
    good(found)


def test_the_pages_of_who_looks_after_the_server(place: Place, lang: str) -> None:
    email = f"keeper-{lang}@grandcahors.example"
    page = place.person(email, lang=lang)
    runs_the_server(place, email)
    found = []
    for path in ("", "/changes", "/retention", "/organisations/1"):
        answer = page.goto(f"/instance{path}")
        assert answer is not None
        assert answer.status == 200, path
        found += faults(page)
    good(found)


def test_the_pages_of_a_beneficiary(place: Place, lang: str) -> None:
    page = place.person("asso@asso.example", Role.BENEFICIARY, lang=lang)
    good(on(page, "/", "/me", "/people"))


def test_a_bad_page_is_found_out(place: Place) -> None:
    """What the checks are worth: each fault of this page is named."""
    page = place.stranger()
    page.goto("/account/login/")
    page.evaluate("""() => {
      document.title = "";
      document.querySelector("main").insertAdjacentHTML("beforeend", `
        <h4>far below</h4><input id="x"><input id="x"><img src="/static/favicon.svg">
        <p id="pale">pale</p><a href="/" id="tiny">.</a><button id="silent"></button>
        <div id="wide">wide</div><p aria-describedby="nothing">described</p>
        <div id="narrow"><p>${"long".repeat(99)}</p></div>`);
      const looks = new CSSStyleSheet();
      looks.replaceSync(`#pale { color: #aaa } #wide { width: 2000px }
        #x { color: #bbb; background: #fff }
        #narrow { width: 100px; overflow-x: auto; white-space: nowrap } #silent:focus { outline: 0 }
        #tiny { display: block; width: 9px; height: 9px }`);
      document.adoptedStyleSheets = [looks];
    }""")
    told = "\n".join([*page.evaluate(CHECKS), *axe(page)])
    for fault in (
        *("axe image-alt", "axe color-contrast", "axe label", "axe button-name"),
        *("no title", "heading skips a level", "id twice: x", "field without a label"),
        *("img without alt", "contrast", "target 9×9", "nothing to say", "wider than"),
        *(
            "of what is typed",
            "scrolls, but not by keyboard",
            "focus is not seen",
            "aria-describedby leads nowhere: nothing",
        ),
    ):
        assert fault in told, fault


def test_a_phones_menu_opens_by_itself_alone(place: Place) -> None:
    page = place.person(ALIX, script=False)
    page.goto("/people")
    fold, stations = page.get_by_text("Menu", exact=True), page.get_by_role("link", name="Stations")
    expect(fold).to_be_hidden()
    expect(stations).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    expect(stations).to_be_hidden()
    fold.click()
    expect(stations).to_be_visible()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


NARROWER = """all => all.filter(one => {
  const now = one.offsetWidth;
  Object.assign(one.style, {width: 'auto', maxWidth: 'none'});
  one.parentElement.style.justifyItems = 'start';
  return one.offsetWidth > now;
}).map(one => one.id)"""


def test_no_choice_of_the_list_is_cut_off(place: Place, lang: str) -> None:
    page = place.person(ALIX, lang=lang)
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto("/?outcome=sanitized")
        assert page.locator(".narrow select").count() == 3
        assert page.locator(".narrow select").evaluate_all(NARROWER) == [], width
