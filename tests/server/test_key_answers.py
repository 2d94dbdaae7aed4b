"""What no key says is no error of the server's, however it is broken."""

from __future__ import annotations

import json

import pytest
from allauth.core import context
from django.test import RequestFactory

from reprise.server.people import models
from reprise.server.people.guessing import KeyAloneForm, NewKeyForm
from server.kit import b64

_SAID = b'{"type": "webauthn.get", "challenge": "AAAA", "origin": "http://x"}'
_BROKEN_OFF = b"\x19\x01"  # CBOR: a number of two bytes, of which one is there
_DEEP = b"\x81" * 20_000  # a list of a list of …
_EXTENDED = bytes(32) + b"\x80" + bytes(4)  # authenticator data with extensions to come


def _answer(**response: bytes) -> str:
    said = {name: b64(value).decode() for name, value in response.items()}
    whole = {"clientDataJSON": b64(_SAID).decode(), "signature": "AAAA", "userHandle": "MQ", **said}
    return json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": whole})


@pytest.mark.usefixtures("people_database")
@pytest.mark.parametrize("cbor", [_BROKEN_OFF, _DEEP], ids=["broken off", "deep"])
def test_cbor_that_nobody_reads_is_a_wrong_answer(cbor: bytes) -> None:
    with context.request_context(RequestFactory().post("/")):
        alone = KeyAloneForm({"credential": _answer(authenticatorData=_EXTENDED + cbor)})
        assert alone.errors["credential"]
        said = {"credential": _answer(attestationObject=cbor), "name": "a"}
        new = NewKeyForm(said, user=models.User())
        assert new.errors


@pytest.mark.usefixtures("people_database")
@pytest.mark.parametrize("said", ["[" * 60_000, "1" * 5_000], ids=["lists", "a number"])
def test_nor_is_json_without_end(said: str) -> None:
    with context.request_context(RequestFactory().post("/")):
        assert KeyAloneForm({"credential": said}).errors["credential"]
