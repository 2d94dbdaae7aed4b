"""Where to plant marks before a drive erases itself: a mark that survives proves it did not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

# A residue of 0.1 % of the surface escapes 2,000 blind marks with a probability of 13.5 %; with
# one mark in each of 2,000 equal sections, no gap as long as two sections can escape at all.
CANARIES = 2000
CANARY_BYTES = 4096
_PARTITION_ALIGNMENT = 1 << 20  # where the first partition begins on almost every PC


def canary_offsets(size_bytes: int, seed: bytes) -> tuple[int, ...]:
    """Byte offsets of marks of CANARY_BYTES, ascending, all different, multiples of CANARY_BYTES.

    Both ends of the drive, the usual start of partitions, every power of two (where a drive that
    wraps round would do so), and one pseudo-random place in each of 2,000 equal sections. A drive
    too small for that is marked everywhere.
    """
    blocks = size_bytes // CANARY_BYTES
    if blocks <= CANARIES:
        return tuple(block * CANARY_BYTES for block in range(blocks))
    chosen = {*_structural(blocks), *_random(blocks, seed)}
    return tuple(block * CANARY_BYTES for block in sorted(chosen))


def _structural(blocks: int) -> Iterator[int]:
    yield 0
    yield blocks - 1
    yield min(_PARTITION_ALIGNMENT // CANARY_BYTES, blocks - 1)
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
