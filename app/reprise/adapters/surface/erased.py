"""Does this look like what drives show after erasing themselves?"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
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
    sector = bytearray(buffer[:_PERIOD])
    if len(buffer) > _PERIOD and _repeats(sector, buffer):
        return Pattern.ONES if sector == b"\xff" * _PERIOD else Pattern.PERIODIC
    if sector == b"\xff" * len(buffer):
        return Pattern.ONES
    noise = all(_is_noise(bytearray(piece)) for piece in _pieces(buffer))
    return Pattern.RANDOM if noise else Pattern.DATA


def _pieces(buffer: memoryview) -> Iterator[memoryview]:
    """Piece by piece, as copies of a whole chunk would be most of what a drive takes of memory."""
    return (buffer[at : at + _PIECE] for at in range(0, len(buffer), _PIECE))


def _repeats(sector: bytearray, buffer: memoryview) -> bool:
    tile = sector * (_PIECE // _PERIOD)
    return all(tile[: len(piece)] == piece for piece in _pieces(buffer))


def _is_noise(piece: bytearray) -> bool:
    counts = (piece.count(value) for value in _TELLING_BYTES)
    expected = _EXPECTED * len(piece) // _PIECE
    if any(abs(count - expected) > _MARGIN for count in counts):
        return False
    sample = piece[:_RATIO_SAMPLE]
    return len(zlib.compress(sample, 1)) >= _RANDOM_RATIO * len(sample)
