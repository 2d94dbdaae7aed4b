"""Read a drive back and compare it with the keyed stream."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field

from reprise.adapters.drives.blockio import BlockFile, DriveGoneError
from reprise.adapters.drives.surface.compare import Difference, difference
from reprise.adapters.drives.surface.keystream import CHUNK_BYTES, Keystream
from reprise.adapters.drives.surface.pipeline import pipeline
from reprise.adapters.drives.surface.rescue import BadSpan, Rescue
from reprise.domain.erasure.origins import Piece, Wrapped, of_each_length
from reprise.domain.erasure.pattern import Span, chunks

_KEPT = 32  # ranges that are told one by one, and whose origin is asked for
_ENOUGH_BYTES = 256 << 20  # a drive with so much foreign data has failed: no need for more hours


def reopen(device: BlockFile) -> BlockFile:
    """A second, read-only handle on a claimed drive, after the page cache has let go of it."""
    again = BlockFile(device.node, writable=False, exclusive=False)
    try:
        if again.number != device.number:
            raise DriveGoneError(device.node)
        again.drop_cache()
    except BaseException:
        again.close()
        raise
    return again


@dataclass(frozen=True, slots=True)
class ReadChunk:
    """One chunk as read and compared; `bad` could not be read."""

    span: Span
    bad: tuple[BadSpan, ...]
    differs: Difference

    @property
    def compared_bytes(self) -> int:
        return self.span.length - sum(bad.span.length for bad in self.bad)


def read_chunks(
    device: BlockFile, stream: Keystream, spans: tuple[Span, ...], rescue: Rescue
) -> Generator[ReadChunk | None, None, None]:
    """All of `spans`, in order; None while nothing new is there (see pipeline)."""

    def work(span: Span, buffer: memoryview) -> ReadChunk:
        def move(part: Span) -> None:
            at = part.offset - span.offset
            device.read_into(part.offset, buffer[at : at + part.length])

        bad = rescue.transfer(span, move)
        for unread in bad:  # what was not read is no difference: it is counted as unread
            at = unread.span.offset - span.offset
            stream.fill(buffer[at : at + unread.span.length], unread.span.offset)
        differs = difference(stream, buffer, span.offset, device.logical_bytes, device.size_bytes)
        return ReadChunk(span, bad, differs)

    parts = (part for span in spans for part in chunks(span.offset, span.end, CHUNK_BYTES))
    return pipeline(parts, work)


@dataclass(slots=True)
class Foreign:
    """All differences of a read-back, summed up."""

    bytes: int = 0
    count: int = 0
    ranges: list[Span] = field(default_factory=list)
    wrapped: list[Wrapped] = field(default_factory=list)
    pieces: tuple[Piece, ...] = ()

    def add(self, differs: Difference) -> None:
        self.bytes += sum(span.length for span in differs.ranges)
        self.count += len(differs.ranges)
        self.ranges += differs.ranges[: _KEPT - len(self.ranges)]
        self.wrapped += differs.wrapped[: _KEPT - len(self.wrapped)]
        # of the longest as many as are read before it is enough
        self.pieces = of_each_length((*self.pieces, *differs.pieces), _KEPT)

    @property
    def enough(self) -> bool:
        return self.bytes >= _ENOUGH_BYTES

    def detail(self, sector_bytes: int) -> dict[str, str | int]:
        """For the observation: LBA ranges as "first-last", at most 32 of them."""
        shown = (
            f"{span.offset // sector_bytes}-{span.end // sector_bytes - 1}" for span in self.ranges
        )
        return {
            "first_lba": self.ranges[0].offset // sector_bytes,
            "sectors": self.bytes // sector_bytes,
            "ranges": self.count,
            "lbas": " ".join(shown),
        }
