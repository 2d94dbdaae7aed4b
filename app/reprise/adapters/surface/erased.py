"""Does this look like what drives show after erasing themselves?"""

from __future__ import annotations

import zlib
from enum import StrEnum

from reprise.adapters.surface.compare import is_zero

_PIECE = 64 << 10
_PERIOD = 512  # some drives leave a repeated pattern; the longest ones seen repeat every sector
_RANDOM_RATIO = 0.98  # random data does not compress; text, code and file systems do


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
    pieces = (buffer[at : at + _PIECE] for at in range(0, len(buffer), _PIECE))
    if all(len(zlib.compress(piece, 1)) >= _RANDOM_RATIO * len(piece) for piece in pieces):
        return Pattern.RANDOM
    return Pattern.DATA
