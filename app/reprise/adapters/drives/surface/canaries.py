"""Marks on the surface: plant them, prove that they are there, look whether they survived."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from reprise.adapters.drives.blockio import BlockFile, aligned_buffer
from reprise.adapters.drives.surface.keystream import Keystream
from reprise.adapters.drives.surface.rescue import BadSpan
from reprise.domain.erasure.canaries import CANARY_BYTES
from reprise.domain.erasure.pattern import BLOCK_BYTES, Span

# A drive at its end may fail everywhere and take half a minute each time: 2,000 of them are most of
# a day, and a report too large to send.
BAD_MARKS = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of one mark. `stands`: the place still carries this job's stream."""

    offset: int
    stands: bool = False
    bad: BadSpan | None = None


class Canaries:
    """A mark is the job's own keyed stream at its address: nothing else on the drive can be
    taken for it, and it is as incompressible as the real thing."""

    def __init__(self, stream: Keystream, offsets: tuple[int, ...]) -> None:
        self._stream = stream
        self.offsets = offsets  # of the marks that stand (before: are to stand)
        self.places = offsets  # of all that was written to, bad sectors too

    def stand(self, standing: Iterable[int], bad: Iterable[int]) -> None:
        """What planting came to. A sector that failed is looked at afterwards like the others."""
        self.offsets = tuple(sorted(standing))
        self.places = tuple(sorted({*self.offsets, *bad}))

    def plant(self, device: BlockFile, offsets: Iterable[int]) -> Iterator[Mark]:
        """Write marks, up to BAD_MARKS bad ones; the caller flushes."""

        def write(offset: int, buffer: memoryview) -> bool:
            self._stream.fill(buffer, offset)
            device.write_from(offset, buffer)
            return True

        return self._each(device, offsets, write)

    def look(self, device: BlockFile, offsets: Iterable[int] | None = None) -> Iterator[Mark]:
        """Read marks (all places by default), up to BAD_MARKS bad ones. One 16-byte block of ours
        anywhere in it is enough to stand."""

        def read(offset: int, buffer: memoryview) -> bool:
            device.read_into(offset, buffer)
            self._stream.mix(buffer, offset)
            return _has_zero_block(bytes(buffer))

        return self._each(device, self.places if offsets is None else offsets, read)

    @staticmethod
    def _each(
        device: BlockFile, offsets: Iterable[int], act: Callable[[int, memoryview], bool]
    ) -> Iterator[Mark]:
        buffer = aligned_buffer(CANARY_BYTES)
        bad = 0
        for offset in offsets:
            try:
                stands = act(offset, buffer)
            except OSError as error:
                device.check_there(error)
                yield Mark(offset, bad=BadSpan(Span(offset, CANARY_BYTES), error.errno or 0))
                bad += 1
                if bad == BAD_MARKS:
                    return
            else:
                yield Mark(offset, stands=stands)


def _has_zero_block(mixed: bytes) -> bool:
    """After XOR with the stream, what was the stream is zero."""
    nothing = bytes(BLOCK_BYTES)
    at = mixed.find(nothing)
    while at >= 0 and at % BLOCK_BYTES:
        at = mixed.find(nothing, at + 1)
    return at >= 0
