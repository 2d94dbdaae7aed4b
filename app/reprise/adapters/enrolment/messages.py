"""What a station signs when it joins, and what it is told."""

from __future__ import annotations

from reprise import codec
from reprise.adapters.signing.jws import (
    Ed25519Signer,
    SignatureError,
    key_of_x,
    split_jws,
    thumbprint,
    verify_jws,
)
from reprise.domain.station.enrolment import (
    ANSWER,
    HELLO,
    REQUEST,
    EnrolmentAnswer,
    EnrolmentRequest,
    Hello,
    PublicJwk,
)
from reprise.errors import InputError
from reprise.i18n import _


def request_bytes(signer: Ed25519Signer, asked: EnrolmentRequest) -> bytes:
    return signer.of_kind(REQUEST).sign(codec.to_json(asked))


def hello_bytes(signer: Ed25519Signer, told: Hello) -> bytes:
    return signer.of_kind(HELLO).sign(codec.to_json(told))


def read_answer(jws: bytes) -> EnrolmentAnswer:
    """Signed by the very key that it names: until then the station knew none of this server.
    Raises InputError."""
    try:
        _header, payload, _signature, _signed = split_jws(jws)
        told = codec.from_json(payload, EnrolmentAnswer)
        verify_jws(jws.strip(), key_of_x(told.server_key.x), ANSWER)
    except (SignatureError, InputError, ValueError) as error:
        raise InputError(
            _("This is not a server's answer to a station, or it was changed."),
            _("Take the file that the server wrote, unchanged."),
        ) from error
    return told


def shown_key(key: PublicJwk) -> str:
    """What people compare: the key's RFC 7638 thumbprint. Raises ValueError."""
    return thumbprint(key_of_x(key.x))
