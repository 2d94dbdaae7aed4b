"""Signatures: exact bytes, one algorithm, one key; a stranger's tool agrees."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws as joserfc_jws
from joserfc.jwk import OKPKey

from reprise.adapters.signing.jws import (
    FormatError,
    SignatureError,
    WrongKeyError,
    generate_signer,
    load_public_key,
    load_signer,
    verify_jws,
)
from reprise.errors import InputError

pytestmark = pytest.mark.processes

PAYLOAD = '{"a":"é","b":1}'.encode()


def _b64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def test_payload_comes_back_byte_for_byte() -> None:
    signer = generate_signer()
    for payload in (PAYLOAD, b"", b"\x00\xff" * 1000):
        assert (
            verify_jws(signer.sign(payload), load_public_key(signer.public_pem(), "k")) == payload
        )


def test_another_library_agrees_on_signature_and_thumbprint() -> None:
    signer = generate_signer()
    key = OKPKey.import_key(signer.public_pem().decode())
    found = joserfc_jws.deserialize_compact(signer.sign(PAYLOAD), key, algorithms=["EdDSA"])
    assert found.payload == PAYLOAD
    assert key.thumbprint() == signer.kid
    assert found.headers()["kid"] == signer.kid
    jwk = json.dumps(key.as_dict(private=False)).encode()
    assert verify_jws(signer.sign(PAYLOAD), load_public_key(jwk, "k.jwk")) == PAYLOAD


def test_openssl_agrees(tmp_path: Path) -> None:
    signer = generate_signer()
    head, payload, signature = signer.sign(PAYLOAD).split(b".")
    (tmp_path / "signed").write_bytes(head + b"." + payload)
    (tmp_path / "sig").write_bytes(base64.urlsafe_b64decode(signature + b"=="))
    (tmp_path / "pub").write_bytes(signer.public_pem())
    argv = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "pub"]
    done = subprocess.run([*argv, "-in", "signed", "-sigfile", "sig"], cwd=tmp_path, check=False)
    assert done.returncode == 0


def test_every_changed_byte_is_found() -> None:
    signer = generate_signer()
    jws = signer.sign(PAYLOAD)
    key = load_public_key(signer.public_pem(), "k")
    for at in range(len(jws)):
        changed = bytearray(jws)
        changed[at] = ord("A") if changed[at] != ord("A") else ord("B")
        with pytest.raises(SignatureError):
            verify_jws(bytes(changed), key)


def test_wrong_key_is_told_from_a_changed_report() -> None:
    signer, other = generate_signer(), generate_signer()
    with pytest.raises(WrongKeyError, match=signer.kid) as caught:
        verify_jws(signer.sign(PAYLOAD), load_public_key(other.public_pem(), "k"))
    assert other.kid in str(caught.value)
    assert caught.value.exit_code == 4


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {}, {"alg": ["EdDSA"]}])
def test_other_algorithms_are_refused(header: dict[str, object]) -> None:
    signer = generate_signer()
    forged = _b64(json.dumps(header).encode()) + b"." + _b64(PAYLOAD) + b"." + _b64(b"x" * 64)
    with pytest.raises(FormatError):
        verify_jws(forged, load_public_key(signer.public_pem(), "k"))


def test_an_embedded_key_is_never_used() -> None:
    mine, stranger = generate_signer(), generate_signer()
    jwk = OKPKey.import_key(stranger.public_pem().decode()).as_dict(private=False)
    head = _b64(json.dumps({"alg": "EdDSA", "kid": mine.kid, "jwk": jwk}).encode())
    signed = head + b"." + _b64(PAYLOAD)
    forged = signed + b"." + _b64(stranger._key.sign(signed))
    with pytest.raises(SignatureError):
        verify_jws(forged, load_public_key(mine.public_pem(), "k"))


@pytest.mark.parametrize(
    "junk", [b"", b"a.b", b"a.b.c.d", b"\xff\xfe", b"e30.e30.!!", b"W10.e30.e30"]
)
def test_not_a_jws(junk: bytes) -> None:
    with pytest.raises(SignatureError):
        verify_jws(junk, load_public_key(generate_signer().public_pem(), "k"))


RSA = (
    rsa.generate_private_key(65537, 2048)
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
)


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"not a key",
        b"{}",
        b"[]",
        b'{"kty":"OKP","crv":"Ed25519","x":"AA"}',
        b'{"kty":"OKP","crv":"X25519","x":"AA"}',
        b'{"kty":"OKP","crv":"Ed25519"}',
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        b"x" * 100_000,
        RSA,
    ],
)
def test_not_a_key(junk: bytes) -> None:
    with pytest.raises(InputError, match=r"name\.pem"):
        load_public_key(junk, "name.pem")


def test_private_key_round_trip_and_public_is_not_private() -> None:
    signer = generate_signer()
    again = load_signer(signer.private_pem(), "k")
    assert again.kid == signer.kid
    assert load_public_key(signer.private_pem(), "k") == load_public_key(signer.public_pem(), "k")
    with pytest.raises(InputError):
        load_signer(signer.public_pem(), "k")


@pytest.mark.parametrize("private", [False, True])
def test_a_key_with_any_bit_flipped_is_read_or_told(private: bool) -> None:
    """An algorithm or a curve that nobody has is no other error: sticks lose bits."""
    signer = generate_signer()
    pem = signer.private_pem() if private else signer.public_pem()
    told = 0
    for at in range(len(pem) * 8):
        flipped = bytearray(pem)
        flipped[at // 8] ^= 1 << at % 8
        try:
            (load_signer if private else load_public_key)(bytes(flipped), "key.pem")
        except InputError as error:
            told += "key.pem" in str(error)
    assert told > 300


def test_a_file_too_large_for_a_key_is_not_tried() -> None:
    """OpenSSL proves the primes of an RSA key first, which takes a minute at 15 KiB."""
    large = b"-----BEGIN PRIVATE KEY-----\n" + b"A" * 1024 + b"\n-----END PRIVATE KEY-----\n"
    with pytest.raises(InputError, match=r"trop gros|trop volumineux"):
        load_public_key(large, "key.pem")
