"""A station without a network enrols by files: over HTTP, against a real server process."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from reprise.adapters.enrolment.messages import read_answer
from reprise.adapters.signing.jws import generate_signer
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.people.accounts import add_member, find_user
from reprise.server.people.organisations import make_organisation
from reprise.server.people.scope import Role
from server.enrolling import administrator, handed_in, request_of, sent, taken
from server.kit import Running, fresh, refused, reprise, signed
from server.taking import OURS

pytestmark = pytest.mark.whole


def _is_here(desk: Running, kid: str) -> bool:
    with closing(sqlite3.connect(desk.database, timeout=30)) as raw:
        known = raw.execute("SELECT kid FROM stations_station WHERE kid = ?", (kid,))
        return known.fetchone() is not None


def test_a_station_without_a_network_is_enrolled_by_files(
    desk: Running, browser: requests.Session, tmp_path: Path
) -> None:
    key, other = generate_signer(), generate_signer()
    shown = handed_in(browser, desk, request_of(key, name="Bench of afar"))
    assert key.kid in shown.text
    assert "Bench of afar" in shown.text
    assert not _is_here(desk, key.kid)
    answer = taken(browser, desk, request_of(key))
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    assert read_answer(answer.content).kid == key.kid
    for body in (b"", b"x" * 20_000):
        refused(handed_in(browser, desk, body), 400, "bad-message")
    (tmp_path / "request").write_bytes(request_of(other, name="By hand"))
    words = ("enroll", "--request", str(tmp_path / "request"), "--database", str(desk.database))
    assert "Add --answer FILE" in reprise(*words).stderr
    told = (*words, "--answer", str(tmp_path / "answer"), "--url", "https://reprise.example.org")
    done = reprise(*told)
    assert done.returncode == 0, done.stderr
    welcome = read_answer((tmp_path / "answer").read_bytes())
    assert (welcome.kid, welcome.name) == (other.kid, "By hand")
    assert welcome.url == "https://reprise.example.org"
    assert "is there already" in reprise(*told).stderr  # nothing is written over
    report = fresh()
    assert desk.put(report.report_id, signed(other, report)).status_code == 201


def test_a_station_enrols_where_the_page_said(desk: Running) -> None:
    """In another tab another organisation was chosen since."""
    browser, key = administrator(desk, "both@example.org"), generate_signer()
    open_database(str(desk.database))
    other, user = make_organisation(OURS, "Ressourcerie"), find_user("both@example.org")
    assert user is not None
    add_member(user, other, Role.ADMINISTRATOR)
    close_database()
    organisations = ({"organisation": "1"}, {"organisation": str(other)})
    assert sent(browser, desk, "/me/organisation", data=organisations[0]).status_code == 302
    shown = handed_in(browser, desk, request_of(key)).text
    main = shown[shown.index("<main") :]
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', main))
    assert sent(browser, desk, "/me/organisation", data=organisations[1]).status_code == 302
    late = browser.post(desk.url + "/stations/requests", data=form, timeout=30)
    refused(late, 422, "not-done")
    assert "of another organisation than the one" in late.json()["detail"]
    assert not _is_here(desk, key.kid)
    assert sent(browser, desk, "/me/organisation", data=organisations[0]).status_code == 302
    unsaid = {**form, "shown_organisation": ""}
    refused(browser.post(desk.url + "/stations/requests", data=unsaid), 400, "bad-request")
    assert not _is_here(desk, key.kid)
    assert browser.post(desk.url + "/stations/requests", data=form, timeout=30).ok
    assert _is_here(desk, key.kid)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"code": "BCDF-GHJK-LNPR-STVN"}, 422),  # who listened on its way, or found it
        ({"days": -31}, 422),
        ({"days": 2}, 422),
        ({"made_at": "2026-11-29T10:00:00"}, 400),  # of no zone
        ({"made_at": "0001-01-01T00:00:00+23:00"}, 400),
        ({"made_at": "now"}, 400),
    ],
)
def test_a_request_that_lay_around_is_not_taken(
    desk: Running, browser: requests.Session, wrong: dict[str, Any], status: int
) -> None:
    told = dict(wrong)
    if "days" in told:
        told["made_at"] = (datetime.now(UTC) + timedelta(days=told.pop("days"))).isoformat()
    key = generate_signer()
    body = request_of(key, **told)
    both = (
        handed_in(browser, desk, body),
        sent(browser, desk, "/stations/requests", data={"request": body.decode()}),
    )
    for answer in both:
        refused(answer, status, {422: "not-done", 400: "bad-message"}[status])
    assert not _is_here(desk, key.kid)


def test_a_station_of_another_server_is_told_as_one(
    desk: Running, browser: requests.Session, tmp_path: Path
) -> None:
    mine = desk.asked_by_a_stranger("/api/v1/server-key").json()["x"]
    words = "reports to another server so far"
    for server, moves in (("", False), (mine, False), ("A" * 43, True)):
        key = generate_signer()
        shown = handed_in(browser, desk, request_of(key, server=server)).text
        assert (words in shown) == moves
    (tmp_path / "request").write_bytes(request_of(key, server=server))
    told = ("enroll", "--request", str(tmp_path / "request"), "--answer", str(tmp_path / "answer"))
    done = reprise(*told, "--database", str(desk.database))
    assert (done.returncode, words in done.stderr) == (0, True)
    assert "already, as “Bench 7”" in handed_in(browser, desk, request_of(key)).text
