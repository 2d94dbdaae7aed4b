"""Where to plant marks before a drive erases itself: a mark that survives proves it did not."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator

# A residue of 0.1 % of the surface escapes 2,000 blind marks with a probability of 13.5 %; with
# one mark in each of 2,000 equal sections, no gap as long as two sections can escape at all.
CANARIES = 2000
CANARY_BYTES = 4096
# A mark on a bad sector is planted near by instead, so many blocks away (4 KiB to 1 MiB: bad
# sectors come in rows). Where no such place takes it, that mark is missing. With one in a hundred
# missing, no gap as long as 22 sections (1.1 % of the surface) escapes, and a residue of 0.1 %
# does so with a probability of 13.8 % instead of 13.5 %.
NEARBY_BLOCKS = (1, 3, 24, 250)
TRIES = 4  # places for one mark, its own included
_ENOUGH_PERCENT = 99


def canary_offsets(size_bytes: int, seed: bytes) -> tuple[int, ...]:
    """Byte offsets of marks of CANARY_BYTES, ascending, all different, multiples of CANARY_BYTES.

    Both ends of the drive, every power of two (1 MiB, where the first partition begins on almost
    every PC; and where a drive that wraps round would do so), and one pseudo-random place in each
    of 2,000 equal sections. A drive too small for that is marked everywhere.
    """
    blocks = size_bytes // CANARY_BYTES
    if blocks <= CANARIES:
        return tuple(block * CANARY_BYTES for block in range(blocks))
    chosen = {*_structural(blocks), *_random(blocks, seed)}
    return tuple(block * CANARY_BYTES for block in sorted(chosen))


def nearby(offset: int, size_bytes: int, taken: Container[int]) -> int | None:
    """Another place for the mark of `offset`; None where there is none that is free."""
    steps = (sign * blocks * CANARY_BYTES for blocks in NEARBY_BLOCKS for sign in (1, -1))
    places = (offset + step for step in steps)
    last = size_bytes - CANARY_BYTES
    return next((place for place in places if 0 <= place <= last and place not in taken), None)


def enough_stand(planned: int, standing: int) -> bool:
    """Whether the marks that stand are a witness: at least one, and of a hundred 99."""
    return standing > 0 and standing * 100 >= planned * _ENOUGH_PERCENT


def _structural(blocks: int) -> Iterator[int]:
    yield 0
    yield blocks - 1
    power = 1
    while power < blocks:
        yield power
        power *= 2


def _random(blocks: int, seed: bytes) -> Iterator[int]:
    for section in range(CANARIES):
        first = section * blocks // CANARIES
        count = (section + 1) * blocks // CANARIES - first
        digest = hashlib.sha256(seed + section.to_bytes(4, "big")).digest()
        yield first + int.from_bytes(digest[:8], "big") % count
