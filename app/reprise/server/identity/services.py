"""The server's key: made at its first start, with the database it lives in and its backups."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import OKPKey

from reprise.domain.station.enrolment import PublicJwk, public_jwk
from reprise.errors import StorageError
from reprise.i18n import _
from reprise.server.database import asking
from reprise.server.identity import models

_ALGORITHM = "EdDSA"  # as stations write it: see reports.signatures


@dataclass(frozen=True, slots=True)
class ServerKey:
    """`public`: for whoever checks what it signed."""

    kid: str  # RFC 7638 thumbprint
    public: PublicJwk
    _key: OKPKey

    def sign(self, payload: bytes, kind: str) -> bytes:
        """A compact JWS whose payload is exactly `payload`. `kind`: its header's "typ"."""
        header = {"alg": _ALGORITHM, "kid": self.kid, "typ": kind}
        return jws.serialize_compact(header, payload, self._key, algorithms=[_ALGORITHM]).encode()

    def jwk(self) -> bytes:
        """The public half as JSON (RFC 7517)."""
        named = {"use": "sig", "alg": _ALGORITHM, "kid": self.kid}
        plain = {"kty": self.public.kty, "crv": self.public.crv, "x": self.public.x, **named}
        return json.dumps(plain).encode()


def make_server_key() -> None:
    """Unless there is one. In the caller's transaction."""
    private = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    new = {"private_pem": private.decode(), "made_at": datetime.now(UTC)}
    models.ServerKey.objects.get_or_create(pk=1, defaults=new)


def server_key() -> ServerKey:
    """Raises StorageError where the database has none, or cannot be read."""
    with asking():
        row = models.ServerKey.objects.filter(pk=1).first()
    if row is None:
        raise StorageError(
            _("The database holds no key of this server."), _("Restore its last backup.")
        )
    key = OKPKey.import_key(row.private_pem)
    public = key.as_dict(private=False)
    return ServerKey(key.thumbprint(), public_jwk(str(public["x"])), key)
