"""Checking a station's signature on exact bytes (JWS compact, RFC 7515; Ed25519, RFC 8037).

The algorithm is pinned and the key is the one enrolled under `kid`. Keys that a message carries
about itself (jwk, jku, x5c, x5u) are never looked at. Base64url must be the canonical spelling:
no two byte strings are then the same message, and no changed character goes unnoticed.
"""

from __future__ import annotations

import base64
import binascii
import re
import warnings
from dataclasses import dataclass
from enum import StrEnum

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from reprise.server.demo.mark import is_demonstration
from reprise.server.reports.strictjson import NotStrictError, strict_object

# RFC 9864 renames EdDSA with Ed25519 to "Ed25519"; stations still write EdDSA, which Debian 13's
# JOSE tools can read. Both mean the same signature here: the key is always an Ed25519 key.
ALGORITHMS = ("EdDSA", "Ed25519")
TYPE = "reprise-report+jws"
DEMO_TYPE = "reprise-demo+jws"  # of a server that is a demonstration itself: no others
_PART = re.compile(rb"[A-Za-z0-9_-]+\Z")
_SIGNATURE_BYTES = 64  # RFC 8032, 5.1.6

warnings.filterwarnings("ignore", message="EdDSA is deprecated")


class _Registry(jws.JWSRegistry):
    """joserfc takes payloads up to 128 kB by default; a PC with many drives needs more. The size
    of a report is limited once, where it comes in (ServerSettings.max_body_bytes)."""

    max_payload_length = 2**31
    max_header_length = 64 * 1024


_REGISTRY = _Registry(algorithms=list(ALGORITHMS), strict_check_header=False)


class Fault(StrEnum):
    MALFORMED = "malformed-jws"
    ALGORITHM = "algorithm-refused"
    TYPE = "wrong-type"
    SIGNATURE = "broken-signature"


class SignatureFaultError(Exception):
    """These bytes are not a signed report. `fault` says in which way."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Envelope:
    """A JWS taken apart; nothing in it is to be believed before `check_signature`."""

    kid: str
    algorithm: str
    payload: bytes
    token: bytes


def _decoded(part: bytes) -> bytes:
    if not _PART.match(part):
        raise SignatureFaultError(Fault.MALFORMED)
    try:
        data = base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except (binascii.Error, ValueError) as error:
        raise SignatureFaultError(Fault.MALFORMED) from error
    if base64.urlsafe_b64encode(data).rstrip(b"=") != part:
        raise SignatureFaultError(Fault.MALFORMED)
    return data


def _header(part: bytes, kind: str) -> tuple[str, str]:
    """(kid, algorithm). Raises SignatureFaultError."""
    try:
        header = strict_object(_decoded(part))
    except NotStrictError as error:
        raise SignatureFaultError(Fault.MALFORMED) from error
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise SignatureFaultError(Fault.ALGORITHM)
    # RFC 7515, 4.1.11: who does not understand a critical extension must refuse the message.
    if "crit" in header or "b64" in header or not isinstance(kid, str) or not kid:
        raise SignatureFaultError(Fault.MALFORMED)
    if header.get("typ", TYPE) != kind:
        raise SignatureFaultError(Fault.TYPE)
    return kid, str(algorithm)


def _report_type() -> str:
    return DEMO_TYPE if is_demonstration() else TYPE


def named_key(head: bytes) -> str:
    """The kid that a report's header names. Raises SignatureFaultError."""
    return _header(head, _report_type())[0]


def parse_envelope(token: bytes, kind: str = "") -> Envelope:
    """Take a compact JWS apart, strictly. `kind`: what its header's "typ" must be; "": that of a
    report. Raises SignatureFaultError."""
    parts = token.split(b".")
    if len(parts) != 3 or not all(parts[:2]):
        raise SignatureFaultError(Fault.MALFORMED)
    kid, algorithm = _header(parts[0], kind or _report_type())
    if len(_decoded(parts[2])) != _SIGNATURE_BYTES:
        raise SignatureFaultError(Fault.SIGNATURE)
    return Envelope(kid, algorithm, _decoded(parts[1]), token)


def check_signature(envelope: Envelope, public_pem: str) -> None:
    """Raises SignatureFaultError(SIGNATURE) unless the enrolled key signed these very bytes."""
    try:
        key = OKPKey.import_key(public_pem)
        checked = jws.deserialize_compact(envelope.token, key, registry=_REGISTRY)
    except (JoseError, ValueError) as error:
        raise SignatureFaultError(Fault.SIGNATURE) from error
    if checked.payload != envelope.payload:
        raise SignatureFaultError(Fault.SIGNATURE)


def is_good(token: bytes, kid: str, public_pem: str) -> bool:
    """Whether stored bytes still carry a good signature of this key."""
    try:
        envelope = parse_envelope(token)
        check_signature(envelope, public_pem)
    except SignatureFaultError:
        return False
    return envelope.kid == kid
