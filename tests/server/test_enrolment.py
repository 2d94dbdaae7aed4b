"""A station enrols by a code: over HTTP, against a real server process."""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from reprise.adapters.enrolment.messages import read_answer
from reprise.adapters.signing.jws import generate_signer
from reprise.domain.station.enrolment import LETTERS, new_code, read_code
from reprise.server.enrolments.limits import OF_ONE
from server.enrolling import (
    bad_requests,
    code_of,
    enrol,
    hello,
    look,
    request_of,
    sent,
)
from server.kit import Running, fresh, refused, reprise, serving, signed, with_header

pytestmark = pytest.mark.whole


@pytest.fixture(autouse=True)
def _forgotten(desk: Running) -> None:
    """What one test guessed keeps no other out."""
    with closing(sqlite3.connect(desk.database, timeout=30)) as raw, raw:
        raw.execute("DELETE FROM enrolments_wrongcodes")


def _rows(desk: Running, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(desk.database, timeout=30)) as raw, raw:
        return raw.execute(sql, values).fetchall()


def test_a_code_enrols_one_station(desk: Running, browser: requests.Session) -> None:
    code, key = code_of(browser, desk, "Bench 1"), generate_signer()
    assert read_code(code) is not None
    told = look(desk, code).json()
    assert told["name"] == "Bench 1"
    answer = enrol(desk, request_of(key, code))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/jose"
    welcome = read_answer(answer.content)
    assert (welcome.kid, welcome.name) == (key.kid, "Bench 1")  # not as it calls itself
    assert welcome.server_key.x == told["server_key"]["x"]
    public = desk.asked_by_a_stranger("/api/v1/server-key").json()
    assert public["x"] == welcome.server_key.x
    assert "d" not in public
    report = fresh()
    assert desk.put(report.report_id, signed(key, report)).status_code == 201
    page = browser.get(desk.url + "/stations?lang=en", timeout=30).text
    assert key.kid in page
    assert code not in page  # shown once
    audit = browser.get(desk.url + "/audit?lang=en", timeout=30).text
    assert "enrolment code made" in audit
    assert re.search(r"enrolment code no. \d+", audit)
    assert code not in audit


def test_a_lost_answer_is_given_again(desk: Running, browser: requests.Session) -> None:
    code, key = code_of(browser, desk), generate_signer()
    first = enrol(desk, request_of(key, code))
    _rows(desk, "UPDATE enrolments_enrolment SET ends_at = '2020-01-01'")
    again = enrol(desk, request_of(key, code))
    assert (first.status_code, again.status_code) == (200, 200)
    assert read_answer(first.content) == read_answer(again.content)
    assert read_answer(first.content).name == "Bench 7"  # as it calls itself


def test_no_refusal_tells_whether_a_code_exists(desk: Running, browser: requests.Session) -> None:
    used, ended, withdrawn = (code_of(browser, desk) for _ in range(3))
    assert enrol(desk, request_of(generate_signer(), used)).status_code == 200
    number = _rows(desk, "SELECT max(id) FROM enrolments_enrolment")[0][0]
    done = sent(browser, desk, f"/stations/codes/{number}/withdraw")
    assert done.status_code == 302
    _rows(desk, "UPDATE enrolments_enrolment SET ends_at='2020-01-01' WHERE id=?", number - 1)
    unknown, mistyped = new_code(secrets.choice), "BBBB-BBBB-BBBB-BBBC"
    bodies = set()
    for code in (used, ended, withdrawn, unknown, mistyped, ""):
        for answer in (look(desk, code), enrol(desk, request_of(generate_signer(), code))):
            refused(answer, 403, "code-refused")
            told = answer.json()
            told.pop("request_id", None)  # of each request another
            bodies.add(json.dumps(told))
    assert len(bodies) == 1
    assert "enrolment code withdrawn" in browser.get(desk.url + "/audit?lang=en", timeout=30).text


def test_who_guesses_hears_nothing_for_a_while(desk: Running, browser: requests.Session) -> None:
    right = code_of(browser, desk)
    for _ in range(OF_ONE):
        refused(look(desk, new_code(secrets.choice)), 403, "code-refused")
    for answer in (look(desk, right), enrol(desk, request_of(generate_signer(), right))):
        refused(answer, 429, "too-many-codes")
        assert answer.headers["retry-after"] == "600"
    counts = _rows(desk, "SELECT client, count FROM enrolments_wrongcodes")
    assert [count for _client, count in counts] == [OF_ONE, OF_ONE]
    assert not any("127.0.0.1" in str(client) for client, _count in counts)
    _rows(desk, "DELETE FROM enrolments_wrongcodes")
    assert look(desk, right).status_code == 200


def test_all_together_may_guess_so_often(desk: Running, browser: requests.Session) -> None:
    right = code_of(browser, desk)
    look(desk, "")
    _rows(desk, "UPDATE enrolments_wrongcodes SET count = 1000 WHERE client = ''")
    refused(look(desk, right), 429, "too-many-codes")


def test_a_request_shows_that_the_station_holds_the_key(
    desk: Running, browser: requests.Session
) -> None:
    code, key = code_of(browser, desk), generate_signer()
    bodies = bad_requests(key, code)
    for body in bodies:
        refused(enrol(desk, body), 400, "bad-message")
    assert len(bodies) == 16
    refused(look(desk, 7), 400, "bad-message")
    for name in ("", "a\nb", "x" * 101):
        answer = enrol(desk, request_of(key, code, name))
        refused(answer, 422, "not-done")
    assert _rows(desk, "SELECT kid FROM stations_station WHERE kid = ?", key.kid) == []
    assert enrol(desk, request_of(key, code)).status_code == 200  # it was not used up


def test_a_known_key_keeps_its_name_and_its_organisation(
    desk: Running, browser: requests.Session, tmp_path: Path
) -> None:
    key = generate_signer()
    (tmp_path / "key").write_bytes(key.public_pem())
    words = ("enroll", "--name", "Old bench", "--key", str(tmp_path / "key"))
    assert reprise(*words, "--database", str(desk.database)).returncode == 0
    answer = enrol(desk, request_of(key, code_of(browser, desk, "New bench")))
    assert read_answer(answer.content).name == "Old bench"
    _rows(
        desk,
        "INSERT INTO people_organisation (id, name, needs_second_factor, time_zone,"
        " made_at) VALUES (77, 'Elsewhere', 0, 'UTC', '2026-01-01')",
    )
    _rows(desk, "UPDATE stations_station SET organisation_id = 77 WHERE kid = ?", key.kid)
    refused(enrol(desk, request_of(key, code_of(browser, desk))), 409, "key-elsewhere")
    _rows(desk, "UPDATE stations_station SET organisation_id = 1 WHERE kid = ?", key.kid)
    assert sent(browser, desk, f"/stations/{key.kid}/revoke").status_code == 302
    code = code_of(browser, desk)
    refused(enrol(desk, request_of(key, code)), 403, "revoked-key")
    assert enrol(desk, request_of(generate_signer(), code)).status_code == 200  # not used up


def test_an_enrolment_ends_and_is_renewed(desk: Running, browser: requests.Session) -> None:
    key = generate_signer()
    assert enrol(desk, request_of(key, code_of(browser, desk))).status_code == 200
    report = fresh()  # its station is known for a moment from now on, as it was
    assert desk.put(report.report_id, signed(key, report)).status_code == 201
    end = f"/stations/{key.kid}/end"
    assert sent(browser, desk, end, data={"until": "2020-01-01"}).status_code == 302
    report = fresh()
    refused(desk.put(report.report_id, signed(key, report)), 403, "ended-key")
    refused(hello(desk, key), 403, "ended-key")
    page = browser.get(desk.url + "/stations?lang=en", timeout=30).text
    assert "ended on 1\xa0January\xa02020: reports" in page
    assert 'value="2020-01-01"' in page
    assert sent(browser, desk, end, data={"until": "nonsense"}).status_code == 400
    assert sent(browser, desk, end, data={"until": "2999-12-31"}).status_code == 302
    assert desk.put(report.report_id, signed(key, report)).status_code == 201
    assert sent(browser, desk, end, data={"until": ""}).status_code == 302
    assert "valid until" in browser.get(desk.url + "/audit?lang=en", timeout=30).text


def test_what_a_station_says_of_itself_is_shown(desk: Running, browser: requests.Session) -> None:
    key = generate_signer()
    refused(hello(desk, key), 403, "unknown-key")
    assert enrol(desk, request_of(key, code_of(browser, desk, "Talker"))).status_code == 200
    assert hello(desk, key).status_code == 200
    page = browser.get(desk.url + "/stations?lang=en", timeout=30).text
    assert "waiting: 3, refused: 1" in page
    assert "reprise 2026.11" in page
    assert hello(desk, key, 0, 0).status_code == 200
    assert _rows(desk, "SELECT waiting FROM stations_station WHERE kid=?", key.kid) == [(0,)]
    refused(hello(desk, key, waiting=-1), 400, "bad-message")
    refused(hello(desk, key, waiting=10**10), 400, "bad-message")
    stolen = with_header(
        generate_signer(), b"{}", {"alg": "EdDSA", "kid": key.kid, "typ": "reprise-hello+jws"}
    )
    answer = requests.post(desk.url + "/api/v1/stations/hello", data=stolen, timeout=30)
    refused(answer, 400, "bad-message")
    assert sent(browser, desk, f"/stations/{key.kid}/revoke").status_code == 302
    refused(hello(desk, key), 403, "revoked-key")


def test_a_station_is_seen_by_its_reports(desk: Running, browser: requests.Session) -> None:
    """By those that are refused, too, as long as its signature is good."""
    key, other = generate_signer(), generate_signer()
    for one in (key, other):
        assert enrol(desk, request_of(one, code_of(browser, desk))).status_code == 200
    seen = "SELECT seen_at IS NOT NULL FROM stations_station WHERE kid=?"
    assert _rows(desk, seen, key.kid) == [(0,)]
    report = fresh()
    forged = with_header(generate_signer(), b"{}", {"alg": "EdDSA", "kid": key.kid})
    refused(desk.put(report.report_id, forged), 400, "broken-signature")
    assert _rows(desk, seen, key.kid) == [(0,)]
    assert desk.put(report.report_id, signed(key, report)).status_code == 201
    refused(desk.put(report.report_id, signed(other, fresh())), 422, "id-mismatch")
    assert _rows(desk, seen, key.kid) == _rows(desk, seen, other.kid) == [(1,)]


def test_a_code_is_made_from_the_page_with_its_qr_code(
    desk: Running, browser: requests.Session
) -> None:
    answer = sent(browser, desk, "/stations/codes", data={"name": "Atelier"})
    link = re.search(r'id="enrolment-link">([^<]+)<', answer.text)
    assert link is not None
    assert re.fullmatch(rf"{desk.url}/enrol/([{LETTERS}]{{4}}-?){{4}}", link[1])
    assert '<svg aria-hidden="true"' in answer.text
    phone = requests.get(link[1] + "?lang=en", timeout=30)
    assert link[1].rpartition("/")[2] in phone.text
    assert desk.url in phone.text
    assert desk.asked_by_a_stranger("/enrol/BBBB-BBBB-BBBB-BBBC").status_code == 404
    page = browser.get(desk.url + "/stations", timeout=30).text
    assert "Atelier" in page
    bad = sent(browser, desk, "/stations/codes", data={"name": "a\tb\x07"})
    assert 'role="alert"' in bad.text


def test_the_key_of_the_server_stays(tmp_path: Path) -> None:
    database = tmp_path / "reprise.db"
    keys = []
    for _ in range(2):
        with serving(database) as server:
            keys.append(json.loads(server.asked_by_a_stranger("/api/v1/server-key").content))
    assert keys[0] == keys[1]
    assert (keys[0]["kty"], keys[0]["crv"]) == ("OKP", "Ed25519")
