"""Is this what we wrote? If not: where it differs, and what the foreign data says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reprise.adapters.drives.surface.keystream import Keystream
from reprise.adapters.drives.surface.origins import origin
from reprise.domain.erasure.origins import HEAD_BYTES, MOST_HEADS, Piece, Wrapped, of_each_length
from reprise.domain.erasure.pattern import Span, Stream

# bytearray == memoryview is one memcmp (5 GB/s); bytes or memoryview on the left goes item by item
# (1 GB/s). 128 KiB stay in the processor's cache, so that only one side comes from memory.
_SLICE = 128 << 10
_ZEROS = bytearray(_SLICE)
_PIECES = 8  # foreign stretches of about one length in a chunk, to be searched for


@dataclass(frozen=True, slots=True)
class Difference:
    """Ranges (whole sectors, in order, joined) that are not the stream. Which of them were
    recognised (AES-256-CTR), or some of each length, to be searched for (ChaCha20)."""

    ranges: tuple[Span, ...] = ()
    wrapped: tuple[Wrapped, ...] = ()
    pieces: tuple[Piece, ...] = ()


def is_zero(buffer: memoryview) -> bool:
    zeros = _ZEROS
    whole = len(buffer) - len(buffer) % _SLICE
    for at in range(0, whole, _SLICE):
        if not zeros == buffer[at : at + _SLICE]:  # noqa: SIM201 - keeps the bytearray's memcmp
            return False
    return bytearray(len(buffer) - whole) == buffer[whole:]


def difference(
    stream: Keystream, buffer: memoryview, offset: int, sector_bytes: int, size_bytes: int
) -> Difference:
    """Compare what was read at `offset` (a multiple of the sector) with the stream.

    `buffer` is changed. `size_bytes`: of the drive, for the diagnosis.

    The stream is mixed into it: to make the stream beside it and compare the two takes a tenth more
    of the processor's time, as what was read comes from memory while the cipher computes, and a
    comparison has to wait for it.
    """
    clean = True
    for part in stream.mixing(buffer, offset):
        clean = is_zero(part) and clean
    if clean:
        return Difference()
    ranges = tuple(_differing(buffer, offset, sector_bytes))
    stream.mix(buffer, offset)  # the data as read
    if stream.kind is Stream.CHACHA20:
        some = (_piece(buffer, offset, span, sector_bytes) for span in ranges)
        return Difference(ranges, pieces=of_each_length(some, _PIECES))
    heads = ((span.offset, _head(buffer, span.offset - offset)) for span in ranges)
    origins = (origin(stream, at, head, size_bytes) for at, head in heads)
    return Difference(ranges, tuple(wrapped for some in origins for wrapped in some))


def _differing(buffer: memoryview, offset: int, sector_bytes: int) -> Iterator[Span]:
    start: int | None = None
    for at in range(0, len(buffer), _SLICE):
        part = buffer[at : at + _SLICE]
        if is_zero(part):
            same = [(at, True)]
        else:
            same = [
                (at + inner, is_zero(part[inner : inner + sector_bytes]))
                for inner in range(0, len(part), sector_bytes)
            ]
        for place, clean in same:
            if not clean and start is None:
                start = place
            elif clean and start is not None:
                yield Span(offset + start, place - start)
                start = None
    if start is not None:
        yield Span(offset + start, len(buffer) - start)


def _piece(buffer: memoryview, offset: int, span: Span, sector_bytes: int) -> Piece:
    first, end = span.offset - offset, span.end - offset
    end = min(end, first + MOST_HEADS * sector_bytes)
    heads = (_head(buffer, at) for at in range(first, end, sector_bytes))
    return Piece(span.offset, sector_bytes, tuple(heads))


def _head(buffer: memoryview, at: int) -> bytes:
    return bytes(buffer[at : at + HEAD_BYTES])
