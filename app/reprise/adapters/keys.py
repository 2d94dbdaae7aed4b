"""The station's own key, in its store."""

from __future__ import annotations

from typing import Protocol

from reprise.adapters.signing import Ed25519Signer, generate_signer, load_signer
from reprise.adapters.store import KEY, PUBLIC_KEY


class _Files(Protocol):
    def create(self, relative: str, data: bytes, mode: int = 0o644) -> bytes: ...

    def read(self, relative: str, *, stick_first: bool = False) -> bytes | None: ...

    def write(self, relative: str, data: bytes, mode: int = 0o644) -> None: ...


def key_file(kid: str) -> str:
    """Where a store keeps the public half of a key that signs: beside the reports, so that it goes
    wherever they go. A stick that has a key of its own takes no other as station.pub.pem."""
    return f"reports/station-{kid}.pub.pem"


def station_signer(store: _Files) -> Ed25519Signer:
    """The store's signer; a new key (mode 0600) where there is none yet.

    Raises InputError where station.key.pem is there but is no key: a key is never replaced, as
    the server knows its public half.
    """
    data = store.read(KEY)
    if data is None:
        data = store.create(KEY, generate_signer().private_pem(), mode=0o600)
    else:
        store.create(KEY, data, mode=0o600)  # into memory too: the stick may be pulled
    signer = load_signer(data, KEY)
    public = signer.public_pem()
    for name in (PUBLIC_KEY, key_file(signer.kid)):
        if store.create(name, public) != public:  # damaged
            store.write(name, public)
    return signer
