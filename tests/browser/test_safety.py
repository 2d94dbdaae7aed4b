"""What others might do with a person's browser, and what they do not get."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from playwright.sync_api import expect

from browser.kit import SESSION, Place, heading, is_at, log_in, member, token_of
from browser.mailbox import Mailbox
from server.kit import PASSWORD, serving, session_of


def test_a_session_that_was_planted_is_not_the_one_that_is_logged_in(place: Place) -> None:
    email = member(place, "fixed@grandcahors.example")
    thief, page = place.stranger(), place.stranger()
    thief.goto("/account/login/?next=/stations")
    log_in(thief, email, "wrong")
    planted = {c["name"]: c["value"] for c in thief.context.cookies()}.get(SESSION, "x" * 32)
    page.context.add_cookies([{"name": SESSION, "value": planted, "url": place.base}])
    log_in(page, email)
    is_at(page, "/")
    mine = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}[SESSION]
    assert mine != planted
    thief.context.add_cookies([{"name": SESSION, "value": planted, "url": place.base}])
    thief.goto("/stations")
    is_at(thief, "/account/login/")


def test_no_script_and_no_other_site_gets_a_cookie(place: Place) -> None:
    page = place.stranger()
    log_in(page, member(place, "cookies@grandcahors.example"))
    page.goto("/?lang=en")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert set(cookies) == {SESSION, "reprise_csrf", "reprise_language"}
    for cookie in cookies.values():
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"
        assert cookie["path"] == "/"
    assert page.evaluate("document.cookie") == ""


def test_over_https_cookies_are_of_this_very_host(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.mkdir()
    (config / "server.toml").write_text('public_url = "https://reprise.example"\n')
    with serving(tmp_path / "reprise.db", config=config) as running:
        answer = running.asked_by_a_stranger("/account/login/?lang=en")
        told = answer.raw.headers.getlist("Set-Cookie")
        assert len(told) == 2
        assert any(one.startswith("__Host-reprise_csrf=") for one in told)
        for one in told:
            assert "; Secure" in one
            assert "; HttpOnly" in one
            assert "domain" not in one.lower()
        session = requests.Session()
        page = session.get(f"{running.url}/account/login/", timeout=10).text
        form = {"csrfmiddlewaretoken": re.findall(r'middlewaretoken" value="(\w+)"', page)[0]}
        csrf = told[0].partition(";")[0]
        wrong = session.post(
            f"{running.url}/account/login/",
            data={**form, "login": "a@b.example", "password": "x"},
            headers={"Cookie": csrf, "Referer": "https://reprise.example/"},
            timeout=10,
        )
        assert wrong.status_code == 403  # another browser's token
        link = re.findall(r"\S+/set-up/\S+", running.log.read_text())[0]
        assert link.startswith("https://reprise.example/set-up/")


@pytest.mark.parametrize(
    "there",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "https:elsewhere.example",
        "javascript:alert(1)",
        " //elsewhere.example",
    ],
)
def test_a_log_in_leads_to_no_other_site(place: Place, there: str) -> None:
    email = member(place, "led@grandcahors.example")
    page = place.stranger()
    page.goto("/account/login/")
    form = {**token_of(page), "login": email, "password": PASSWORD, "next": there}
    headers = {"Origin": place.base}
    answer = page.request.post("/account/login/", form=form, headers=headers, max_redirects=0)
    assert answer.status == 302
    assert answer.headers["location"] == "/"


def test_a_log_out_leads_to_no_other_site(place: Place) -> None:
    page = place.person("leaver@grandcahors.example")
    page.goto("/me")
    form = {**token_of(page), "next": "https://elsewhere.example/"}
    headers = {"Origin": place.base}
    answer = page.request.post("/account/logout/", form=form, headers=headers, max_redirects=0)
    assert answer.headers["location"] == "/account/login/"


def test_no_link_of_a_mail_follows_the_host_that_a_request_names(
    tmp_path: Path, letters: Mailbox
) -> None:
    """Nor where no public address is known, which would be put in its place."""
    config = tmp_path / "config"
    config.mkdir()
    sender = 'security = "none"\nsender = "reprise@grandcahors.example"\n'
    mail = f'[mail]\nhost = "127.0.0.1"\nport = {letters.port}\n{sender}'
    (config / "server.toml").write_text(mail)
    with serving(tmp_path / "reprise.db", config=config) as running:
        session_of(running.database, "host@grandcahors.example")
        session = requests.Session()
        session.headers["Host"] = "evil.example"
        path = f"{running.url}/account/password/reset/"
        token = re.findall(r'middlewaretoken" value="(\w+)"', session.get(path, timeout=10).text)[0]
        form = {"csrfmiddlewaretoken": token, "email": "host@grandcahors.example"}
        assert session.post(path, data=form, timeout=10).status_code == 200
        assert letters.link("host@grandcahors.example").startswith(f"{running.url}/account/")
    assert "evil" not in letters.newest("host@grandcahors.example").as_string()


def test_a_provider_sends_nobody_to_the_host_that_a_request_names(place: Place) -> None:
    page = place.stranger()
    page.goto("/account/login/")
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    answer = requests.post(
        f"{place.running.url}/account/oidc/openid/login/",
        data=token_of(page),
        headers={"Host": "evil.example", "Origin": place.base, "Cookie": cookie},
        timeout=10,
    )
    assert answer.status_code == 200
    assert f"redirect_uri={quote(place.base, safe='')}" in answer.text
    assert "evil" not in answer.text


def test_what_a_link_holds_goes_to_no_other_site(place: Place) -> None:
    """Neither a link's secret nor where somebody reads."""
    page = place.stranger()
    for path in ("/account/login/", "/join/secret", "/set-up/secret"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.headers["referrer-policy"] == "same-origin"
        page.evaluate(
            "(url) => { const a = document.createElement('a'); a.href = url;"
            " document.body.append(a); a.click() }",
            f"{place.provider.url}/seen",
        )
        page.wait_for_url(f"{place.provider.url}/seen")
        assert page.evaluate("document.referrer") == ""


def test_after_a_log_out_the_back_button_shows_nothing(place: Place) -> None:
    page = place.person("gone@grandcahors.example")
    for path in ("/people", "/me", "/account/2fa/", "/audit"):
        answer = page.goto(path)
        assert answer is not None
        assert "no-store" in answer.headers["cache-control"], path
    page.goto("/people")
    page.get_by_role("button", name="Log out").click()
    is_at(page, "/account/login/")
    page.go_back()
    is_at(page, "/account/login/")
    expect(page.get_by_text("gone@grandcahors.example")).to_have_count(0)


def test_nobody_is_logged_out_by_a_link_or_another_sites_form(place: Place) -> None:
    page = place.person("stays@grandcahors.example")
    page.goto("/account/logout/")
    heading(page, "Log out")
    page.goto("/stations")
    heading(page, "Stations")
    for origin in ("https://elsewhere.example", "null"):
        headers = {"Origin": origin}
        form = token_of(page)
        answer = page.request.post("/account/logout/", form=form, headers=headers)
        assert answer.status == 403, origin
    assert page.request.post("/account/logout/", form={"x": "y"}).status == 403
    page.goto("/stations")
    heading(page, "Stations")


def test_no_other_site_frames_a_page(place: Place) -> None:
    page = place.person("framed@grandcahors.example")
    page.goto(f"{place.provider.url}/seen")
    page.set_content(f'<iframe src="{place.base}/me" width="800" height="600"></iframe>')
    page.wait_for_timeout(500)
    frame = page.frames[1]
    assert "Your account" not in frame.content()
    assert frame.url.startswith("chrome-error:")


def test_a_page_runs_no_script_but_where_a_passkey_is_asked_for(place: Place) -> None:
    page = place.person("scripts@grandcahors.example")
    for path, may in (("/me", False), ("/", False), ("/account/2fa/", True)):
        answer = page.goto(path)
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert ("script-src 'self'" if may else "script-src 'none'") in policy
        assert "unsafe" not in policy
