"""What was tried on the server from outside, and does not work."""

from __future__ import annotations

import secrets
import socket
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from reprise import codec
from reprise.adapters.signing.jws import Ed25519Signer, generate_signer
from reprise.domain.report.report import Report
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.problems import ProblemError
from reprise.server.reports.archive import find_report
from reprise.server.reports.intake import answer_of
from reprise.server.reports.storing import Checked, Put, put_all
from reprise.server.stations.services import enroll, revoke, set_end
from server.kit import Running, enrolled, fresh, refused, serving, signed, with_header
from server.pages import stored
from server.taking import OURS

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def other(place: Path, server: Running) -> Ed25519Signer:
    return enrolled(server.database, place / "other", "Another")


def found(server: Running, query: str) -> str:
    return server.get(f"/?lang=en&q={query}").text


@pytest.mark.parametrize("same_pc", [True, False])
def test_no_station_silences_another_by_the_number_of_its_session(
    server: Running, station: Ed25519Signer, other: Ed25519Signer, same_pc: bool
) -> None:
    """The number stands in every report that a stranger may read."""
    own = fresh(serial=uuid.uuid4().hex)
    left = replace(own, report_id=str(uuid.uuid4()), left_of=own.report_id)
    stored(server, station, left)
    forged = fresh(serial=own.inventory.machine.serial if same_pc else "OTHER-PC")
    if same_pc:
        forged = replace(forged, inventory=own.inventory)
    stored(server, other, replace(forged, session_id=own.session_id))
    if not same_pc:
        assert left.report_id in found(server, str(own.inventory.machine.serial))
    stored(server, station, own)
    page = found(server, str(own.inventory.machine.serial))
    assert own.report_id in page
    assert left.report_id not in page


def raw(server: Running, data: bytes) -> bytes:
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as line:
        line.sendall(data)
        return line.recv(200)


def test_no_header_chooses_the_page(server: Running, station: Ed25519Signer) -> None:
    report_id = stored(server, station, fresh())
    for path, told in (
        (f"/static/reports/{report_id}", "/static"),
        (f"/foo/reports/{report_id}", "/foo"),
    ):
        for name in ("SCRIPT_NAME", "SCRIPT-NAME", "Script_Name", "PATH_INFO"):
            answer = server.get(path, **{name: told})
            assert answer.status_code == 404, name
    contradicting = {"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "off"}
    assert server.get("/", **contradicting).status_code == 200


def test_a_request_of_an_old_program_is_answered(server: Running) -> None:
    assert raw(server, b"GET /healthz HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200")
    assert raw(server, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 302")


def test_a_very_long_question_is_one(server: Running) -> None:
    answer = server.get("/?" + "a=1&" * 3000 + "q=zzz", Accept="text/html")
    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["PUT", "TRACE", "CONNECT", "OPTIONS"])
def test_pages_know_few_methods(server: Running, method: str) -> None:
    for path in ("/", "/reports/x", "/healthz/x"):
        answer = requests.request(method, server.url + path, data=b"x" * 100_000, timeout=30)
        refused(answer, 405, "method-not-allowed")
        assert answer.headers["allow"] == "GET, HEAD, POST, PATCH, DELETE"


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_no_page_takes_more_than_a_form(server: Running, method: str) -> None:
    for path in ("/", "/people", "/set-up/x"):
        answer = requests.request(method, server.url + path, data=b"x" * 100_000, timeout=30)
        refused(answer, 413, "too-large")
        answer = requests.request(method, server.url + path, data=b"x" * 1000, timeout=30)
        refused(answer, 403, "forged")


@pytest.mark.parametrize("kid", ["a\x00", "../x", "é", "a b", "k" * 65])
def test_the_name_of_a_key_that_can_be_none(
    server: Running, station: Ed25519Signer, kid: str
) -> None:
    report = fresh()
    body = with_header(station, codec.to_json(report), {"alg": "EdDSA", "kid": kid})
    refused(server.put(report.report_id, body), 403, "unknown-key")


def long_texts() -> Report:
    report = fresh()
    drive = replace(report.drives[0].identity, serial=secrets.token_hex(2000))
    drives = (replace(report.drives[0], identity=drive), *report.drives[1:])
    return replace(report, drives=drives, session_id=secrets.token_hex(2000))


def test_long_texts_keep_nobody_out(server: Running, station: Ed25519Signer) -> None:
    """PostgreSQL takes no long text into an index."""
    report_id = stored(server, station, long_texts())
    assert server.get(f"/reports/{report_id}").status_code == 200


def test_a_key_that_is_revoked_while_its_report_comes_stores_nothing(tmp_path: Path) -> None:
    signer, report = generate_signer(), fresh()
    open_database(str(tmp_path / "reprise.db"))
    enroll(OURS, "Gone", signer.public_pem().decode(), signer.kid)
    revoke(OURS, signer.kid)
    ((put, _stored),) = put_all([Checked(report, signed(signer, report), signer.kid)])
    kept = find_report(OURS, report.report_id)
    close_database()
    assert (put, kept) == (Put.REVOKED, None)


def test_of_a_key_that_ends_while_its_report_comes_just_that_is_said(tmp_path: Path) -> None:
    signer, report = generate_signer(), fresh()
    open_database(str(tmp_path / "reprise.db"))
    enroll(OURS, "Ended", signer.public_pem().decode(), signer.kid)
    set_end(OURS, signer.kid, datetime.now(UTC))
    put, stored = put_all([Checked(report, signed(signer, report), signer.kid)])[0]
    with pytest.raises(ProblemError, match="ended-key"):
        answer_of(put, stored)
    revoke(OURS, signer.kid)
    ((put, _stored),) = put_all([Checked(report, signed(signer, report), signer.kid)])
    kept = find_report(OURS, report.report_id)
    close_database()
    assert (put, kept) == (Put.REVOKED, None)


@pytest.mark.parametrize("how", ["removed", "replaced"])
def test_nothing_is_taken_into_a_file_that_nobody_finds_again(tmp_path: Path, how: str) -> None:
    database = tmp_path / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    copy = tmp_path / "copy"
    with serving(database) as server:
        stored(server, station, fresh())
        copy.write_bytes(database.read_bytes())
        database.unlink() if how == "removed" else copy.rename(database)
        report = fresh()
        refused(server.put(report.report_id, signed(station, report)), 503, "storage")
        refused(server.get("/healthz"), 503, "storage")
