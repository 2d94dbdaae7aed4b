"""Roles, organisations, programs and stations: who sees and changes what, as people do it."""

from __future__ import annotations

import re

import pytest
import requests
from playwright.sync_api import Page, expect

from browser.kit import Place, heading, log_in, member, press, runs_the_server, show_again
from reprise.server.people.scope import Role
from server.kit import enrolled, fresh, signed

ALIX = "alix@grandcahors.example"
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


def _open(page: Page, name: str) -> None:
    page.goto("/people")
    page.get_by_role("row", name=name).get_by_role("link").click()


@SCRIPT
def test_a_role_is_changed_and_a_person_removed(place: Place, script: bool) -> None:
    email = f"moved-{script}@grandcahors.example".lower()
    other, page = place.person(email, Role.TECHNICIAN), place.person(ALIX, script=script)
    assert other.goto("/audit").status == 403  # type: ignore[union-attr]
    _open(page, email)
    page.get_by_label("auditor or DPO").check()
    press(page, "Change the role")
    expect(page.get_by_role("status")).to_contain_text("The role is changed.")
    other.goto("/audit")
    heading(other, "Changes")
    expect(other.get_by_text("role: technician → auditor or DPO").first).to_be_visible()
    _open(page, email)
    press(page, "Remove from the organisation")
    expect(page.get_by_role("status")).to_contain_text("is removed from the organisation")
    expect(page.get_by_role("row", name=email)).to_have_count(0)
    other.goto("/")
    heading(other, "Nothing is addressed to you yet")
    assert other.goto("/audit").status == 403  # type: ignore[union-attr]


def test_an_account_is_erased_by_an_administrator(place: Place) -> None:
    email = "leaving@grandcahors.example"
    other, page = place.person(email, Role.TECHNICIAN), place.person(ALIX, script=False)
    _open(page, email)
    typed = page.get_by_label("The person’s e-mail address, to be sure")
    typed.fill(ALIX)
    press(page, "Erase this account")
    expect(page.get_by_text("This is not the person’s address.")).to_be_visible()
    typed.fill(email)
    press(page, "Erase this account")
    heading(page, "Is it you?")
    show_again(page)
    expect(page.get_by_role("status")).to_contain_text("The account is erased.")
    expect(page.get_by_role("row", name=email)).to_have_count(0)
    other.goto("/")
    heading(other, "Log in")
    _open(page, ALIX)  # one's own, with the password
    expect(page.get_by_role("button", name="Erase this account")).to_have_count(0)


def test_the_last_administrator_stays_one(place: Place) -> None:
    page = place.person(ALIX)
    page.goto("/people")
    rows = page.get_by_role("row").filter(has_text="administrator")
    for name in [text.split()[0] for text in rows.get_by_role("rowheader").all_inner_texts()]:
        if name != "Alix":
            _open(page, name)
            page.get_by_label("technician").check()
            press(page, "Change the role")
    _open(page, ALIX)
    page.get_by_label("technician").check()
    press(page, "Change the role")
    heading(page, "This was not done")
    expect(page.get_by_text("Make somebody else an administrator first.")).to_be_visible()


@SCRIPT
def test_a_token_reads_what_it_may_until_it_is_revoked(place: Place, script: bool) -> None:
    page = place.person(ALIX, script=script)
    page.goto("/settings")
    name = f"GLPI {script}"
    tokens = page.locator("#tokens")
    tokens.get_by_label("What it is for").fill(name)
    press(page, "Make a token")
    expect(tokens.locator("#rights_wrong")).to_be_visible()  # it must be worth something
    expect(tokens.get_by_label("What it is for")).to_have_value(name)
    tokens.get_by_label("read PCs and reports").check()
    press(page, "Make a token")
    said = page.locator("#token").inner_text()
    asked = f"{place.base}/api/v1/reports/00000000-0000-4000-8000-000000000000"
    headers = {"Authorization": f"Bearer {said}"}
    assert requests.get(asked, headers=headers, timeout=10).status_code == 404
    assert requests.get(asked, timeout=10).status_code == 401
    page.goto("/settings")
    expect(page.locator("#token")).to_have_count(0)
    tokens.get_by_label("What it is for").fill(name)
    tokens.get_by_label("read stations").check()
    press(page, "Make a token")  # the form sent twice, for one
    expect(page.get_by_role("alert")).to_contain_text(f"A token is called “{name}” already.")
    press(page, f"Revoke {name}")
    expect(page.get_by_role("status")).to_contain_text("The token is revoked.")
    assert requests.get(asked, headers=headers, timeout=10).status_code == 401


@SCRIPT
def test_a_report_arrives_and_its_certificate_opens(place: Place, script: bool) -> None:
    folder = place.running.log.parent / f"stick-{script}"
    station = enrolled(place.running.database, folder, f"Bench {script}")
    report = fresh()
    assert place.running.put(report.report_id, signed(station, report)).status_code == 201
    page = place.person("tech@grandcahors.example", Role.TECHNICIAN, script=script)
    page.goto("/")
    page.locator(f'a[href="/reports/{report.report_id}"]').click()
    expect(page.get_by_role("heading", name="Proof")).to_be_visible()
    link = page.get_by_role("link", name=re.compile("certificate", re.IGNORECASE)).first
    address = str(link.get_attribute("href"))
    for _again in range(40):
        answer = page.request.get(address)
        if answer.headers["content-type"] == "application/pdf":
            break
        page.wait_for_timeout(200)
    assert answer.body().startswith(b"%PDF")

    boss = place.person(ALIX, script=script)
    boss.goto("/stations")
    row = boss.get_by_role("row", name=f"Bench {script}")
    row.get_by_text("Change").click()
    row.get_by_role("button", name="Revoke").click()
    boss.wait_for_load_state()
    later = fresh()
    refused = place.running.put(later.report_id, signed(station, later))
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/revoked-key"
    page.goto(f"/reports/{report.report_id}")  # what was here stays
    expect(page.get_by_role("heading", name="Proof")).to_be_visible()


@SCRIPT
def test_organisations_are_added_switched_and_kept_apart(place: Place, script: bool) -> None:
    """Who looks after the server makes one, and sees nothing of it."""
    keeper, name = place.person("keeper@grandcahors.example", script=script), f"Cauvaldor {script}"
    runs_the_server(place, "keeper@grandcahors.example")
    keeper.goto("/instance")
    both = f"both-{script}@asso.example".lower()
    member(place, both, Role.TECHNICIAN)
    _add(keeper, name, both)
    expect(keeper.get_by_text(f"{both} is invited.")).to_be_visible()
    lost = keeper.get_by_role("listitem").filter(has_text=name)
    expect(lost.get_by_text("Is the link lost?")).to_be_visible()
    _add(keeper, name, both)
    expect(keeper.get_by_text(f"{both} is invited.")).to_be_visible()
    expect(lost).to_have_count(1)

    page = place.stranger(script=script)
    log_in(page, both, there=place.mail.link(both).removeprefix(place.base))
    heading(page, f"Join {name}")
    press(page, "Accept the invitation")
    _add(keeper, name, both)
    expect(keeper.get_by_role("alert")).to_contain_text("already")
    page.goto("/me")
    for here, may in ((name, 200), ("Grand Cahors", 403), (name, 200)):
        page.get_by_label("Organisation whose pages you see").select_option(
            label=f"{here} – {'administrator' if here == name else 'technician'}"
        )
        press(page, "Choose")
        expect(page.get_by_role("navigation").filter(has_text=here)).to_be_visible()
        assert page.goto("/settings").status == may  # type: ignore[union-attr]
        page.goto("/me")
    page.goto("/people")
    expect(page.get_by_role("row", name="Alix")).to_have_count(0)


def _add(page: Page, organisation: str, email: str) -> None:
    page.get_by_label("Name of the organisation").fill(organisation)
    page.get_by_label("E-mail address of its first administrator").fill(email)
    press(page, "Add and invite")


def test_who_looks_after_the_server_alone_sees_no_pc(place: Place) -> None:
    email = "only-keeper@elsewhere.example"
    runs_the_server(place, email, member_too=False)
    page = place.stranger()
    log_in(page, email)
    heading(page, "Organisations on this server")
    for path in ("/stations", "/people", "/audit", "/settings"):
        assert page.goto(path).status == 403, path  # type: ignore[union-attr]
