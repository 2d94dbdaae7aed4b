"""What this job wrote for another place: which place was it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from reprise.adapters.surface.keystream import Keystream
from reprise.domain.origins import Piece, Wrapped, candidates
from reprise.domain.pattern import Stream

_LOOK_UP = 4096  # tries between two looks at the stop flag: some milliseconds


def origins(
    stream: Keystream,
    pieces: Sequence[Piece],
    size_bytes: int,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[Wrapped, ...]:
    """Of each piece that was recognised, where it (or a sector of it) was meant for, in their
    order. Seconds of computing for ChaCha20 (see domain.origins); `stopped` ends it early, with
    what was found."""
    if stream.kind is Stream.AES_256_CTR:
        found = dict(_decrypted(stream, pieces, size_bytes))
    else:
        found = _Search(stream, pieces, size_bytes).run(stopped)
    return tuple(found[piece.offset] for piece in pieces if piece.offset in found)


def _decrypted(
    stream: Keystream, pieces: Sequence[Piece], size_bytes: int
) -> Iterator[tuple[int, Wrapped]]:
    for piece in pieces:
        meant_for = stream.address_of(piece.heads[0], size_bytes)
        if meant_for is not None and meant_for != piece.offset:
            yield piece.offset, Wrapped(piece.offset, meant_for)


class _Search:
    def __init__(self, stream: Keystream, pieces: Sequence[Piece], size_bytes: int) -> None:
        self._head_at, self._pieces, self._size = stream.heads(), tuple(pieces), size_bytes
        self._found: dict[int, Wrapped] = {}  # by its piece's offset
        self._table: dict[bytes, tuple[int, int]] = {}  # its piece's offset, its own
        for piece in pieces:
            for number, head in enumerate(piece.heads):
                place = piece.offset + number * piece.sector_bytes
                self._table.setdefault(head, (piece.offset, place))

    def run(self, stopped: Callable[[], bool]) -> dict[int, Wrapped]:
        head_at, get = self._head_at, self._table.get
        for tries, offset in enumerate(candidates(self._pieces, self._size)):
            hit = get(head_at(offset))
            if hit is not None and hit[1] != offset:  # else damaged at its own place
                self._moved(*hit, offset)
                if len(self._found) == len(self._pieces):
                    break
            if tries % _LOOK_UP == 0 and stopped():
                break
        return self._found

    def _moved(self, hit: int, place: int, meant_for: int) -> None:
        """What moved one piece has often moved others by as much."""
        by = meant_for - place
        for piece in self._pieces:
            there = piece.offset + by
            if (
                piece.offset not in self._found
                and 0 <= there < self._size
                and self._head_at(there) == piece.heads[0]
            ):
                self._found[piece.offset] = Wrapped(piece.offset, there)
        self._found.setdefault(hit, Wrapped(place, meant_for))
