"""The image onto a claimed stick, and every byte of it back.

Its first chunk, with the partition table and the boot code, is written last: until everything
else was read back and compared, the stick starts no PC and looks like nothing. Chance bytes stand
in its place meanwhile. A stick of fake size, which leads several addresses to one place, writes
over them (or over the zeros at its end) and is found out; were they not looked at, the last chunk
would spoil what had been read back before.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import BinaryIO

from reprise.adapters.blockio import BlockFile, aligned_buffer
from reprise.adapters.stick_writing.image import (
    ImageDigests,
    StickImage,
    changed_meanwhile,
    read_span,
)
from reprise.adapters.surface.keystream import CHUNK_BYTES
from reprise.adapters.surface.meter import Meter
from reprise.adapters.surface.pipeline import beside
from reprise.adapters.surface.readback import reopen
from reprise.adapters.surface.rescue import Stopped
from reprise.domain.events import Progress
from reprise.domain.pattern import Span
from reprise.domain.stick import MIB, SECTOR_BYTES
from reprise.ports import StopFlag
from reprise.tools.mbr import MBR_BYTES

# A backup GPT has 33 sectors at the very end (UEFI Specification 2.10, 5.3.2); RAID and ZFS keep
# their labels within its last 512 KiB.
_TAIL_BYTES = MIB


class MismatchError(Exception):
    """The stick does not give back what was written, from byte `offset` on."""

    def __init__(self, offset: int) -> None:
        super().__init__(str(offset))
        self.offset = offset


class ImageCopy:
    """`device` is claimed and writable. Everything raises Stopped, MismatchError, InputError (the
    ISO changed), DriveGoneError and OSError (the stick)."""

    def __init__(
        self,
        device: BlockFile,
        image: StickImage,
        file: BinaryIO,
        digests: ImageDigests,
        stop: StopFlag,
    ) -> None:
        self._device, self._image, self._file = device, image, file
        self._digests, self._stop = digests, stop
        self._buffer = aligned_buffer(CHUNK_BYTES)
        self._marks = aligned_buffer(CHUNK_BYTES)
        self._marks[:] = os.urandom(CHUNK_BYTES)
        self._marks[MBR_BYTES - 2 : MBR_BYTES] = bytes(2)  # by no chance a partition table
        size = device.size_bytes
        self._tail = Span(size - size % SECTOR_BYTES - _TAIL_BYTES, _TAIL_BYTES)

    def run(self) -> Iterator[Progress]:
        """Write, flush, read back; the head after all the rest."""
        first, *rest = enumerate(self._image.spans)
        size = self._image.size_bytes
        meter = Meter(self._device.node, "write", size, after_bytes=size)
        yield from self._steps([self._clear], meter)
        yield from self._steps((partial(self._write, *one) for one in rest), meter)
        yield from self._steps([self._device.flush], meter)
        yield from meter.at(size, last=True)
        meter = Meter(self._device.node, "verify", size)
        with reopen(self._device) as again:
            yield from self._steps((partial(self._compare, again, *one) for one in rest), meter)
            yield from self._steps([partial(self._look_for_marks, again)], meter)
        yield from self._steps([partial(self._write, *first), self._device.flush], meter)
        with reopen(self._device) as again:
            yield from self._steps([partial(self._compare, again, *first)], meter)
        yield from meter.at(size, last=True)

    def _steps(self, steps: Iterable[Callable[[], int | None]], meter: Meter) -> Iterator[Progress]:
        """One blocking transfer after the other, in the order that flash likes; each gives the
        byte that it came to, or None."""
        for step in steps:
            self._check_stop()
            done = yield from beside(step, math.inf, partial(self._waiting, meter))
            if done is not None:
                yield from meter.at(done)

    def _waiting(self, meter: Meter) -> Iterator[Progress]:
        self._check_stop()
        yield from meter.same()

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise Stopped

    def _clear(self) -> None:
        """Nothing of the old contents' tables and labels, at either end."""
        self._device.write_from(self._tail.offset, aligned_buffer(_TAIL_BYTES))
        self._device.write_from(0, self._marks)
        self._device.flush()

    def _look_for_marks(self, device: BlockFile) -> None:
        for offset, wanted in (
            (0, self._marks),
            (self._tail.offset, memoryview(bytes(_TAIL_BYTES))),
        ):
            part = self._buffer[: len(wanted)]
            device.read_into(offset, part)
            if part != wanted:
                raise MismatchError(offset + _first_difference(part, wanted))

    def _write(self, number: int, span: Span) -> int:
        data = read_span(self._file, self._image, span)
        if hashlib.sha256(data).digest() != self._digests.chunks[number]:
            raise changed_meanwhile(self._image.path)
        part = self._buffer[: span.length]
        part[:] = data
        self._device.write_from(span.offset, part)
        return span.end

    def _compare(self, device: BlockFile, number: int, span: Span) -> int:
        part = self._buffer[: span.length]
        device.read_into(span.offset, part)
        if hashlib.sha256(part).digest() != self._digests.chunks[number]:
            wanted = read_span(self._file, self._image, span)
            raise MismatchError(span.offset + _first_difference(part, wanted))
        return span.end


def _first_difference(found: memoryview, wanted: bytes | memoryview) -> int:
    pairs = enumerate(zip(found, wanted, strict=True))
    return next((at for at, (one, other) in pairs if one != other), 0)
