"""The station's own key, in its store."""

from __future__ import annotations

from typing import Protocol

from reprise.adapters.signing.jws import Ed25519Signer, generate_signer, load_signer
from reprise.adapters.storage.limits import KEY, MOST_NOTE_BYTES, PUBLIC_KEY
from reprise.errors import InputError, StorageError
from reprise.i18n import _


class _Files(Protocol):
    def create(self, relative: str, data: bytes, mode: int = 0o644) -> bytes: ...

    def read(self, relative: str, *, sure: bool = False, most: int = -1) -> bytes | None: ...

    def write(self, relative: str, data: bytes, mode: int = 0o644) -> None: ...


def key_file(kid: str) -> str:
    """Where a store keeps the public half of a key that signs: beside the reports, so that it goes
    wherever they go. A stick that has a key of its own takes no other as station.pub.pem."""
    return f"reports/station-{kid}.pub.pem"


def station_signer(store: _Files) -> Ed25519Signer:
    """The store's signer; a new key (mode 0600) where there is none yet.

    Raises StorageError where station.key.pem is there but cannot be read, or its public half alone
    is there, InputError where it is no key: a key is never replaced, as the server knows its public
    half.
    """
    try:
        data = store.read(KEY, sure=True, most=MOST_NOTE_BYTES)
    except StorageError as error:
        raise StorageError(error.what, _not_replaced()) from error
    if data is None and store.read(PUBLIC_KEY, sure=True, most=MOST_NOTE_BYTES) is not None:
        lost = _("{file} is empty or missing beside {other}.")
        raise StorageError(lost.format(file=KEY, other=PUBLIC_KEY), _not_replaced())
    # into memory, too, where it is on the stick alone: that may be pulled
    data = store.create(KEY, data or generate_signer().private_pem(), mode=0o600)
    try:
        signer = load_signer(data, KEY)
    except InputError as error:
        raise InputError(error.what, _not_replaced()) from error
    public = signer.public_pem()
    for name in (PUBLIC_KEY, key_file(signer.kid)):
        if store.read(name, most=MOST_NOTE_BYTES) != public:  # missing or damaged
            store.write(name, public)
        else:
            store.create(name, public)
    return signer


def _not_replaced() -> str:
    return _(
        "The station's key is not replaced, as the server knows no other. Start with another stick,"
        " or put a copy of that file in its place; if there is none, remove station.key.pem and"
        " station.pub.pem: a new key is made, and must be enrolled."
    )
