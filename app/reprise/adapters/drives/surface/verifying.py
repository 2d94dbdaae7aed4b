"""The read-back of an overwrite, and what is to be said of it."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from contextlib import closing

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.surface.keystream import Keystream
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.origins import search
from reprise.adapters.drives.surface.pipeline import beside
from reprise.adapters.drives.surface.readback import Foreign, ReadChunk, read_chunks
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.drives.surface.rescue import Rescue, TooManyBadSectorsError
from reprise.adapters.drives.surface.watching import HungError, Watch
from reprise.domain.erasure.origins import Wrapped
from reprise.domain.erasure.pattern import Span
from reprise.domain.report.events import ObservationKind, Update


class ReadBack:
    """Reads `spans` and compares them with the stream. What was found until then is said where a
    drive stops to answer, too: foreign data is proof of failure. (Not where it is stopped or
    pulled: such an attempt claims nothing.)"""

    def __init__(self, record: Record, stream: Keystream, spans: tuple[Span, ...]) -> None:
        self._record, self._stream, self._spans = record, stream, spans
        self._meter = Meter(record.drive, "verify", record.required_bytes)
        self._foreign = Foreign()
        self._unread = 0

    def run(self, device: BlockFile, rescue: Rescue, watch: Watch) -> Iterator[Update]:
        """Raises DriveGoneError, Stopped, HungError."""
        try:
            yield from self._read(device, rescue, watch)
        except TooManyBadSectorsError:
            yield self._record.observe(ObservationKind.READ_ERRORS, gave_up_at=rescue.limit)
        except HungError:
            yield from self._conclude(device, watch)
            raise
        yield from self._meter.at(self._record.verified_bytes + self._unread, last=True)
        yield from self._conclude(device, watch)

    def _read(self, device: BlockFile, rescue: Rescue, watch: Watch) -> Iterator[Update]:
        watch.begin("read")
        with closing(read_chunks(device, self._stream, self._spans, rescue)) as read:
            for chunk in read:
                if chunk is None:
                    yield from watch.waiting(self._meter)
                    continue
                yield from self._count(chunk, watch)
                if self._foreign.enough:
                    return

    def _count(self, chunk: ReadChunk, watch: Watch) -> Iterator[Update]:
        record = self._record
        for bad in chunk.bad:
            yield record.medium_error("read", bad)
            self._unread += bad.span.length
        self._foreign.add(chunk.differs)
        record.verified_bytes += chunk.compared_bytes
        record.verify_s = self._meter.elapsed_s
        done = record.verified_bytes + self._unread
        yield from self._meter.at(done)
        yield from watch.moved(done, record.required_bytes)

    def _conclude(self, device: BlockFile, watch: Watch) -> Iterator[Update]:
        record, foreign = self._record, self._foreign
        if self._unread:
            yield record.observe(ObservationKind.READ_ERRORS, bytes=self._unread)
        if foreign.count:
            detail = foreign.detail(device.logical_bytes)
            yield record.observe(ObservationKind.READBACK_MISMATCH, **detail)
            wrapped = yield from self._meant_for(device.size_bytes, watch)
            if wrapped:
                first = wrapped[0]
                yield record.observe(
                    ObservationKind.WRAPPED,
                    at_bytes=first.at_bytes,
                    meant_for_bytes=first.meant_for_bytes,
                    seen=len(wrapped),
                )
        if record.verified_bytes < record.required_bytes:
            yield record.observe(
                ObservationKind.READBACK_INCOMPLETE,
                bytes=record.verified_bytes,
                required_bytes=record.required_bytes,
            )
        elif not foreign.count:
            yield record.observe(ObservationKind.READBACK_MATCHES, bytes=record.verified_bytes)

    def _meant_for(
        self, size_bytes: int, watch: Watch
    ) -> Generator[Update, None, tuple[Wrapped, ...]]:
        """An operator who stops now gets the drive's verdict all the same."""
        pieces = tuple(sorted(self._foreign.pieces, key=lambda piece: piece.offset))
        if not pieces:
            return tuple(self._foreign.wrapped)
        return (
            yield from beside(
                lambda: search(self._stream, pieces, size_bytes, watch.stopping),
                math.inf,
                self._meter.same,
            )
        )
