"""What a link or a token holds, and what the database keeps of it."""

from __future__ import annotations

import hashlib
import secrets

_BYTES = 24


def new_secret() -> tuple[str, str]:
    """(what the person gets, what is kept): who reads the database cannot use it."""
    secret = secrets.token_urlsafe(_BYTES)
    return secret, digest_of(secret)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
