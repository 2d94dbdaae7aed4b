"""Codes as an administrator makes them, and stations that use them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import requests

from reprise import codec
from reprise.adapters.enrolment.messages import hello_bytes, request_bytes
from reprise.adapters.signing.jws import Ed25519Signer, generate_signer
from reprise.domain.station.enrolment import REQUEST, EnrolmentRequest, Hello, public_jwk
from server.kit import ADMINISTRATOR, JOSE, Running, session_of, with_header


def administrator(server: Running, email: str = ADMINISTRATOR) -> requests.Session:
    """A browser that is logged in."""
    session = requests.Session()
    session.cookies.set("reprise_session", session_of(server.database, email))
    return session


def sent(browser: requests.Session, server: Running, path: str, **more: Any) -> requests.Response:
    """A form of the page of stations, with what stands hidden in each."""
    text = browser.get(server.url + "/stations?lang=en", timeout=30).text
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
    assert found is not None, text
    own = re.findall(r'name="(shown_organisation)" value="(\d+)"', text)
    data = {**dict(own), **more.pop("data", {}), "csrfmiddlewaretoken": found[1]}
    return browser.post(server.url + path, data=data, timeout=30, allow_redirects=False, **more)


def code_of(browser: requests.Session, server: Running, name: str = "") -> str:
    answer = sent(browser, server, "/stations/codes", data={"name": name})
    assert answer.status_code == 200, answer.text
    found = re.search(r'id="enrolment-code">([^<]+)<', answer.text)
    assert found is not None, answer.text
    return found[1]


def request_of(
    key: Ed25519Signer,
    code: str = "",
    name: str = "Bench 7",
    made_at: str = "",
    server: str = "",
) -> bytes:
    """`made_at`: ""; now."""
    made_at = made_at or datetime.now(UTC).isoformat()
    jwk = public_jwk(key.public_x())
    asked = EnrolmentRequest(jwk, name, code, "0.2", "reprise 2026.11", made_at, server)
    return request_bytes(key, asked)


def handed_in(browser: requests.Session, server: Running, body: bytes) -> requests.Response:
    """The page that shows what a request says."""
    files = {"request": ("request.jws", body, "application/octet-stream")}
    return sent(browser, server, "/stations/requests", files=files)


def taken(
    browser: requests.Session, server: Running, body: bytes, name: str = ""
) -> requests.Response:
    """The answer's file, once a person said yes to that page."""
    shown = handed_in(browser, server, body)
    assert shown.status_code == 200, shown.text
    found = re.search(r'name="request" value="([^"]+)"', shown.text)
    assert found is not None, shown.text
    return sent(browser, server, "/stations/requests", data={"request": found[1], "name": name})


def enrol(server: Running, body: bytes) -> requests.Response:
    return requests.post(f"{server.url}/api/v1/enrolments", data=body, headers=JOSE, timeout=30)


def look(server: Running, code: Any) -> requests.Response:
    return requests.post(f"{server.url}/api/v1/enrolments/look", json={"code": code}, timeout=30)


def hello(
    server: Running,
    key: Ed25519Signer,
    waiting: int = 3,
    refused: int = 1,
    image: str = "reprise 2026.11",
) -> requests.Response:
    told = Hello("2026-11-29T10:00:00Z", "0.2", image, waiting, refused)
    return requests.post(
        f"{server.url}/api/v1/stations/hello",
        data=hello_bytes(key, told),
        headers=JOSE,
        timeout=30,
    )


def bad_requests(key: Ed25519Signer, code: str) -> list[bytes]:
    """No proof that the station holds the key, or no request at all."""
    other = generate_signer()
    asked = EnrolmentRequest(public_jwk(key.public_x()), "Bench", code)
    payload = codec.to_json(asked)
    head = {"alg": "EdDSA", "kid": key.kid, "typ": REQUEST}
    long = EnrolmentRequest(public_jwk(key.public_x()), "B" * 201, code)
    small = EnrolmentRequest(public_jwk("AAAA"), "Bench", code)
    return [
        b"",
        b"{}",
        payload,
        key.sign(payload),  # a report, by its header
        other.of_kind(REQUEST).sign(payload),  # another's signature
        with_header(other, payload, head),  # under this one's name
        with_header(key, payload, {**head, "kid": other.kid}),
        with_header(key, payload, {**head, "alg": "none"}),
        with_header(key, payload, {**head, "crit": ["exp"]}),
        with_header(key, payload, {"alg": "EdDSA", "kid": key.kid}),
        request_bytes(key, asked)[:-4],
        request_bytes(key, long),
        request_bytes(key, small),
        key.of_kind(REQUEST).sign(b'{"code": 1}'),
        key.of_kind(REQUEST).sign(payload[:-1] + b',"name":"twice"}'),
        key.of_kind(REQUEST).sign(payload + b" " * 9000),
    ]
