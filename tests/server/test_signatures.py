"""Only an enrolled station's own good signature gets a report in, over real HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from reprise import codec
from reprise.adapters.delivery.uplink import HttpUplink
from reprise.adapters.network.http import Answer
from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.signing.jws import DEMO_TYPE, Ed25519Signer
from reprise.adapters.signing.station_key import key_file
from reprise.domain.report.report import DEMO_SCHEMA
from reprise.settings import ServerSettings
from server.kit import (
    Running,
    b64,
    enrolled,
    fresh,
    nothing_kept,
    refused,
    reprise,
    signed,
    stranger,
    with_header,
)

pytestmark = pytest.mark.whole


def test_unknown_key(server: Running) -> None:
    report = fresh()
    body = signed(stranger(), report)
    refused(server.put(report.report_id, body), 403, "unknown-key")
    nothing_kept(server, report.report_id, body)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_station_is_told_which_file_to_enrol(server: Running, language: str) -> None:
    """In the words that fit on its screen: a stick's station.pub.pem may be another key."""
    report, key = fresh(), stranger()
    body = signed(key, report)
    answer = server.put(report.report_id, body, **{"Accept-Language": language})
    uplink = HttpUplink(ServerSettings(server.url), None, SystemClock())
    came = Answer(answer.status_code, answer.content)
    told = uplink._judge(came, report.report_id, body).detail
    assert key_file(key.kid) in told
    assert "reprise enroll --name" in told
    assert told.endswith(answer.json()["detail"][-10:]), "cut off"


def test_a_name_of_a_key_that_is_none_is_quoted_no_longer_than_one(
    server: Running, station: Ed25519Signer
) -> None:
    report = fresh()
    header = {"alg": "EdDSA", "kid": "k" * 64 + "x" * 900}
    answer = server.put(report.report_id, with_header(station, codec.to_json(report), header))
    assert "station-" + "k" * 64 + ".pub.pem" in answer.json()["detail"]


def test_a_demonstration_is_no_report(server: Running, station: Ed25519Signer) -> None:
    """Refused by the kind of its signature, whoever signed it; and by what it says of itself, even
    where an enrolled station signed that as a report."""
    report = replace(fresh(), schema=DEMO_SCHEMA)
    played = Ed25519Signer(station._key, DEMO_TYPE)
    refused(server.put(report.report_id, signed(played, report)), 400, "wrong-type")
    refused(server.put(report.report_id, signed(station, report)), 422, "not-a-report")
    nothing_kept(server, report.report_id)


def test_revoked_key_stores_nothing_new_but_knows_what_it_took(
    server: Running, place: Path
) -> None:
    gone = enrolled(server.database, place / "gone", "Lost stick")
    before, after = fresh(), fresh()
    body = signed(gone, before)
    assert server.put(before.report_id, body).status_code == 201
    done = reprise("enroll", "--revoke", gone.kid, "--database", str(server.database))
    assert done.returncode == 0
    refused(server.put(after.report_id, signed(gone, after)), 403, "revoked-key")
    nothing_kept(server, after.report_id)
    assert server.put(before.report_id, body).status_code == 200
    page = server.get(f"/reports/{before.report_id}?lang=en").text
    assert "The signature is good." in page
    assert "was revoked" in page


@pytest.mark.parametrize("part", [0, 1, 2])
def test_one_changed_byte(server: Running, station: Ed25519Signer, part: int) -> None:
    report = fresh()
    parts = signed(station, report).split(b".")
    middle = len(parts[part]) // 2
    old = parts[part][middle : middle + 1]
    new = b"A" if old != b"A" else b"B"
    parts[part] = parts[part][:middle] + new + parts[part][middle + 1 :]
    answer = server.put(report.report_id, b".".join(parts))
    assert answer.status_code in (400, 403)
    assert answer.headers["content-type"] == "application/problem+json"
    nothing_kept(server, report.report_id, b".".join(parts))


def test_last_character_of_the_signature_counts_too(
    server: Running, station: Ed25519Signer
) -> None:
    """Its two low bits carry nothing: a careless decoder would take four spellings of it."""
    report = fresh()
    body = signed(station, report)
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for letter in letters:
        other = body[:-1] + bytes([letter])
        if other != body:
            assert server.put(report.report_id, other).status_code == 400
    assert server.put(report.report_id, body).status_code == 201


def test_key_inside_the_message_is_not_looked_at(server: Running, station: Ed25519Signer) -> None:
    report, evil = fresh(), stranger()
    x = b64(evil._key.public_key().public_bytes_raw()).decode()
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": x}
    header = {"alg": "EdDSA", "kid": station.kid, "jwk": jwk, "jku": "http://127.0.0.1:1/"}
    body = with_header(evil, codec.to_json(report), header)
    refused(server.put(report.report_id, body), 400, "broken-signature")
    nothing_kept(server, report.report_id, body)


def test_algorithm_none(server: Running, station: Ed25519Signer) -> None:
    report = fresh()
    head = b64(json.dumps({"alg": "none", "kid": station.kid}).encode())
    body = head + b"." + b64(codec.to_json(report)) + b"."
    refused(server.put(report.report_id, body), 400, "algorithm-refused")
    nothing_kept(server, report.report_id, body)


def test_public_key_used_as_a_shared_secret(server: Running, station: Ed25519Signer) -> None:
    report = fresh()
    head = b64(json.dumps({"alg": "HS256", "kid": station.kid}).encode())
    message = head + b"." + b64(codec.to_json(report))
    for secret in (station.public_pem(), station._key.public_key().public_bytes_raw()):
        mac = hmac.new(secret, message, hashlib.sha256).digest()
        answer = server.put(report.report_id, message + b"." + b64(mac))
        refused(answer, 400, "algorithm-refused")
    # The same bytes under the right name, with a MAC as long as a signature.
    head = b64(json.dumps({"alg": "EdDSA", "kid": station.kid}).encode())
    message = head + b"." + b64(codec.to_json(report))
    mac = hmac.new(station.public_pem(), message, hashlib.sha512).digest()
    answer = server.put(report.report_id, message + b"." + b64(mac))
    refused(answer, 400, "broken-signature")


def test_new_name_of_the_algorithm_is_taken(server: Running, station: Ed25519Signer) -> None:
    report = fresh()
    body = with_header(station, codec.to_json(report), {"alg": "Ed25519", "kid": station.kid})
    assert server.put(report.report_id, body).status_code == 201


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"typ": "JWT"}, "wrong-type"),
        ({"crit": ["exp"], "exp": 1}, "malformed-jws"),
        ({"b64": False}, "malformed-jws"),
        ({"kid": ""}, "malformed-jws"),
        ({"kid": 7}, "malformed-jws"),
        ({"kid": "x' OR '1'='1"}, "unknown-key"),
        ({"alg": ["EdDSA"]}, "algorithm-refused"),
    ],
)
def test_headers_that_are_not_a_stations(
    server: Running, station: Ed25519Signer, more: dict[str, object], kind: str
) -> None:
    report = fresh()
    header = {"alg": "EdDSA", "kid": station.kid, **more}
    body = with_header(station, codec.to_json(report), header)
    refused(server.put(report.report_id, body), 403 if kind == "unknown-key" else 400, kind)
    nothing_kept(server, report.report_id, body)


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"a.b", b"..", b"a.b.c.d", b'{"payload":"","signatures":[]}', b"\xff.\xfe.a"],
)
def test_not_a_jws(server: Running, body: bytes) -> None:
    refused(server.put(str(uuid.uuid4()), body), 400, "malformed-jws")
