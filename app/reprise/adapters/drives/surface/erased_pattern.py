"""Does this look like what drives show after erasing themselves?"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from reprise.adapters.drives.surface.compare import is_zero
from reprise.adapters.drives.surface.noise import is_noise
from reprise.domain.erasure.pattern import Span

_PIECE = 64 << 10
_PERIOD = 512  # some drives leave a repeated pattern; the longest ones seen repeat every sector


class Pattern(StrEnum):
    ZEROS = "zeros"
    ONES = "ones"
    PERIODIC = "periodic"
    RANDOM = "random"
    DATA = "data"  # none of the above: may be anybody's


_ERASED = frozenset({Pattern.ZEROS, Pattern.ONES, Pattern.PERIODIC})


@dataclass(frozen=True, slots=True)
class Appearance:
    """`sector`: of PERIODIC, the 512 bytes that come again and again."""

    pattern: Pattern
    sector: bytes = b""


def appearance_of(buffer: memoryview) -> Appearance:
    """`buffer`: whole sectors of 512 bytes, at least one."""
    if is_zero(buffer):
        return Appearance(Pattern.ZEROS)
    sector = bytearray(buffer[:_PERIOD])
    if _repeats(sector, buffer):
        if sector == b"\xff" * _PERIOD:
            return Appearance(Pattern.ONES)
        if len(buffer) > _PERIOD:  # one sector alone repeats nothing
            return Appearance(Pattern.PERIODIC, bytes(sector))
    return Appearance(Pattern.RANDOM if is_noise(buffer) else Pattern.DATA)


def _pieces(buffer: memoryview) -> Iterator[memoryview]:
    """Piece by piece, as copies of a whole chunk would be most of what a drive takes of memory."""
    return (buffer[at : at + _PIECE] for at in range(0, len(buffer), _PIECE))


def _repeats(sector: bytearray, buffer: memoryview) -> bool:
    tile = sector * (_PIECE // _PERIOD)
    return all(tile[: len(piece)] == piece for piece in _pieces(buffer))


class SurfaceSummary:
    """All that a surface showed, chunk by chunk."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._sector = b""  # the first that repeated
        self.data_at: int | None = None  # the first chunk that may be anybody's data

    def add(self, span: Span, shown: Appearance) -> None:
        self._sector = self._sector or shown.sector
        other = shown.sector != self._sector if shown.sector else False
        self._counts[f"{shown.pattern}-other" if other else shown.pattern] += 1
        if shown.pattern is Pattern.DATA and self.data_at is None:
            self.data_at = span.offset

    @property
    def patterns(self) -> str:
        """How many chunks showed which: "random:3 zeros:1". A chunk where another sector repeats
        than in the first such chunk is "periodic-other": another pattern."""
        return " ".join(f"{pattern}:{count}" for pattern, count in sorted(self._counts.items()))

    def erased(self, *, random_is_erased: bool) -> dict[str, str] | None:
        """For the observation, where one erased pattern is all that was seen. Of a sector that
        repeats only its SHA-256 is told: it may have been somebody's."""
        shown = {Pattern(name) for name in self._counts} if len(self._counts) == 1 else set()
        allowed = _ERASED | {Pattern.RANDOM} if random_is_erased else _ERASED
        if not shown or not shown <= allowed:
            return None
        told = {"pattern": shown.pop().value}
        if self._sector:
            told["sector_sha256"] = hashlib.sha256(self._sector).hexdigest()
        return told
