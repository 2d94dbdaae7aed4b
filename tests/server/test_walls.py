"""The walls: each address, asked by each role, by strangers, by programs and for what belongs to
another organisation; and each write without the form's own token. On both databases.

Who may see what stands in addresses.py, by hand: an address that does not, fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from reprise.server.database import close_database, rows_are_guarded, see_nothing_unasked, within
from reprise.server.opening import open_database
from reprise.server.people.scope import Role, of_command
from reprise.server.retention.services import choose
from reprise.server.urls import OURS as ROUTES
from server.addresses import KEEPER, MAY, OWNED, PUBLIC, WALLED, A, B, D, T, asked
from server.kit import serving
from server.walled import Street, build, street

pytestmark = pytest.mark.whole
KEPT_OUT = 403


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Street]:
    folder = tmp_path_factory.mktemp("street")
    database = str(folder / "reprise.db")
    if request.param == "postgresql":
        database = request.getfixturevalue("cluster").own_database()
    houses = build(database)
    with serving(database, log=folder / "log") as server, street(server, houses) as built:
        yield built


def test_every_address_is_written_down_here() -> None:
    assert {str(route.pattern) for route in ROUTES} == set(MAY)
    assert len(OWNED) >= 8


def test_what_is_public_is_there_for_strangers(place: Street) -> None:
    """Nobody says whose it is: on PostgreSQL, too."""
    values = {**place.ours.values(), "secret": place.ours.secret, "kind": "not-found"}
    asked_for = 0
    for route, (methods, who) in MAY.items():
        if who == PUBLIC and "GET" in methods and not route.startswith("set-up"):
            answer = place.server.asked_by_a_stranger(asked(route, values))
            assert answer.status_code == 200, route
            asked_for += 1
    assert asked_for >= 5


def test_strangers_are_led_to_the_log_in(place: Street) -> None:
    for route, (methods, _who) in WALLED.items():
        for method in methods:
            if method == "POST":
                continue  # see below: a form without its token
            answer = place.server.asked_by_a_stranger(asked(route, place.ours.values()))
            if route.startswith("api/"):
                assert answer.status_code == 401, route
                assert answer.headers["www-authenticate"] == "Bearer"
            else:
                assert answer.status_code == 302, route
                assert answer.headers["location"].startswith("/account/login/?next="), route


@pytest.mark.parametrize("role", [A, T, D, B, KEEPER])
def test_a_role_sees_what_is_its_own(place: Street, role: Role | None) -> None:
    person = place.person(role)
    told = {"ours": 0, "kept out": 0}
    nothing = dict.fromkeys(place.ours.values(), 999999)
    for route, (methods, who) in WALLED.items():
        for method in methods:
            if method == "GET":
                answer = person.get(asked(route, place.ours.values()))
                good = answer.status_code in (200, 202, 302)
            else:  # of nobody: nothing is changed by asking
                answer = person.post(asked(route, nothing))
                good = answer.status_code in (200, 302, 400, 404, 422)
            if role in who:
                assert good, (route, method, answer.status_code)
                assert "/account/login/" not in answer.headers.get("location", "")
                told["ours"] += 1
            else:
                assert answer.status_code == KEPT_OUT, (route, method)
                told["kept out"] += 1
    assert told["ours"] >= 5
    assert told["kept out"] >= 1


@pytest.mark.parametrize("role", [A, T, D, B])
def test_what_is_another_organisations_is_not_there(place: Street, role: Role) -> None:
    person = place.person(role)
    for route in OWNED:
        for method in WALLED[route][0]:
            path = asked(route, place.theirs.values())
            answer = (
                person.get(path) if method == "GET" else person.post(path, role="auditor", name="x")
            )
            assert answer.status_code in (403, 404), (route, answer.status_code)
            assert (answer.status_code == 404) == (role in WALLED[route][1]), route
    chosen = person.post("/me/organisation", organisation=str(place.theirs.number))
    assert chosen.status_code == 404
    # and nothing of it was changed
    there = place.person(A, "theirs")
    people, stations = there.get("/people").text, there.get("/stations").text
    assert "guest@theirs.example" in people and "Technician of theirs" in people
    assert "Bench of theirs" in stations and place.theirs.station.kid in stations
    assert "revoked on" not in there.get("/stations?lang=en").text
    assert "Token of theirs" in there.get("/settings").text
    assert "Code of theirs" in there.get("/stations").text


def test_a_form_of_another_organisations_page_does_nothing(place: Street) -> None:
    """Who belongs to two may have chosen the other one in another tab, since the page was shown."""
    person, ours = place.person(A), place.ours.values()
    other = str(place.theirs.number)
    count = 0
    for route, (methods, who) in WALLED.items():
        if "GET" in methods and A in who and not route.startswith(("api", "reports", "quarant")):
            text = person.get(asked(route, ours)).text
            own = f'name="shown_organisation" value="{place.ours.number}"'
            assert text.count('method="post"') == text.count(own), route
            count += text.count(own)
        if "POST" in methods and A in who and KEEPER not in who:
            path = asked(route, ours) + "?lang=en"
            answer = person.post(path, shown_organisation=other, name="Moved")
            assert answer.status_code == 422, route
            assert "of another organisation than" in answer.text, route
            count += 1
    assert count >= 30


def test_an_account_is_erased_by_who_types_its_address_and_shows_who_asks(place: Street) -> None:
    person, path = place.person(A), f"/people/{place.ours.people[T]}"
    for typed in ("", "auditor@ours.example"):
        answer = person.post(f"{path}/erase?lang=en", email=typed)
        assert (answer.status_code, "email_wrong" in answer.text) == (200, True)
    answer = person.post(f"{path}/erase", email="Technician@ours.example")
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/account/reauthenticate/")
    assert "technician@ours.example" in person.get(path).text


@pytest.mark.parametrize("role", [A, T, D, B, KEEPER])
def test_each_page_shows_its_own_organisation_alone(place: Street, role: Role | None) -> None:
    person = place.person(role)
    for route, (methods, who) in WALLED.items():
        if role in who and "GET" in methods:
            path = asked(route, place.ours.values())
            text = person.get(path + ("" if "pdf" in path or "json" in path else "?lang=en")).text
            shown = [word for word in place.theirs.words[1:] if word in text]
            assert shown == [], route
            assert "of theirs" not in text or route.startswith("instance"), route
    for word in place.theirs.words[1:]:
        found = person.get(f"/?q={word}").text
        assert f'href="/reports/{place.theirs.report_id}' not in found


@pytest.mark.parametrize("role", [A, KEEPER])
def test_no_write_is_done_for_another_site(place: Street, role: Role | None) -> None:
    person = place.person(role)
    person.post("/me/organisation", organisation="0")  # has its token now, which is not sent
    count = 0
    for route, (methods, who) in MAY.items():
        if "POST" in methods and (role in who or who == PUBLIC):
            path = asked(route, {**place.ours.values(), "secret": place.ours.secret})
            answer = person.post(path, forged=True, name="Forged", password="x" * 20)
            assert answer.status_code == 403, route
            count += 1
    assert count >= 5
    assert "Forged" not in place.person(A).get("/settings").text


def test_strangers_get_what_is_for_everybody(place: Street) -> None:
    for house in (place.ours, place.theirs):
        answer = place.server.asked_by_a_stranger(f"/api/v1/stations/{house.station.kid}/key.pem")
        assert answer.content == house.station.public_pem()
        assert place.server.asked_by_a_stranger(f"/join/{house.secret}").status_code == 200
    assert place.server.asked_by_a_stranger("/api/v1/stations/none/key.pem").status_code == 404


def test_a_token_opens_what_it_is_for(place: Street) -> None:
    def asks(path: str, said: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {said}", "Accept": "application/json"}
        return place.server.asked_by_a_stranger(path, **headers)

    report = f"/api/v1/reports/{place.ours.report_id}"
    assert asks(report, place.ours.said).status_code == 200
    assert asks(report, place.theirs.said).status_code == 404
    assert asks(report, place.ours.said + "x").status_code == 401
    assert asks(report, "").status_code == 401
    assert asks("/stations", place.ours.said).status_code == 403  # of reports alone
    assert asks("/settings", place.ours.said).status_code == 403
    assert asks("/instance", place.ours.said).status_code == 302


def test_postgresql_guards_the_rows_a_second_time(place: Street) -> None:
    """Whoever forgets the scope in a query, or gets SQL in, sees one organisation all the same."""
    if "postgresql" not in str(place.server.database):
        pytest.skip("SQLite has no row security")
    from reprise.server.quarantine.models import Letter, Shelf
    from reprise.server.reports.models import Drive, Pc, Report
    from reprise.server.retention.models import Period
    from reprise.server.stations.models import Station

    tables = (Station, Pc, Report, Drive, Shelf, Letter, Period)
    open_database(str(place.server.database))
    for house in (place.ours, place.theirs):
        choose(of_command(house.number), {"tokens": 40}, {"tokens": 9})
    assert rows_are_guarded()
    every = [table.objects.count() for table in tables]
    close_database()
    see_nothing_unasked()
    try:
        assert [table.objects.count() for table in tables] == [0] * 7
        seen = []
        for house in (place.ours, place.theirs):
            with within(house.number):
                seen.append([table.objects.count() for table in tables])
                assert [row.kid for row in Station.objects.all()] == [house.station.kid]
                moved = Pc.objects.update(organisation_id=house.number)
                assert moved == 1
        assert [sum(pair) for pair in zip(*seen, strict=True)] == every
        assert min(map(min, seen)) > 0
    finally:
        close_database()
        from reprise.server import database

        database._unasked[:] = [database.EVERY]
