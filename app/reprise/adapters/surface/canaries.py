"""Marks on the surface: plant them, prove that they are there, look whether they survived."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reprise.adapters.blockio import BlockFile, aligned_buffer
from reprise.adapters.surface.keystream import Keystream
from reprise.adapters.surface.rescue import BadSpan
from reprise.domain.canaries import CANARY_BYTES
from reprise.domain.pattern import BLOCK_BYTES, Span


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
        self.offsets = offsets

    def plant(self, device: BlockFile) -> Iterator[Mark]:
        """Write all marks; the caller flushes."""
        buffer = aligned_buffer(CANARY_BYTES)
        for offset in self.offsets:
            self._stream.fill(buffer, offset)
            try:
                device.write_from(offset, buffer)
            except OSError as error:
                device.check_there(error)
                yield Mark(offset, bad=BadSpan(Span(offset, CANARY_BYTES), error.errno or 0))
            else:
                yield Mark(offset, stands=True)

    def look(self, device: BlockFile) -> Iterator[Mark]:
        """Read all marks. One 16-byte block of ours anywhere in it is enough to stand."""
        buffer = aligned_buffer(CANARY_BYTES)
        for offset in self.offsets:
            try:
                device.read_into(offset, buffer)
            except OSError as error:
                device.check_there(error)
                yield Mark(offset, bad=BadSpan(Span(offset, CANARY_BYTES), error.errno or 0))
            else:
                self._stream.mix(buffer, offset)
                yield Mark(offset, stands=_has_zero_block(bytes(buffer)))


def _has_zero_block(mixed: bytes) -> bool:
    """After XOR with the stream, what was the stream is zero."""
    nothing = bytes(BLOCK_BYTES)
    at = mixed.find(nothing)
    while at >= 0 and at % BLOCK_BYTES:
        at = mixed.find(nothing, at + 1)
    return at >= 0
