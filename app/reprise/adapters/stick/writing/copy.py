"""An image onto a claimed stick or drive, and every byte of it back.

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
from typing import Protocol

from reprise.adapters.drives.blockio import BlockFile, aligned_buffer
from reprise.adapters.drives.surface.keystream import CHUNK_BYTES
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.pipeline import beside
from reprise.adapters.drives.surface.readback import reopen
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.domain.erasure.pattern import Span
from reprise.domain.erasure.progress import Progress
from reprise.domain.station.stick import MIB, SECTOR_BYTES
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


class Contents(Protocol):
    """What is to be written, in spans of at most CHUNK_BYTES that leave no gap."""

    @property
    def size_bytes(self) -> int: ...

    @property
    def spans(self) -> tuple[Span, ...]: ...

    def fill(self, number: int, buffer: memoryview) -> None:
        """Span `number` into `buffer`, which is just as long. Asked once for each: the second to
        the last in order, then the first."""
        ...

    def digest(self, number: int) -> bytes:
        """SHA-256 of a span that was filled."""
        ...

    def again(self, number: int) -> bytes | None:
        """The span once more, to say where a difference is; None where it is gone."""
        ...


class ImageCopy:
    """`device` is claimed and writable. Everything raises Stopped, MismatchError, what `contents`
    raises, DriveGoneError and OSError (the drive)."""

    def __init__(self, device: BlockFile, contents: Contents, stop: StopFlag) -> None:
        self._device, self._contents, self._stop = device, contents, stop
        self._buffer = aligned_buffer(CHUNK_BYTES)
        self._marks = aligned_buffer(CHUNK_BYTES)
        self._marks[:] = os.urandom(CHUNK_BYTES)
        self._marks[MBR_BYTES - 2 : MBR_BYTES] = bytes(2)  # by no chance a partition table
        size = device.size_bytes
        self._tail = Span(size - size % SECTOR_BYTES - _TAIL_BYTES, _TAIL_BYTES)

    def run(self) -> Iterator[Progress]:
        """Write, flush, read back; the head after all the rest."""
        first, *rest = enumerate(self._contents.spans)
        size = self._contents.size_bytes
        meter = Meter(self._device.node, "write", size, after_bytes=size)
        yield from self._steps([self._clear], meter)
        yield from self._steps((partial(self._write, *pair) for pair in rest), meter)
        yield from self._steps([self._device.flush], meter)
        yield from meter.at(size, last=True)
        meter = Meter(self._device.node, "verify", size)
        with reopen(self._device) as again:
            yield from self._steps((partial(self._compare, again, *pair) for pair in rest), meter)
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
        part = self._buffer[: span.length]
        self._contents.fill(number, part)
        self._device.write_from(span.offset, part)
        return span.end

    def _compare(self, device: BlockFile, number: int, span: Span) -> int:
        part = self._buffer[: span.length]
        device.read_into(span.offset, part)
        if hashlib.sha256(part).digest() != self._contents.digest(number):
            wanted = self._contents.again(number)
            raise MismatchError(
                span.offset + (0 if wanted is None else _first_difference(part, wanted))
            )
        return span.end


def _first_difference(found: memoryview, wanted: bytes | memoryview) -> int:
    pairs = enumerate(zip(found, wanted, strict=True))
    return next((at for at, (one, other) in pairs if one != other), 0)
