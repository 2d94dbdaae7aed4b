"""Does this look like what drives show after erasing themselves?"""

from __future__ import annotations

import zlib
from enum import StrEnum

from reprise.adapters.surface.compare import is_zero

_PIECE = 64 << 10
_PERIOD = 512  # some drives leave a repeated pattern; the longest ones seen repeat every sector
# In 64 KiB of noise every byte value stands 256 times, give or take 16 (binomial); 8 sigmas never
# happen by chance. Text, code and file systems have far more or far fewer of these.
_TELLING_BYTES = (0x00, 0x20, 0x65, 0xFF)
_EXPECTED = _PIECE // 256
_MARGIN = 8 * 16
_RATIO_SAMPLE = 4 << 10  # of each piece: compressing all of it would be slower than the drive
_RANDOM_RATIO = 0.98  # random data does not compress


class Pattern(StrEnum):
    ZEROS = "zeros"
    ONES = "ones"
    PERIODIC = "periodic"
    RANDOM = "random"
    DATA = "data"  # none of the above: may be anybody's


def pattern_of(buffer: memoryview) -> Pattern:
    """`buffer`: whole sectors, at least one."""
    if is_zero(buffer):
        return Pattern.ZEROS
    held = bytearray(buffer)
    if held == b"\xff" * len(held):
        return Pattern.ONES
    if len(held) > _PERIOD and held[_PERIOD:] == buffer[:-_PERIOD]:
        return Pattern.PERIODIC
    pieces = (held[at : at + _PIECE] for at in range(0, len(held), _PIECE))
    return Pattern.RANDOM if all(map(_is_noise, pieces)) else Pattern.DATA


def _is_noise(piece: bytearray) -> bool:
    counts = (piece.count(value) for value in _TELLING_BYTES)
    expected = _EXPECTED * len(piece) // _PIECE
    if any(abs(count - expected) > _MARGIN for count in counts):
        return False
    sample = piece[:_RATIO_SAMPLE]
    return len(zlib.compress(sample, 1)) >= _RANDOM_RATIO * len(sample)
