"""What a station tells its server of itself, signed with the key that signs its reports."""

from __future__ import annotations

from reprise.adapters.enrolment.joining import Software
from reprise.adapters.enrolment.messages import hello_bytes
from reprise.adapters.signing.jws import load_signer
from reprise.adapters.storage.limits import KEY, MOST_NOTE_BYTES
from reprise.adapters.storage.store import MirroredStore
from reprise.domain.station.enrolment import Hello
from reprise.ports import Clock


def signed_hello(
    where: MirroredStore, clock: Clock, software: Software, waiting: int, refused: int
) -> bytes | None:
    """None where there is no key yet: none is made for this. Raises InputError where it is no
    key."""
    data = where.read(KEY, most=MOST_NOTE_BYTES)
    if data is None:
        return None
    now = clock.read().now.isoformat()
    told = Hello(now, software.version, software.image_version, waiting, refused)
    return hello_bytes(load_signer(data, KEY), told)
