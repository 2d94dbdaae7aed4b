"""Checks a report as a stranger would, with tools that are not ours."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

_JWCRYPTO = """
import sys
from jwcrypto import jwk, jws
key = jwk.JWK.from_pem(open(sys.argv[1], "rb").read())
token = jws.JWS()
token.allowed_algs = ["EdDSA"]
token.deserialize(open(sys.argv[2]).read().strip(), key)
sys.stdout.buffer.write(token.payload)
"""


def verify_with_jwcrypto(jws: Path, public_pem: Path) -> Any:
    """The payload, checked by Debian's python3-jwcrypto. Raises where the signature is wrong."""
    argv = ["/usr/bin/python3", "-I", "-c", _JWCRYPTO, str(public_pem), str(jws)]
    done = subprocess.run(argv, capture_output=True, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr.decode()[-500:])
    return json.loads(done.stdout)


def verify_with_openssl(jws: bytes, public_pem: Path, folder: Path) -> bool:
    """Ed25519 over the two first parts of the JWS, checked by the openssl command."""
    signed, _, signature = jws.strip().rpartition(b".")
    (folder / "signed").write_bytes(signed)
    (folder / "signature").write_bytes(base64.urlsafe_b64decode(signature + b"=="))
    argv = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(public_pem), "-rawin"]
    argv += ["-in", str(folder / "signed"), "-sigfile", str(folder / "signature")]
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0


def regenerate(attempt: Any, offset: int, length: int) -> bytes:
    """What the overwrite stream of a report's attempt holds at `offset`, by `openssl enc` alone.

    Zeros, encrypted: by AES-256-CTR, where the counter block is the first 8 bytes of the job's
    UUID, then the offset in 16-byte blocks; by ChaCha20, where the offset in 64-byte blocks comes
    first, little-endian.
    """
    nonce, iv, cipher = attempt["job_id"].replace("-", "")[:16], "", attempt["stream"]
    if cipher == "chacha20":
        iv = (offset // 64).to_bytes(8, "little").hex() + nonce
    elif cipher == "aes-256-ctr":
        iv = nonce + f"{offset // 16:016x}"
    argv = [
        "openssl",
        "enc",
        f"-{cipher}",
        "-K",
        attempt["job_key"],
        "-iv",
        iv,
        "-nopad",
    ]
    return subprocess.run(argv, input=bytes(length), capture_output=True, check=True).stdout
