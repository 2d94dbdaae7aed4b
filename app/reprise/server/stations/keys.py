"""The forms that a station's key comes in."""

from __future__ import annotations

import json
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from reprise.errors import InputError
from reprise.i18n import _


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key pair made here; the private half is never stored by the server."""

    kid: str
    private_pem: bytes
    public_pem: bytes


def _public(key: Ed25519PublicKey) -> tuple[str, bytes]:
    pem = key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return str(OKPKey.import_key(pem).thumbprint()), pem


def make_key() -> NewKey:
    """A kid that begins with "-" would read as an option on the command line: not that one."""
    while True:
        private = Ed25519PrivateKey.generate()
        kid, public_pem = _public(private.public_key())
        if not kid.startswith("-"):
            break
    private_pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return NewKey(kid, private_pem, public_pem)


def read_public_key(data: bytes) -> tuple[str, str]:
    """(kid, public PEM) from a PEM public or private key or a JWK. Raises InputError."""
    bad = InputError(
        _("This is not an Ed25519 key."),
        _("Give station.pub.pem from the stick, or a JWK with kty OKP and crv Ed25519."),
    )
    try:
        if data.lstrip().startswith(b"{"):
            raw = OKPKey.import_key(json.loads(data)).public_key
        elif b"PRIVATE KEY" in data:
            raw = serialization.load_pem_private_key(data, password=None).public_key()  # type: ignore[assignment]
        else:
            raw = serialization.load_pem_public_key(data)  # type: ignore[assignment]
    except (JoseError, ValueError, TypeError, KeyError, UnsupportedAlgorithm) as error:
        raise bad from error
    if not isinstance(raw, Ed25519PublicKey):
        raise bad
    kid, pem = _public(raw)
    return kid, pem.decode()
