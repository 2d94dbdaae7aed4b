"""A system's log, and what must not leave the PC with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

REMOVED = "***"
_SHORTEST = 4  # characters of a secret that is looked for by itself: a shorter one stands in words

# `password=…`, `psk: "…"`, `reprise.install.password=…`; the value ends with its quote or the word.
_NAMED = re.compile(
    r"""(?ix) ( [\w.-]* (?:password|passwd|passphrase|psk|secret|wep-key|psid|token) [\w.-]*
        ["']? \s* [=:] \s* ) ( "[^"]*" | '[^']*' | \S+ )"""
)
_IN_ADDRESS = re.compile(r"(?i)([a-z][a-z0-9+.-]*://)[^\s/@]*@")  # RFC 3986, 3.2.1: userinfo


@dataclass(frozen=True, slots=True)
class LogPage:
    """Lines of a log, oldest first. `cursor`: of the last one; "" where there is none."""

    lines: tuple[str, ...] = ()
    cursor: str = ""


def without_secrets(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without the values of what is called a password, and without `secrets` wherever they
    stand."""
    for secret in sorted(set(secrets), key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, REMOVED)
    return _IN_ADDRESS.sub(rf"\1{REMOVED}@", _NAMED.sub(rf"\1{REMOVED}", text))
