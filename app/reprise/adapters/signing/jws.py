"""Ed25519 keys and compact JWS (RFC 7515, RFC 8037) over exact bytes.

We write alg "EdDSA": Debian 13's python3-jwcrypto knows no other name. RFC 9864 renames it
"Ed25519", so both are read. The verifier pins the key and the algorithm; a key that a JWS carries
inside itself is never looked at.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cryptography.exceptions import InternalError, InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from reprise.codec import loaded
from reprise.errors import InputError, RepriseError
from reprise.i18n import _

ALGORITHM = "EdDSA"
_ACCEPTED = ("EdDSA", "Ed25519")  # RFC 8037 §3.1, RFC 9864 §2.2
TYPE = "reprise-report+jws"
DEMO_TYPE = "reprise-demo+jws"  # what a demonstration signs is refused before its key is looked for
_MOST_HEADER_BYTES = 4096
# RFC 8410 keys in PEM are a few hundred bytes. An RSA key of 15 KiB takes OpenSSL a minute.
_MAX_KEY_BYTES = 1024
_MAX_JWK_BYTES = 64 * 1024


class SignatureError(RepriseError):
    """The document is not what that key signed."""


class FormatError(SignatureError):
    """The file is not a compact JWS."""


class DemonstrationError(FormatError):
    """It was made by a demonstration: there is nothing to check."""

    def __init__(self) -> None:
        super().__init__(
            _("this comes from a demonstration: no drive was erased, and nothing is proven.")
        )


class WrongKeyError(SignatureError):
    """The document names another key than the one given."""


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64(text: bytes) -> bytes:
    """Strict base64url without padding (RFC 7515 §2)."""
    if len(text) % 4 == 1 or b"=" in text:
        raise ValueError("length")
    data = base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _b64(data).encode() != text:  # the unused bits of the last character must be zero
        raise ValueError("not canonical")
    return data


def thumbprint(key: Ed25519PublicKey) -> str:
    """RFC 7638 thumbprint (SHA-256, base64url) of the key as an OKP JWK: the `kid`."""
    x = _b64(key.public_bytes_raw())
    members = f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'
    return _b64(hashlib.sha256(members.encode()).digest())


class Ed25519Signer:
    """ports.Signer. `kind` is the JWS header's "typ" (RFC 7515, 4.1.9)."""

    def __init__(self, key: Ed25519PrivateKey, kind: str = TYPE) -> None:
        self._key = key
        self._kind = kind
        self._kid = thumbprint(key.public_key())

    @property
    def kid(self) -> str:
        return self._kid

    def sign(self, payload: bytes) -> bytes:
        """A compact JWS whose payload is exactly `payload`."""
        header = {"alg": ALGORITHM, "kid": self._kid, "typ": self._kind}
        head = json.dumps(header, separators=(",", ":")).encode()
        signed = f"{_b64(head)}.{_b64(payload)}".encode()
        return signed + b"." + _b64(self._key.sign(signed)).encode()

    def of_kind(self, kind: str) -> Ed25519Signer:
        """The same key, for messages of this "typ"."""
        return Ed25519Signer(self._key, kind)

    def public_x(self) -> str:
        """The public half as a JWK has it (RFC 8037, 2)."""
        return _b64(self._key.public_key().public_bytes_raw())

    def private_pem(self) -> bytes:
        """PKCS#8, not encrypted: keep it at mode 0600."""
        return self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def public_pem(self) -> bytes:
        return self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


def generate_signer(kind: str = TYPE) -> Ed25519Signer:
    return Ed25519Signer(Ed25519PrivateKey.generate(), kind)


def load_signer(data: bytes, file: str) -> Ed25519Signer:
    """The signer of a private key in PEM. Raises InputError naming `file`."""
    key = _load(data, file)
    if not isinstance(key, Ed25519PrivateKey):
        raise _not_a_key(file, _("it holds a public key; a private key is needed"))
    return Ed25519Signer(key)


def load_public_key(data: bytes, file: str) -> Ed25519PublicKey:
    """From PEM (public or private) or a JWK. Raises InputError naming `file`."""
    key = _load(data, file)
    return key.public_key() if isinstance(key, Ed25519PrivateKey) else key


def named_key(jws: bytes) -> str:
    """The key id that a document's header names; "" where it names none. Nothing is checked."""
    try:
        header = loaded(_unb64(jws.lstrip().partition(b".")[0][:_MOST_HEADER_BYTES]))
    except (ValueError, InputError):
        return ""
    return str(header.get("kid", "")) if isinstance(header, dict) else ""


def split_jws(jws: bytes) -> tuple[dict[str, Any], bytes, bytes, bytes]:
    """(protected header, payload, signature, signed bytes), nothing checked yet but the form.

    Raises FormatError where it is no JWS, SignatureError where it is a damaged one.
    """
    parts = jws.strip().split(b".", 3)
    if len(parts) != 3:
        raise FormatError(_("this file is not a signed report (compact JWS)."))
    try:
        header = loaded(_unb64(parts[0]))
    except (ValueError, InputError) as error:
        raise FormatError(_("this file is not a signed report (compact JWS).")) from error
    if not isinstance(header, dict):
        raise FormatError(_("this file is not a signed report (compact JWS)."))
    try:
        payload, signature = _unb64(parts[1]), _unb64(parts[2])
    except ValueError as error:  # a report, but some of its characters cannot be in one
        raise SignatureError(
            _("bad signature: the report was changed after it was signed.")
        ) from error
    return header, payload, signature, parts[0] + b"." + parts[1]


def key_of_x(x: str) -> Ed25519PublicKey:
    """Of a JWK's `x`. Raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(_unb64(x.encode()))


def verify_jws(jws: bytes, key: Ed25519PublicKey, kind: str = TYPE) -> bytes:
    """The payload's exact bytes, where `key` signed them. `kind`: its header's "typ".

    Raises FormatError, WrongKeyError (the document names another key) or SignatureError.
    """
    header, payload, signature, signed = split_jws(jws)
    if header.get("typ") == DEMO_TYPE:
        raise DemonstrationError
    if header.get("alg") not in _ACCEPTED or "crit" in header or "b64" in header:
        raise FormatError(_("the report is not signed with Ed25519."))
    if header.get("typ", TYPE) != kind:
        raise FormatError(
            _("this is signed, but not as a report: its type is “{kind}”.").format(
                kind=header.get("typ")
            )
        )
    try:
        key.verify(signature, signed)
    except InvalidSignature as error:
        kid = thumbprint(key)
        if header.get("kid") != kid:
            raise WrongKeyError(
                _("wrong key: the report names key {named}, the key given is {kid}.").format(
                    named=header.get("kid"), kid=kid
                ),
                _("Give the public key of the station that made the report."),
            ) from error
        raise SignatureError(
            _("bad signature: the report was changed after it was signed.")
        ) from error
    return payload


def _load(data: bytes, file: str) -> Ed25519PrivateKey | Ed25519PublicKey:
    most = _MAX_JWK_BYTES if data.lstrip().startswith(b"{") else _MAX_KEY_BYTES
    if len(data) > most:
        raise _not_a_key(file, _("the file is too large"))
    try:
        key = _parse(data)
    except _UNREADABLE as error:
        raise _not_a_key(file, _("it holds no readable key")) from error
    if not isinstance(key, Ed25519PrivateKey | Ed25519PublicKey):
        raise _not_a_key(file, _("its key is of another kind than Ed25519"))
    return key


# One flipped bit names an algorithm or a curve that nobody has.
_UNREADABLE = (ValueError, TypeError, InputError, UnsupportedAlgorithm, InternalError)


def _parse(data: bytes) -> object:
    if data.lstrip().startswith(b"{"):
        jwk = loaded(data)
        if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519":
            return None
        return key_of_x(str(jwk.get("x", "")))
    if b"PRIVATE KEY" in data:
        return serialization.load_pem_private_key(data, password=None)
    return serialization.load_pem_public_key(data)


def _not_a_key(file: str, reason: str) -> InputError:
    return InputError(
        _("“{file}” is not a usable key: {reason}.").format(file=file, reason=reason),
        _("Give the station's station.pub.pem."),
    )
