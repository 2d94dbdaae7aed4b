"""Is this what we wrote? If not: where it differs, and what the foreign data says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reprise.adapters.surface.keystream import Keystream
from reprise.domain.pattern import BLOCK_BYTES, Span

# bytearray == memoryview is one memcmp (5 GB/s); bytes or memoryview on the left goes item by item
# (1 GB/s). 128 KiB stay in the processor's cache, so that only one side comes from memory.
_SLICE = 128 << 10
_ZEROS = bytearray(_SLICE)
_DIAGNOSED = 8  # foreign blocks to decrypt per chunk


@dataclass(frozen=True, slots=True)
class Wrapped:
    """At `at_bytes` stands what this job wrote for `meant_for_bytes`."""

    at_bytes: int
    meant_for_bytes: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Ranges (whole sectors, in order, joined) that are not the stream, and what was recognised."""

    ranges: tuple[Span, ...] = ()
    wrapped: tuple[Wrapped, ...] = ()


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
    """
    clean = True
    for part in stream.mixing(buffer, offset):
        clean = is_zero(part) and clean
    if clean:
        return Difference()
    ranges = tuple(_differing(buffer, offset, sector_bytes))
    stream.mix(buffer, offset)  # the data as read
    return Difference(ranges, tuple(_recognised(stream, buffer, offset, ranges, size_bytes)))


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


def _recognised(
    stream: Keystream, buffer: memoryview, offset: int, ranges: tuple[Span, ...], size_bytes: int
) -> Iterator[Wrapped]:
    for span in ranges[:_DIAGNOSED]:
        at = span.offset - offset
        meant_for = stream.address_of(bytes(buffer[at : at + BLOCK_BYTES]), size_bytes)
        if meant_for is not None and meant_for != span.offset:
            yield Wrapped(span.offset, meant_for)
