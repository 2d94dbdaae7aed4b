"""What stations say of themselves, each message signed with the station's own key."""

from __future__ import annotations

from typing import TypeVar

from reprise import codec
from reprise.domain.station.enrolment import (
    ANSWER,
    HELLO,
    MOST_TEXT,
    REQUEST,
    EnrolmentAnswer,
    EnrolmentRequest,
    Hello,
)
from reprise.errors import InputError
from reprise.server.identity.services import server_key
from reprise.server.people.organisations import name_of
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.reports.signatures import (
    Envelope,
    SignatureFaultError,
    check_signature,
    parse_envelope,
)
from reprise.server.reports.strictjson import NotStrictError, strict_object
from reprise.server.settings import in_force
from reprise.server.stations.keys import read_public_key
from reprise.server.stations.services import Station

ANSWER_FILE = "reprise-answer.jws"  # what a station is handed, where it has no network
_MOST_BYTES = 8 * 1024
_MOST_COUNT = 10**9
T = TypeVar("T")


def read_request(body: bytes) -> tuple[EnrolmentRequest, str, str]:
    """(request, kid, public PEM): the key that it brings has signed it. Raises ProblemError."""
    envelope = _envelope(body, REQUEST)
    request = _content(envelope.payload, EnrolmentRequest)
    try:
        kid, pem = read_public_key(codec.to_json(request.key))
    except InputError as error:
        raise ProblemError(ProblemKind.BAD_MESSAGE) from error
    if kid != envelope.kid:
        raise ProblemError(ProblemKind.BAD_MESSAGE)
    _check(envelope, pem)
    return request, kid, pem


def hello_sender(body: bytes) -> str:
    """The kid that it names. Raises ProblemError."""
    return _envelope(body, HELLO).kid


def read_hello(body: bytes, station: Station) -> Hello:
    """Raises ProblemError."""
    envelope = _envelope(body, HELLO)
    _check(envelope, station.public_pem)
    hello = _content(envelope.payload, Hello)
    counted = all(0 <= count <= _MOST_COUNT for count in (hello.waiting, hello.refused))
    if not (counted and hello.version.isprintable() and hello.image_version.isprintable()):
        raise ProblemError(ProblemKind.BAD_MESSAGE)
    return hello


def answer(station: Station) -> bytes:
    """What an enrolled station is told, signed with the server's key. Raises StorageError."""
    key = server_key()
    told = EnrolmentAnswer(
        kid=station.kid,
        name=station.name,
        organisation=name_of(station.organisation),
        server_key=key.public,
        url=in_force().public_url,
        enrolled_at=station.enrolled_at.isoformat() if station.enrolled_at else "",
        valid_until=station.valid_until.isoformat() if station.valid_until else None,
    )
    return key.sign(codec.to_json(told), ANSWER)


def _envelope(body: bytes, kind: str) -> Envelope:
    if len(body) > _MOST_BYTES:
        raise ProblemError(ProblemKind.BAD_MESSAGE)
    try:
        return parse_envelope(body.strip(), kind)
    except SignatureFaultError as error:
        raise ProblemError(ProblemKind.BAD_MESSAGE) from error


def _check(envelope: Envelope, public_pem: str) -> None:
    try:
        check_signature(envelope, public_pem)
    except SignatureFaultError as error:
        raise ProblemError(ProblemKind.BAD_MESSAGE) from error


def _content(payload: bytes, kind: type[T]) -> T:
    try:
        plain = strict_object(payload)
        if any(isinstance(text, str) and len(text) > MOST_TEXT for text in plain.values()):
            raise ProblemError(ProblemKind.BAD_MESSAGE)
        return codec.from_builtins(plain, kind)
    except (NotStrictError, InputError) as error:
        raise ProblemError(ProblemKind.BAD_MESSAGE) from error
