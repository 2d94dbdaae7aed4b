"""The codes of an authenticator app: RFC 6238, with SHA-1, six digits, a new one every 30 seconds,
as all apps make them."""

from __future__ import annotations

import base64
import hmac
import struct
import time

_STEP_S = 30


def code_of(secret: str, moment_s: float | None = None) -> str:
    """`secret`: base32, as the server shows it. `moment_s`: of the epoch; None: now."""
    counter = int((time.time() if moment_s is None else moment_s) // _STEP_S)
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", counter), "sha1")
    offset = digest[-1] & 0x0F  # RFC 4226, 5.3
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
