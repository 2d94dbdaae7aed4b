"""How a station joins a server: the code that a person types, and what the two say to each other.

Each message is a compact JWS of the sender's own key (RFC 7515); its payload is one of the
dataclasses below, as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

# "typ" of the headers: none is taken for another, nor for a report.
REQUEST, ANSWER, HELLO = (
    "reprise-enrolment+jws",
    "reprise-enrolled+jws",
    "reprise-hello+jws",
)
# In the same place on QWERTY, AZERTY and QWERTZ, without shift, and without the vowels that make
# words; a prime number of them, for the check.
LETTERS = "BCDEFGHJKLNPRSTVX"
_COUNT, _GROUP = 16, 4  # the last is the check: 17 to the power of 15 are 61 bits
MOST_TEXT = 200  # characters of any text of a message
_BETWEEN = re.compile(r"[\s\-_.]+")
_LINK_PATH = re.compile(r"(?P<before>.*)/enrol/(?P<code>[^/]+)/?")


# Nobody makes it: for who is to be shown what one looks like.
EXAMPLE = "BCDF-GHJK-LNPR-STVN"


def new_code(choose: Callable[[str], str]) -> str:
    """`choose`: one letter at random."""
    letters = "".join(choose(LETTERS) for _place in range(_COUNT - 1))
    return letters + _check(letters)


def _check(letters: str) -> str:
    """Weighted by place, modulo a prime: no one wrong letter, and no two that changed places, give
    the same (as in ISBN-10)."""
    total = sum(place * LETTERS.index(letter) for place, letter in enumerate(letters, 1))
    return LETTERS[total % len(LETTERS)]


def grouped(code: str) -> str:
    """As people read it: BCDF-GHJK-…"""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def read_code(typed: str) -> str | None:
    """The code itself, however it was written; None: it cannot be one."""
    code = _BETWEEN.sub("", typed).upper()
    good = len(code) == _COUNT and all(letter in LETTERS for letter in code)
    return code if good and _check(code[:-1]) == code[-1] else None


def code_link(address: str, code: str) -> str:
    """What the QR code holds. `address`: of the server, without a slash at its end."""
    return f"{address}/enrol/{grouped(code)}"


def read_link(typed: str) -> tuple[str, str] | None:
    """(the server's address, what stands where the code does) of such a link; None: it is none."""
    text = typed.strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    found = _LINK_PATH.fullmatch(parts.path)
    if not parts.scheme or not parts.netloc or found is None:
        return None
    return f"{parts.scheme}://{parts.netloc}{found['before']}", found["code"]


def as_address(typed: str) -> str:
    """What a person types for https://reprise.example.org, without a slash at its end."""
    text = "".join(typed.split()).rstrip("/")
    return text if not text or "://" in text else f"https://{text}"


@dataclass(frozen=True, slots=True)
class PublicJwk:
    """An Ed25519 key (RFC 8037, 2). `x`: its 32 bytes in base64url."""

    kty: str
    crv: str
    x: str


def public_jwk(x: str) -> PublicJwk:
    return PublicJwk("OKP", "Ed25519", x)


@dataclass(frozen=True, slots=True)
class EnrolmentRequest:
    """Signed by `key`, which shows that the station holds it. `code` "": handed on as a file, and
    taken in by a person of the server. `made_at`: by the station's clock, which may lie. `server`:
    "x" of the key of the server that it reports to so far; "": it knows of none."""

    key: PublicJwk
    name: str
    code: str = ""
    version: str = ""
    image_version: str = ""
    made_at: str = ""
    server: str = ""


@dataclass(frozen=True, slots=True)
class EnrolmentAnswer:
    """Signed by `server_key`. `kid`: of the station that is enrolled. `url`: as the server calls
    itself; "" where it does not know. `valid_until`: ISO 8601; None: without an end."""

    kid: str
    name: str
    organisation: str
    server_key: PublicJwk
    url: str = ""
    enrolled_at: str = ""
    valid_until: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Whose code it is, before the station joins."""

    organisation: str
    server_key: PublicJwk
    url: str = ""
    name: str = ""  # that the station gets; "": it keeps its own


@dataclass(frozen=True, slots=True)
class Hello:
    """What a station says of itself whenever it sends: no evidence, but for whoever looks after
    it. `waiting` and `refused` count reports."""

    at: str
    version: str
    image_version: str
    waiting: int
    refused: int
