"""Is this what we wrote? If not: where it differs, and what the foreign data says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reprise.adapters.surface.keystream import SLICE_BYTES, Keystream
from reprise.domain.origins import HEAD_BYTES, Piece
from reprise.domain.pattern import Span

# bytearray == memoryview is one memcmp (5 GB/s); bytes or memoryview on the left goes item by item
# (1 GB/s). A slice stays in the processor's cache, so that only one side comes from memory.
_ZEROS = bytearray(SLICE_BYTES)
_PIECES = 8  # foreign stretches of a chunk whose origin is asked for


@dataclass(frozen=True, slots=True)
class Difference:
    """Ranges (whole sectors, in order, joined) that are not the stream, and what stands there
    instead in the first ones."""

    ranges: tuple[Span, ...] = ()
    pieces: tuple[Piece, ...] = ()


def is_zero(buffer: memoryview) -> bool:
    zeros = _ZEROS
    whole = len(buffer) - len(buffer) % SLICE_BYTES
    for at in range(0, whole, SLICE_BYTES):
        if not zeros == buffer[at : at + SLICE_BYTES]:  # noqa: SIM201 - keeps the bytearray's memcmp
            return False
    return bytearray(len(buffer) - whole) == buffer[whole:]


def difference(stream: Keystream, buffer: memoryview, offset: int, sector_bytes: int) -> Difference:
    """Compare what was read at `offset` (a multiple of the sector) with the stream. `buffer` stays
    as it is: the stream is made again beside it, which costs memory no write."""
    ranges = tuple(_differing(stream, buffer, offset, sector_bytes))
    return Difference(
        ranges, tuple(_piece(buffer, offset, one, sector_bytes) for one in ranges[:_PIECES])
    )


def _differing(
    stream: Keystream, buffer: memoryview, offset: int, sector_bytes: int
) -> Iterator[Span]:
    start: int | None = None
    for place, clean in _compared(stream, buffer, offset, sector_bytes):
        if not clean and start is None:
            start = place
        elif clean and start is not None:
            yield Span(offset + start, place - start)
            start = None
    if start is not None:
        yield Span(offset + start, len(buffer) - start)


def _compared(
    stream: Keystream, buffer: memoryview, offset: int, sector_bytes: int
) -> Iterator[tuple[int, bool]]:
    """Each slice that is the stream; of others, each sector."""
    at = 0
    for made in stream.slices(offset, len(buffer)):
        part = buffer[at : at + len(made)]
        if made == part:
            yield at, True
        else:
            for inner in range(0, len(made), sector_bytes):
                sector = slice(inner, inner + sector_bytes)
                yield at + inner, made[sector] == part[sector]
        at += len(made)


def _piece(buffer: memoryview, offset: int, span: Span, sector_bytes: int) -> Piece:
    first, end = span.offset - offset, span.end - offset
    heads = (bytes(buffer[at : at + HEAD_BYTES]) for at in range(first, end, sector_bytes))
    return Piece(span.offset, sector_bytes, tuple(heads))
