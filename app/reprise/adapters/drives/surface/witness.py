"""A drive that erases itself out of sight, witnessed from outside: marks before and after, and
the whole surface afterwards."""

from __future__ import annotations

import errno
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from operator import methodcaller

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.surface.canaries import BAD_MARKS, Canaries, Mark
from reprise.adapters.drives.surface.erased_pattern import SurfaceSummary
from reprise.adapters.drives.surface.erased_scan import scan_chunks
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.drives.surface.rescue import BadSpan, Rescue, Stopped, TooManyBadSectorsError
from reprise.domain.erasure.canaries import CANARY_BYTES, TRIES, enough_stand, nearby
from reprise.domain.erasure.pattern import Span
from reprise.domain.planning.policy import Policy
from reprise.domain.report.events import Event, ObservationKind, Update
from reprise.ports import StopFlag


@dataclass(frozen=True, slots=True)
class Bad:
    """A place that failed: `operation` "write" or "read"."""

    operation: str
    span: BadSpan

    @property
    def offset(self) -> int:
        return self.span.span.offset


@dataclass(frozen=True, slots=True)
class _Planted:
    """One pass of planting. `lost`: written without an error, and not there."""

    standing: tuple[int, ...] = ()
    bad: tuple[Bad, ...] = ()
    lost: int = 0

    def and_(self, more: _Planted) -> _Planted:
        return _Planted(self.standing + more.standing, self.bad + more.bad, self.lost + more.lost)


def _unread(marks: list[Mark]) -> int:
    return sum(mark.bad is not None for mark in marks)


class WitnessedSurface:
    """Before and after the format, on the open drive."""

    def __init__(self, device: BlockFile, stop: StopFlag, record: Record, policy: Policy) -> None:
        self._device, self._stop, self._record = device, stop, record
        self._bad_limit = policy.max_bad_sectors

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise Stopped

    def plant(
        self, canaries: Canaries, flush: Callable[[BlockFile], object] = methodcaller("flush")
    ) -> Generator[Update, None, bool]:
        """True where enough marks (domain.erasure.canaries) were written, flushed and read back
        from the medium. One on a bad sector is planted near by: a drive that is going bad needs its
        erase the most."""
        planned = canaries.offsets
        marks = yield from self._all_planted(canaries, flush)
        if marks is None:
            return False
        few = not enough_stand(len(planned), len(marks.standing))
        if marks.lost or few or len(marks.bad) >= BAD_MARKS:
            for bad in marks.bad:
                yield self._record.medium_error(bad.operation, bad.span)
            yield self._record.observe(
                ObservationKind.WRITE_ERRORS,
                canaries=len(planned),
                standing=len(marks.standing),
            )
            return False
        canaries.stand(marks.standing, (moved.offset for moved in marks.bad))
        if marks.bad:
            yield self._record.observe(
                ObservationKind.MARKS_MOVED,
                places=len(marks.bad),
                first_lba=min(moved.offset for moved in marks.bad) // self._device.logical_bytes,
                canaries=len(planned),
            )
        yield self._record.observe(ObservationKind.CANARIES_PLANTED, canaries=len(marks.standing))
        return True

    def _all_planted(
        self, canaries: Canaries, flush: Callable[[BlockFile], object]
    ) -> Generator[Update, None, _Planted | None]:
        """Each where it belongs, or near by."""
        waiting, all_found = canaries.offsets, _Planted()
        taken = set(waiting)
        for _try in range(TRIES):
            planted = yield from self._planted(canaries, waiting, flush)
            if planted is None:
                return None
            all_found = all_found.and_(planted)
            if planted.lost or not planted.bad or len(all_found.bad) >= BAD_MARKS:
                break
            waiting = ()
            for bad in planted.bad:
                place = nearby(bad.offset, self._device.size_bytes, taken)
                if place is not None:
                    waiting += (place,)
                    taken.add(place)
        return all_found

    def _planted(
        self,
        canaries: Canaries,
        offsets: tuple[int, ...],
        flush: Callable[[BlockFile], object],
    ) -> Generator[Update, None, _Planted | None]:
        """Once; None (after an observation) where the flush failed."""
        written = yield from self._marks(canaries.plant(self._device, offsets), len(offsets))
        try:
            flush(self._device)
        except OSError as error:
            self._device.check_there(error)
            yield self._record.observe(
                ObservationKind.FLUSH_FAILED, errno=errno.errorcode.get(error.errno or 0, "?")
            )
            return None
        self._device.drop_cache()
        places = tuple(mark.offset for mark in written if mark.bad is None)
        seen = yield from self._marks(canaries.look(self._device, places), len(places))
        bad = [Bad("write", mark.bad) for mark in written if mark.bad is not None]
        bad += [Bad("read", mark.bad) for mark in seen if mark.bad is not None]
        standing = tuple(mark.offset for mark in seen if mark.stands)
        return _Planted(standing, tuple(bad), len(places) - len(standing) - _unread(seen))

    def look(
        self, canaries: Canaries, *, write_first: bool = False
    ) -> Generator[Update, None, bool]:
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

    def _marks(self, marks: Iterator[Mark], count: int) -> Generator[Update, None, list[Mark]]:
        meter = Meter(self._record.drive, "canaries", count * CANARY_BYTES)
        done: list[Mark] = []
        for mark in marks:
            self._check_stop()
            done.append(mark)
            yield from meter.at(len(done) * CANARY_BYTES)
        return done

    def read_all(self, spans: tuple[Span, ...], *, random_is_erased: bool) -> Iterator[Update]:
        """Read `spans`; `random_is_erased`: after a crypto erase, noise is what must be seen."""
        record = self._record
        record.required_bytes = sum(span.length for span in spans)
        meter = Meter(record.drive, "verify", record.required_bytes)
        rescue = Rescue(self._device, self._stop, self._bad_limit)
        seen = SurfaceSummary()
        try:
            with closing(scan_chunks(self._device, spans, rescue)) as scanned:
                for chunk in scanned:
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

    def _conclusion(self, seen: SurfaceSummary, *, random_is_erased: bool) -> Event:
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
