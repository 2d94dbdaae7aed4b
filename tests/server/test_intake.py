"""Every answer that PUT and GET of a report can give, over real HTTP."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import requests

from reprise import codec
from reprise.adapters.signing.jws import Ed25519Signer
from server.kit import (
    Running,
    fresh,
    kept_aside,
    nothing_kept,
    refused,
    signed,
    stranger,
)
from server.pages import certificate
from unit.domain.pc import samples

pytestmark = pytest.mark.whole


def test_stores_the_exact_bytes_and_says_so_in_a_receipt(
    server: Running, station: Ed25519Signer
) -> None:
    report = fresh()
    body = signed(station, report)
    answer = server.put(report.report_id, body)
    assert answer.status_code == 201
    receipt = answer.json()
    assert set(receipt) == {"report_id", "sha256", "received_at"}
    assert receipt["report_id"] == report.report_id
    assert receipt["sha256"] == hashlib.sha256(body).hexdigest()
    back = server.get(f"/api/v1/reports/{report.report_id}")
    assert back.content == body
    assert back.headers["content-type"] == "application/jose"


def test_same_bytes_again_give_the_same_receipt(server: Running, station: Ed25519Signer) -> None:
    report = fresh()
    body = signed(station, report)
    first, second = server.put(report.report_id, body), server.put(report.report_id, body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


def test_other_bytes_under_the_same_id_change_nothing(
    server: Running, station: Ed25519Signer
) -> None:
    report = fresh()
    body = signed(station, report)
    server.put(report.report_id, body)
    other = replace(report, operator=replace(report.operator, name="someone else"))
    refused(server.put(report.report_id, signed(station, other)), 409, "conflict")
    assert server.get(f"/api/v1/reports/{report.report_id}").content == body


@pytest.mark.parametrize("same", [True, False])
def test_of_simultaneous_reports_exactly_one_is_new(
    server: Running, station: Ed25519Signer, same: bool
) -> None:
    report = fresh()
    bodies = [
        signed(station, report if same else replace(report, session_id=str(uuid.uuid4())))
        for _ in range(8)
    ]
    with ThreadPoolExecutor(8) as pool:
        codes = sorted(
            a.status_code for a in pool.map(lambda b: server.put(report.report_id, b), bodies)
        )
    assert codes == ([200] * 7 + [201] if same else [201] + [409] * 7)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"not JSON",
        lambda text: b"[]",
        lambda text: text.replace(b"reprise-report/1", b"reprise-report/9"),
        lambda text: text.replace(b'"state":"sanitized"', b'"state":"excellent"'),
        lambda text: text.replace(b'"size_bytes":', b'"size_bytes":1e999,"x":'),
        lambda text: text.replace(b'"size_bytes":', b'"size_bytes":99999999999999999999,"x":'),
        lambda text: text.replace(b'"session_s":10158.0', b'"session_s":NaN'),
        lambda text: text.replace(b'"lot":"2026-11"', b'"lot":"2026-11","lot":"2026-12"'),
        lambda text: text.replace(b'"lot":"2026-11"', b'"lot":"\\ud800"'),
        lambda text: text.replace(b'"lot":"2026-11"', b'"lot":"\xff"'),
        lambda text: b"[" * 100_000,
        lambda text: b'{"schema":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    ],
)
def test_signed_but_not_a_report(
    server: Running, station: Ed25519Signer, change: Callable[[bytes], bytes]
) -> None:
    report = fresh()
    text = codec.to_json(report)
    changed = change(text)
    assert changed != text
    body = station.sign(changed)
    refused(server.put(report.report_id, body), 422, "not-a-report")
    nothing_kept(server, report.report_id)
    assert kept_aside(server, body)


def test_address_and_report_must_agree(server: Running, station: Ed25519Signer) -> None:
    report, other = fresh(), str(uuid.uuid4())
    body = signed(station, report)
    refused(server.put(other, body), 422, "id-mismatch")
    nothing_kept(server, other)
    nothing_kept(server, report.report_id)
    assert kept_aside(server, body)


@pytest.mark.parametrize("name", ["1", "not-a-uuid", "A" * 36, "%0AFAKE"])
def test_address_must_be_a_uuid(server: Running, station: Ed25519Signer, name: str) -> None:
    refused(server.put(name, signed(station, fresh())), 400, "bad-id")


def test_upper_case_uuid_is_not_another_report(server: Running, station: Ed25519Signer) -> None:
    report = fresh()
    refused(server.put(report.report_id.upper(), signed(station, report)), 400, "bad-id")


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/jose+json", ""])
def test_other_media_types(server: Running, station: Ed25519Signer, kind: str) -> None:
    report = fresh()
    answer = server.put(report.report_id, signed(station, report), **{"Content-Type": kind})
    refused(answer, 415, "wrong-media-type")


def test_compressed_bodies(server: Running, station: Ed25519Signer) -> None:
    report = fresh()
    answer = server.put(report.report_id, signed(station, report), **{"Content-Encoding": "gzip"})
    refused(answer, 415, "wrong-media-type")


def test_large_reports_are_reports_too(server: Running, station: Ed25519Signer) -> None:
    """More than the 128 kB that a JOSE library may take for granted."""
    report = fresh(samples.many_report(60))
    body = signed(station, report)
    assert 140_000 < len(body) < 200_000
    assert server.put(report.report_id, body).status_code == 201
    assert server.get(f"/api/v1/reports/{report.report_id}").content == body


@pytest.mark.parametrize("chunked", [False, True])
def test_too_large(server: Running, station: Ed25519Signer, chunked: bool) -> None:
    report = fresh()
    many = tuple(replace(report.drives[0], node=f"/dev/sd{n}") for n in range(200))
    body = signed(station, replace(report, drives=many))
    assert len(body) > 200_000
    answer = server.put(report.report_id, iter([body[:1000], body[1000:]]) if chunked else body)
    refused(answer, 413, "too-large")
    nothing_kept(server, report.report_id, body)


def test_far_too_large_is_refused_before_it_is_read(server: Running) -> None:
    """A length of 1 TiB is answered at once: nobody waits for the bytes."""
    import socket
    from urllib.parse import urlsplit

    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as sock:
        sock.sendall(
            f"PUT /api/v1/reports/{uuid.uuid4()} HTTP/1.1\r\nHost: x\r\n"
            "Content-Type: application/jose\r\nContent-Length: 1099511627776\r\n\r\n".encode()
        )
        assert sock.recv(100).startswith(b"HTTP/1.1 413")


def test_problems_speak_the_readers_language(server: Running, station: Ed25519Signer) -> None:
    report = fresh()
    body = signed(stranger(), report)
    french = server.put(report.report_id, body).json()
    english = server.put(report.report_id, body, **{"Accept-Language": "de, en;q=0.5"}).json()
    assert french["title"] == "Cette station n’est pas inscrite ici"
    assert english["title"] == "This station is not enrolled here"


def test_refusal_leaves_one_log_line(server: Running) -> None:
    report, who = fresh(), stranger()
    server.put(report.report_id, signed(who, report))
    lines = [line for line in server.log.read_text().splitlines() if report.report_id in line]
    assert len(lines) == 1
    assert "unknown-key" in lines[0]
    assert who.kid in lines[0]


def test_what_is_not_there(server: Running) -> None:
    refused(server.get(f"/api/v1/reports/{uuid.uuid4()}"), 404, "not-found")
    refused(server.get("/api/v1/nothing"), 404, "not-found")
    answer = requests.post(f"{server.url}/api/v1/reports/{uuid.uuid4()}", timeout=60)
    refused(answer, 405, "method-not-allowed")
    assert "PUT" in answer.headers["allow"]


def test_health(server: Running) -> None:
    assert server.get("/healthz").json() == {"status": "ok"}


def test_every_sample_report_is_taken_and_shown(server: Running, station: Ed25519Signer) -> None:
    for make in (samples.good_report, samples.bad_report, samples.many_report,
                 samples.empty_report, samples.bare_report):  # fmt: skip
        report = fresh(make())
        assert server.put(report.report_id, signed(station, report)).status_code == 201
        for lang in ("fr", "en"):
            assert server.get(f"/reports/{report.report_id}?lang={lang}").status_code == 200
            assert certificate(server, report.report_id, lang)
