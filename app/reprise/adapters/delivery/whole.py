"""Whether a copy of a report is the report itself: for the choice between two that differ."""

from __future__ import annotations

import re
from collections.abc import Callable

from reprise.adapters.delivery.report_head import read_head
from reprise.adapters.signing.jws import load_public_key, split_jws, verify_jws
from reprise.adapters.signing.station_key import key_file
from reprise.adapters.storage.limits import PUBLIC_KEY
from reprise.errors import RepriseError

_KID = re.compile(r"[A-Za-z0-9_-]{43}")  # RFC 7638, SHA-256


def is_whole(jws: bytes, report_id: str, read: Callable[[str], bytes | None]) -> bool:
    """Of this number, and signed with the key that it names, whose public half `read` gives from
    beside it. A stick of an earlier version may have none: False."""
    try:
        kid = str(split_jws(jws)[0].get("kid"))
    except RepriseError:
        return False
    places = (key_file(kid), PUBLIC_KEY) if _KID.fullmatch(kid) else ()
    signed = any(_is_signed(jws, read(place)) for place in places)
    return signed and read_head(jws).report_id == report_id


def _is_signed(jws: bytes, pem: bytes | None) -> bool:
    if pem is None:
        return False
    try:
        verify_jws(jws, load_public_key(pem, PUBLIC_KEY))
    except RepriseError:
        return False
    return True
