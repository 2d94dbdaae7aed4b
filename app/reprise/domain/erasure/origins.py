"""Where may foreign blocks of ChaCha20's stream have been meant for? (The pure part.)

A block of it cannot be turned back into its address, so addresses are tried: the stream's first
bytes there (about a microsecond each) are looked up among the first bytes of all foreign sectors.
Likely ones come first: the neighbourhood, for writes that were shifted by a little; a power of two
away, for an address line that is stuck; the end of the drive. Then giant steps over all of it
(Shanks' "baby-step giant-step"): of a stretch of L bytes that was written for anywhere, one sector
was meant for a multiple of L, so SIZE / L tries find it for certain. A drive that wraps round shows
stretches of megabytes; with MOST_TRIES, one of 2 MiB is found on drives up to 8 TiB, one of 128 KiB
(a single request) up to 512 GiB.

Writes that were shifted by no multiple of the sector are not found, nor is what lost the first 16
bytes of all of its sectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from zlib import crc32

HEAD_BYTES = 16  # of each sector: chance matches one with a probability of 2^-128
MOST_HEADS = 4096  # of one piece: 2 MiB of sectors of 512 bytes
MOST_TRIES = 1 << 22
_NEAR_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch that is not what should stand there: the first HEAD_BYTES of each of its first
    MOST_HEADS sectors."""

    offset: int
    sector_bytes: int
    heads: tuple[bytes, ...]

    @property
    def end(self) -> int:
        """Behind the last sector whose head is known."""
        return self.offset + len(self.heads) * self.sector_bytes


@dataclass(frozen=True, slots=True)
class Wrapped:
    """At `at_bytes` stands what this job wrote for `meant_for_bytes`."""

    at_bytes: int
    meant_for_bytes: int


def of_each_length(pieces: Iterable[Piece], room: int) -> tuple[Piece, ...]:
    """At most `room` of each length (in powers of two); of many alike, some from all over: much
    that was lost must not hide what was moved."""
    by_length: dict[int, list[Piece]] = {}
    for piece in pieces:
        by_length.setdefault(len(piece.heads).bit_length(), []).append(piece)
    return tuple(
        kept for alike in by_length.values() for kept in nlargest(room, alike, key=_anywhere)
    )


def _anywhere(piece: Piece) -> int:
    return crc32(piece.offset.to_bytes(8, "big"))


def likely(pieces: Sequence[Piece], size_bytes: int) -> Iterator[int]:
    """Byte offsets to try first, on a drive of `size_bytes`: 16,000 around a piece of each length.
    Some come twice."""
    for way in (_near(pieces), _powers(pieces), _last(pieces, size_bytes)):
        yield from (offset for offset in way if 0 <= offset < size_bytes)


def giant_steps(pieces: Sequence[Piece], size_bytes: int) -> Iterator[int]:
    """Byte offsets to try then, at most MOST_TRIES, all multiples of the sector."""
    tried = 0
    for number, step in enumerate(_steps(pieces)):
        # of the next smaller step, every other place was tried already
        places = range(step, size_bytes, 2 * step) if number else range(0, size_bytes, step)
        tried += len(places)
        if tried > MOST_TRIES:
            return
        yield from places


def _near(pieces: Sequence[Piece]) -> Iterator[int]:
    """Around one piece of each length, by distance."""
    for piece in of_each_length(pieces, 1):
        for away in range(piece.sector_bytes, _NEAR_BYTES, piece.sector_bytes):
            yield piece.offset - away
            yield piece.offset + away


def _powers(pieces: Sequence[Piece]) -> Iterator[int]:
    for piece in pieces:
        power = piece.sector_bytes
        while power < 1 << 63:
            yield piece.offset - power
            yield piece.offset + power
            power *= 2


def _last(pieces: Sequence[Piece], size_bytes: int) -> Iterator[int]:
    for piece in _longest(pieces):
        end = size_bytes - size_bytes % piece.sector_bytes
        yield from range(end - piece.sector_bytes, end - _NEAR_BYTES, -piece.sector_bytes)


def _steps(pieces: Sequence[Piece]) -> Iterator[int]:
    """Powers of two times the sector, from that of the longest piece downwards."""
    for piece in _longest(pieces):
        step = piece.sector_bytes
        while step * 2 <= piece.end - piece.offset:
            step *= 2
        while step >= piece.sector_bytes:
            yield step
            step //= 2


def _longest(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The first of the longest ones, if there is one."""
    return sorted(pieces, key=lambda piece: piece.offset - piece.end)[:1]
