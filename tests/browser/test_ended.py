"""The end of an organisation, as whoever looks after the server does it, and its people meet it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from browser.kit import SESSION, Place, heading, is_at, press, runs_the_server, show_again
from browser.test_every_page import faults, good
from reprise.adapters.signing.jws import generate_signer
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.people.accounts import add_member, make_user
from reprise.server.people.closing import end_organisation
from reprise.server.people.organisations import make_organisation
from reprise.server.people.scope import Role, of_command
from reprise.server.stations.services import enroll
from server.kit import PASSWORD, fresh, refused, session_of, signed

KEEPER = "keeper-of-ends@grandcahors.example"
EVE = "eve@ressourcerie.example"


def test_an_organisation_ends_and_is_opened_again(place: Place) -> None:
    open_database(str(place.running.database))
    number, station = make_organisation(of_command(1), "Ressourcerie"), generate_signer()
    add_member(make_user(EVE, "Eve", PASSWORD), number, Role.ADMINISTRATOR)
    enroll(of_command(number), "Atelier", station.public_pem().decode(), station.kid)
    close_database()
    eve, page = place.stranger(), place.person(KEEPER, script=False)
    runs_the_server(place, KEEPER)
    cookie = session_of(place.running.database, EVE)
    eve.context.add_cookies([{"name": SESSION, "value": cookie, "url": place.base}])
    eve.goto("/stations")
    expect(eve.get_by_role("row", name="Atelier")).to_be_visible()
    report = fresh()
    body = signed(station, report)
    assert place.running.put(report.report_id, body).status_code == 201

    page.goto("/instance")
    page.get_by_role("link", name="Ressourcerie").click()
    heading(page, "Ressourcerie")
    typed = page.get_by_label("The organisation’s name, to be sure")
    typed.fill("Grand Cahors")
    press(page, "End this organisation")
    expect(page.get_by_text("This is not its name.")).to_be_visible()
    typed.fill("Ressourcerie")
    press(page, "End this organisation")
    heading(page, "Is it you?")
    show_again(page)
    is_at(page, "/instance")
    expect(page.get_by_role("status")).to_contain_text("Ressourcerie is ended.")

    eve.goto("/stations")
    heading(eve, "Your role does not allow this")
    late = fresh()
    refused(place.running.put(late.report_id, signed(station, late)), 403, "revoked-key")
    assert place.running.put(report.report_id, body).status_code == 200  # its receipt was lost
    key = f"/api/v1/stations/{station.kid}/key.pem"
    assert place.running.asked_by_a_stranger(key).content == station.public_pem()

    page.get_by_role("link", name="Ressourcerie").click()
    page.wait_for_url(re.compile(rf"/organisations/{number}$"))
    good(faults_of(place, number))
    press(page, "Open again")
    show_again(page)
    is_at(page, "/instance")
    eve.goto("/")
    expect(eve.get_by_role("link", name="PCs")).to_be_visible()
    expect(eve.locator("table tbody tr")).to_have_count(1)
    assert place.running.put(late.report_id, signed(station, late)).status_code == 201
    page.goto("/instance/changes")
    expect(page.get_by_text("organisation opened again").first).to_be_visible()
    open_database(str(place.running.database))
    end_organisation(of_command(1), number)  # others' tests know one organisation
    close_database()


def faults_of(place: Place, number: int) -> list[str]:
    found = []
    for lang in ("en", "fr"):
        page = place.person(KEEPER, lang=lang)
        for path in (f"/instance/organisations/{number}", "/instance/organisations/1", "/instance"):
            page.goto(path)
            found += faults(page)
    return found
