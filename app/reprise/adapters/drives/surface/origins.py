"""What this job wrote for another place: which place was it?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from reprise.adapters.drives.surface.keystream import Keystream
from reprise.domain.erasure.origins import Piece, Wrapped, giant_steps, likely

_LOOK_UP = 256  # tries between two looks at the stop flag, which let other drives' threads work
_PLACES = 4  # of one head: lost data has the same one everywhere


def origin(stream: Keystream, offset: int, head: bytes, size_bytes: int) -> tuple[Wrapped, ...]:
    """Where a foreign sector of AES-256-CTR with these first bytes was meant for, at once."""
    meant_for = stream.address_of(head, size_bytes)
    if meant_for is None or meant_for == offset:
        return ()
    return (Wrapped(offset, meant_for),)


def search(
    stream: Keystream, pieces: Sequence[Piece], size_bytes: int, stopped: Callable[[], bool]
) -> tuple[Wrapped, ...]:
    """Where each recognised piece of ChaCha20's (or a sector of it) was meant for, in order.
    Seconds of computing and up to 80 MiB, see domain.erasure.origins; where `stopped`, the likely
    addresses are tried all the same, within half a second."""
    wrapped = _Search(stream, pieces, size_bytes).run(stopped)
    return tuple(wrapped[piece.offset] for piece in pieces if piece.offset in wrapped)


class _Search:
    def __init__(self, stream: Keystream, pieces: Sequence[Piece], size_bytes: int) -> None:
        self._head_at, self._pieces, self._size = stream.heads(), tuple(pieces), size_bytes
        self._found: dict[int, Wrapped] = {}  # by its piece's offset
        self._moves: set[int] = set()  # distances that all pieces were tried at
        self._table: dict[bytes, list[tuple[int, int]]] = {}  # its piece's offset, its own
        for piece in pieces:
            for number, head in enumerate(piece.heads):
                places = self._table.setdefault(head, [])
                if len(places) < _PLACES:
                    places.append((piece.offset, piece.offset + number * piece.sector_bytes))

    def run(self, stopped: Callable[[], bool]) -> dict[int, Wrapped]:
        self._try(likely(self._pieces, self._size), lambda: False)
        self._try(giant_steps(self._pieces, self._size), stopped)
        return self._found

    def _try(self, offsets: Iterator[int], stopped: Callable[[], bool]) -> None:
        head_at, get = self._head_at, self._table.get
        for tries, offset in enumerate(offsets):
            if tries % _LOOK_UP == 0:
                if stopped() or len(self._found) == len(self._pieces):
                    return
                time.sleep(0)
            for piece, place in get(head_at(offset), ()):
                if place != offset:  # else damaged at its own place
                    self._moved(piece, place, offset)

    def _moved(self, hit: int, place: int, meant_for: int) -> None:
        """What moved one piece has often moved others by as much."""
        by = meant_for - place
        for piece in self._pieces if by not in self._moves else ():
            there = piece.offset + by
            if (
                piece.offset not in self._found
                and 0 <= there < self._size
                and self._head_at(there) == piece.heads[0]
            ):
                self._found[piece.offset] = Wrapped(piece.offset, there)
        self._moves.add(by)
        self._found.setdefault(hit, Wrapped(place, meant_for))
