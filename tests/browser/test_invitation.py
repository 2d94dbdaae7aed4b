"""Being invited, by mail or by a link that somebody hands on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.kit import Place, heading, is_at, member, press
from server.kit import PASSWORD


def invite(place: Place, email: str, role: str = "technician", script: bool = True) -> None:
    page = place.person("alix@grandcahors.example", script=script)
    page.goto("/people")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Role").select_option(role)
    press(page, "Invite")
    expect(page.get_by_text(f"{email} is invited. The link was mailed.")).to_be_visible()
    assert "/join/" not in page.content()  # its owner alone has it


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_an_invitation_arrives_and_is_accepted_once(place: Place, script: bool) -> None:
    email = f"camille-{script}@asso.example".lower()
    invite(place, email, script=script)
    letter = place.mail.newest(email)
    assert letter["Subject"] == "Reprise – an invitation of Grand Cahors"
    assert letter["From"] == "reprise@grandcahors.example"
    link = place.mail.link(email)
    assert link.startswith(place.base)

    page = place.stranger(script=script)
    page.goto(link)
    heading(page, "Join Grand Cahors")
    page.get_by_label("Your name").fill("Camille Dubois")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Accept the invitation")
    heading(page, "PCs and their reports")
    assert page.goto("/people").status == 403  # type: ignore[union-attr]

    other = place.stranger(script=script)
    other.goto(link)
    heading(other, "This link has ended")


def test_both_links_of_a_form_that_was_sent_twice_work_until_one_is_used(place: Place) -> None:
    email = "twice@asso.example"
    invite(place, email)
    invite(place, email)
    first, second = place.mail.link(email), place.mail.link(email, 2)
    links = {line for letter in place.mail.to(email) for line in letter.get_content().split()}
    links = {link for link in links if "/join/" in link}
    assert len(links) == 2
    assert {first, second} <= links
    page = place.stranger()
    for link in links:
        page.goto(link)
        heading(page, "Join Grand Cahors")
    page.get_by_label("Your name").fill("Twice")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Accept the invitation")
    is_at(page, "/")
    for link in links:
        page.goto(link)
        heading(page, "This link has ended")


def test_an_account_that_is_there_joins_after_logging_in(place: Place) -> None:
    email = "known@asso.example"
    member(place, email, None)
    invite(place, email, "auditor")
    page = place.stranger()
    page.goto(place.mail.link(email))
    is_at(page, "/account/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Log in")
    heading(page, "Join Grand Cahors")
    press(page, "Accept the invitation")
    page.goto("/people")
    expect(page.get_by_role("row", name="known").get_by_text("auditor or DPO")).to_be_visible()


def test_who_is_logged_in_as_somebody_else_is_told_so(place: Place) -> None:
    email = "newcomer@asso.example"
    invite(place, email)
    page = place.person("bystander@asso.example")
    page.goto(place.mail.link(email))
    heading(page, "This invitation is somebody else’s")
    press(page, "Log out, and go on with the invitation")
    heading(page, "Join Grand Cahors")


def test_a_withdrawn_invitation_is_worth_nothing(place: Place) -> None:
    email = "withdrawn@asso.example"
    invite(place, email)
    page = place.person("alix@grandcahors.example")
    page.goto("/people")
    press(page, f"Withdraw the invitation of {email}")
    expect(page.get_by_role("status")).to_contain_text("The invitation is withdrawn")
    page.goto(place.mail.link(email))
    heading(page, "This link has ended")


def test_a_bad_password_keeps_the_name_and_is_said_beside_its_field(place: Place) -> None:
    email = "hasty@asso.example"
    invite(place, email)
    page = place.stranger()
    page.goto(place.mail.link(email))
    page.get_by_label("Your name").fill("Hasty Pudding")
    for bad, why in (
        ("short", "This password is too short."),
        ("password1234", "This password is too common."),
        ("hasty@asso.example", "The password is too similar to"),
    ):
        page.get_by_label("Password").fill(bad)
        press(page, "Accept the invitation")
        field = page.get_by_label("Password")
        expect(field).to_be_focused()
        expect(field).to_have_attribute("aria-invalid", "true")
        said = page.locator("#" + str(field.get_attribute("aria-describedby")).split()[-1])
        expect(said).to_contain_text(why)
        expect(page.get_by_label("Your name")).to_have_value("Hasty Pudding")
