"""Which of two copies of a report that differ is the report: by its signature, as a receipt is
unsigned and anything may lie on a stick."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from enum import IntEnum

from reprise.adapters.delivery.report_head import read_head
from reprise.adapters.signing.jws import load_public_key, named_key, thumbprint, verify_jws
from reprise.adapters.signing.station_key import key_file
from reprise.adapters.storage.limits import KEY, PUBLIC_KEY
from reprise.errors import RepriseError

_KID = re.compile(r"[A-Za-z0-9_-]{43}")  # RFC 7638, SHA-256

# Every copy of a small file of the store; one that cannot be read is none.
Keys = Callable[[str], Iterable[bytes]]


class Trust(IntEnum):
    """`BESIDE`: signed with a key whose public half lies there, which anybody may have put; `OWN`:
    with the private key of the store. `NONE` also where its key is not there, as on a stick of an
    earlier version."""

    NONE = 0
    BESIDE = 1
    OWN = 2


class Judge:
    """It remembers, by digests: two large copies that differ are looked at every other second."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._known: dict[tuple[object, ...], Trust] = {}

    def trust(self, jws: bytes, report_id: str) -> Trust:
        keys = self._keys_for(named_key(jws))
        if not keys:
            return Trust.NONE
        seen = (report_id, hashlib.sha256(jws).digest(), keys)
        if seen not in self._known:
            means = next((means for pem, means in keys if _is_signed(jws, pem)), Trust.NONE)
            ours = means is not Trust.NONE and read_head(jws).report_id == report_id
            self._known[seen] = means if ours else Trust.NONE
        return self._known[seen]

    def has_key_of(self, jws: bytes) -> bool:
        """Whether the key that it names lies here: what that has not signed is damaged."""
        kid = named_key(jws)
        return any(_is_named(pem, kid) for pem, _means in self._keys_for(kid))

    def _keys_for(self, kid: str) -> tuple[tuple[bytes, Trust], ...]:
        """What may be the key of that name, and what its signature is worth."""
        if not _KID.fullmatch(kid):
            return ()
        places = ((KEY, Trust.OWN), (key_file(kid), Trust.BESIDE), (PUBLIC_KEY, Trust.BESIDE))
        return tuple((pem, means) for place, means in places for pem in self._keys(place))

    def may_replace(self, kept: bytes | None, jws: bytes, report_id: str) -> bool:
        """Whether `jws` may be written over what is kept: over nothing that is trusted as much."""
        if kept is None:
            return True
        known = self.trust(kept, report_id)
        return known is Trust.NONE or self.trust(jws, report_id) > known


def _is_named(pem: bytes, kid: str) -> bool:
    try:
        return thumbprint(load_public_key(pem, PUBLIC_KEY)) == kid
    except RepriseError:
        return False


def _is_signed(jws: bytes, pem: bytes) -> bool:
    if jws != jws.strip():  # a server takes the exact bytes alone
        return False
    try:
        verify_jws(jws, load_public_key(pem, PUBLIC_KEY))
    except RepriseError:
        return False
    return True
