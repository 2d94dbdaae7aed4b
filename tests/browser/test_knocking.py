"""Who begins to log in without end makes no row each time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest
import requests
from django.contrib.sessions.models import Session

from browser.kit import Place, heading, press, token_of
from reprise.server.database import close_database
from reprise.server.opening import open_database

_PASSKEY, _PROVIDER = "/account/2fa/webauthn/login/", "/account/oidc/openid/login/"
_MOST, _MORE = 30, 5  # a minute
_NETWORKS = {_PASSKEY: "2001:db8:0:1", _PROVIDER: "2001:db8:0:2"}  # /64: what one client has


def _sessions(place: Place) -> int:
    open_database(str(place.running.database))
    try:
        return Session.objects.count()
    finally:
        close_database()


@pytest.mark.parametrize("there", _NETWORKS, ids=["passkey", "provider"])
def test_a_log_in_that_is_begun_without_end_is_refused(place: Place, there: str) -> None:
    """By who keeps no cookie, of addresses of one network."""
    page = place.stranger()
    page.goto("/account/login/")
    form, before = token_of(page), _sessions(place)
    csrf = {one["name"]: one["value"] for one in page.context.cookies()}
    found = []
    for number in range(_MOST + _MORE):
        headers = {"X-Forwarded-For": f"{_NETWORKS[there]}::{number:x}", "Origin": place.base}
        headers["Accept"] = "application/json"
        method = "GET" if there == _PASSKEY else "POST"
        data = form if method == "POST" else None
        url = place.running.url + there
        answer = requests.request(method, url, data=data, headers=headers, cookies=csrf, timeout=10)
        found.append(answer.status_code)
    assert found == [200] * _MOST + [429] * _MORE
    assert _sessions(place) - before == _MOST


def test_who_presses_the_button_too_often_reads_why(place: Place) -> None:
    page = place.stranger()
    page.goto("/account/login/")
    for _begun in range(_MOST):
        page.request.get(_PASSKEY, headers={"Accept": "application/json"})
    press(page, "Log in with a passkey")
    heading(page, "Too many attempts")


_WHOLE = {
    "id": "AAAA",
    "rawId": "AAAA",
    "type": "public-key",
    "response": {
        "clientDataJSON": "e30",
        "authenticatorData": "A" * 50,
        "signature": "AAAA",
        "userHandle": "MQ",
    },
    "clientExtensionResults": {},
}
_OTHERS: tuple[object, ...] = (None, "é", 5, [], {})


def _damaged() -> Iterator[object]:
    yield from ([], {}, 5, "x", {"id": "x"})
    for name in _WHOLE:
        yield {key: value for key, value in _WHOLE.items() if key != name}
        yield from ({**_WHOLE, name: other} for other in _OTHERS)
    response = _WHOLE["response"]
    assert isinstance(response, dict)
    for name in response:
        yield {**_WHOLE, "response": {key: response[key] for key in response if key != name}}
        for other in _OTHERS:
            yield {**_WHOLE, "response": {**response, name: other}}
    yield _WHOLE


def test_what_is_no_answer_of_a_key_is_a_wrong_one(place: Place) -> None:
    page = place.stranger()
    page.goto("/account/login/")
    form = token_of(page)
    session, found = requests.Session(), Counter[int]()
    session.cookies.update({one["name"]: one["value"] for one in page.context.cookies()})
    session.headers.update({"Origin": place.base})
    for number, answer in enumerate(_damaged()):
        session.headers["X-Forwarded-For"] = f"2001:db8:1:{number:x}::1"
        url = place.running.url + _PASSKEY
        session.get(url, headers={"Accept": "application/json"}, timeout=10)
        data = {**form, "credential": json.dumps(answer)}
        found[session.post(url, data=data, timeout=10, allow_redirects=False).status_code] += 1
    assert set(found) == {302}  # back to the log-in, which says so
    assert found.total() > 50
