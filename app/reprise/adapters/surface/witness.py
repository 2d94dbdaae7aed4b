"""A drive that erases itself out of sight, witnessed from outside: marks before and after, and
the whole surface afterwards."""

from __future__ import annotations

import errno
from collections.abc import Callable, Generator, Iterator
from contextlib import closing

from reprise.adapters.blockio import BlockFile
from reprise.adapters.surface.canaries import BAD_MARKS, Canaries, Mark
from reprise.adapters.surface.erased import Seen
from reprise.adapters.surface.erasedscan import scan_chunks
from reprise.adapters.surface.meter import Meter
from reprise.adapters.surface.record import Record
from reprise.adapters.surface.rescue import Rescue, Stopped, TooManyBadSectorsError
from reprise.domain.canaries import CANARY_BYTES
from reprise.domain.events import Event, ObservationKind, Progress
from reprise.domain.pattern import Span
from reprise.domain.policy import Policy
from reprise.ports import StopFlag

Happening = Event | Progress


class WitnessedSurface:
    """Before and after the format, on the open drive."""

    def __init__(self, device: BlockFile, stop: StopFlag, record: Record, policy: Policy) -> None:
        self._device, self._stop, self._record = device, stop, record
        self._bad_limit = policy.max_bad_sectors

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise Stopped

    def plant(
        self, canaries: Canaries, flush: Callable[[BlockFile], object] = BlockFile.flush
    ) -> Generator[Happening, None, bool]:
        """True where every mark was written, flushed and read back from the medium."""
        written = yield from self._marks(canaries, canaries.plant(self._device), "write")
        try:
            flush(self._device)
        except OSError as error:
            self._device.check_there(error)
            yield self._record.observe(
                ObservationKind.FLUSH_FAILED, errno=errno.errorcode.get(error.errno or 0, "?")
            )
            return False
        self._device.drop_cache()
        standing = yield from self._marks(canaries, canaries.look(self._device), "read")
        if not canaries.offsets or not written == standing == len(canaries.offsets):
            yield self._record.observe(
                ObservationKind.WRITE_ERRORS,
                canaries=len(canaries.offsets),
                written=written,
                standing=standing,
            )
            return False
        yield self._record.observe(ObservationKind.CANARIES_PLANTED, canaries=standing)
        return True

    def look(
        self, canaries: Canaries, *, write_first: bool = False
    ) -> Generator[Happening, None, bool]:
        """`write_first`: the drive announced that it fails reads of what it erased until that is
        written. False (after an observation) where it does: nothing can be read back then, and to
        write first would hide what is to be seen."""
        unread = 0
        survivors: list[int] = []
        for mark in canaries.look(self._device):
            self._check_stop()
            if mark.bad is not None:
                unread += 1
                if not write_first:
                    yield self._record.medium_error("read", mark.bad)
            elif mark.stands:
                survivors.append(mark.offset)
        if unread and write_first:
            yield self._record.observe(ObservationKind.UNREADABLE_UNTIL_WRITTEN, marks=unread)
        elif unread == BAD_MARKS:  # the rest was not looked at
            yield self._record.observe(ObservationKind.READ_ERRORS, gave_up_at=BAD_MARKS)
        if survivors:
            yield self._record.observe(
                ObservationKind.CANARY_SURVIVED,
                survivors=len(survivors),
                first_lba=survivors[0] // self._device.logical_bytes,
            )
        elif not unread:
            yield self._record.observe(
                ObservationKind.CANARIES_GONE, canaries=len(canaries.offsets)
            )
        return not (unread and write_first)

    def _marks(
        self, canaries: Canaries, marks: Iterator[Mark], operation: str
    ) -> Generator[Happening, None, int]:
        meter = Meter(self._record.drive, "canaries", len(canaries.offsets) * CANARY_BYTES)
        standing = 0
        for number, mark in enumerate(marks, 1):
            self._check_stop()
            standing += mark.stands
            if mark.bad is not None:
                yield self._record.medium_error(operation, mark.bad)
            yield from meter.at(number * CANARY_BYTES)
        return standing

    def read_all(self, spans: tuple[Span, ...], *, random_is_erased: bool) -> Iterator[Happening]:
        """Read `spans`; `random_is_erased`: after a crypto erase, noise is what must be seen."""
        record = self._record
        record.required_bytes = sum(span.length for span in spans)
        meter = Meter(record.drive, "verify", record.required_bytes)
        rescue = Rescue(self._device, self._stop, self._bad_limit)
        seen = Seen()
        try:
            with closing(scan_chunks(self._device, spans, rescue)) as found:
                for chunk in found:
                    self._check_stop()
                    if chunk is None:
                        yield from meter.same()
                        continue
                    for bad in chunk.bad:
                        yield record.medium_error("read", bad)
                    if chunk.shown is not None:
                        seen.add(chunk.span, chunk.shown)
                        record.verified_bytes += chunk.span.length
                    record.verify_s = meter.elapsed_s
                    yield from meter.at(record.verified_bytes)
        except TooManyBadSectorsError:
            yield record.observe(ObservationKind.READ_ERRORS, gave_up_at=self._bad_limit)
        yield from meter.at(record.verified_bytes, last=True)
        yield self._conclusion(seen, random_is_erased=random_is_erased)

    def _conclusion(self, seen: Seen, *, random_is_erased: bool) -> Event:
        record = self._record
        if seen.data_at is not None:
            return record.observe(
                ObservationKind.READBACK_MISMATCH,
                patterns=seen.patterns,
                first_lba=seen.data_at // self._device.logical_bytes,
            )
        shown = seen.erased(random_is_erased=random_is_erased)
        if shown is not None and record.verified_bytes == record.required_bytes:
            return record.observe(
                ObservationKind.READBACK_ERASED, **shown, bytes=record.verified_bytes
            )
        return record.observe(
            ObservationKind.READBACK_INCOMPLETE,
            patterns=seen.patterns,
            bytes=record.verified_bytes,
        )
