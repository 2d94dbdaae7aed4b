"""Sanitizer: overwrite the whole surface with the keyed stream, flush, read back, judge."""

from __future__ import annotations

import contextlib
import errno
import time
from collections.abc import Generator, Iterator
from contextlib import closing

from reprise.adapters.blockio import BlockFile, DriveGoneError
from reprise.adapters.surface.keystream import CHUNK_BYTES, Keystream
from reprise.adapters.surface.meter import Meter
from reprise.adapters.surface.opening import NotOpenedError, open_planned
from reprise.adapters.surface.pipeline import background, pipeline
from reprise.adapters.surface.readback import Foreign, read_chunks, reopen
from reprise.adapters.surface.record import Record, depth_for
from reprise.adapters.surface.rescue import BadSpan, Rescue, Stopped, TooManyBadSectorsError
from reprise.domain.events import Event, ObservationKind, Progress, VerifyStarted
from reprise.domain.pattern import Span, chunks
from reprise.domain.policy import Policy
from reprise.domain.verification import sample_seed, verify_spans
from reprise.ports import DriveProbe, Job, StopFlag

Happening = Event | Progress

CHECKPOINT_BYTES = 256 << 20
_CHECKPOINT_MIN_S = 1.0  # a fast drive must not wear out the stick with checkpoints
_CHECKPOINT_MAX_S = 10.0
_SEAM_BYTES = 64 << 20  # re-checked before a resume point: about a drive's own write cache


class OverwriteSanitizer:
    """Implements ports.Sanitizer for Technique.OVERWRITE."""

    def __init__(
        self, probe: DriveProbe, policy: Policy, checkpoint_bytes: int = CHECKPOINT_BYTES
    ) -> None:
        self._probe = probe
        self._policy = policy
        self._checkpoint_bytes = checkpoint_bytes

    def run(self, job: Job, stop: StopFlag) -> Iterator[Happening]:
        """See ports.Sanitizer. Nothing is written unless the open drive is the planned one."""
        record = Record(job)
        try:
            with open_planned(job, self._probe, self._policy) as device:
                run = _Run(job, device, stop, record, self._policy.max_bad_sectors)
                yield from run.everything(self._checkpoint_bytes)
                with contextlib.suppress(OSError):  # EINVAL where there cannot be partitions
                    device.reread_partitions()
                yield record.finished()
        except NotOpenedError as error:
            yield record.observe(error.kind, **error.detail)
            yield record.finished()
        except DriveGoneError:
            yield record.interrupted("unplugged")
        except Stopped:
            yield record.interrupted("operator")


class _Run:
    """One overwrite on an open drive; `everything` is the order of things."""

    def __init__(
        self, job: Job, device: BlockFile, stop: StopFlag, record: Record, bad_limit: int
    ) -> None:
        self._job, self._device, self._stop, self._record = job, device, stop, record
        self._bad_limit = bad_limit
        self._size = device.size_bytes
        self._stream = Keystream(job.job_id, job.job_key)
        self._spans = verify_spans(
            depth_for(job),
            self._size,
            device.physical_bytes,
            sample_seed(job.job_id, job.job_key),
        )
        record.depth = depth_for(job)
        record.required_bytes = sum(span.length for span in self._spans)

    def everything(self, checkpoint_bytes: int) -> Iterator[Happening]:
        start = yield from self._resume_point()
        try:
            yield from self._write(start, checkpoint_bytes)
        except TooManyBadSectorsError:
            yield self._record.observe(ObservationKind.WRITE_ERRORS, gave_up_at=self._bad_limit)
            return  # a dying drive: it has failed, whatever a read-back would say
        yield VerifyStarted(self._record.drive, self._job.job_id, self._record.depth)
        try:
            yield from self._verify()
        except TooManyBadSectorsError:
            yield self._record.observe(ObservationKind.READ_ERRORS, gave_up_at=self._bad_limit)

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise Stopped

    # resume

    def _resume_point(self) -> Generator[Happening, None, int]:
        """Where to go on: the checkpoint where its seam carries the stream, else the start."""
        wanted = min(self._job.resume_from_bytes, self._size)
        resume = wanted if wanted == self._size else wanted - wanted % CHUNK_BYTES
        if resume == 0:
            return 0
        first = max(0, resume - _SEAM_BYTES)
        rescue = Rescue(self._device, self._stop, self._bad_limit)
        meter = Meter(self._record.drive, "verify", resume - first)
        try:
            seam = (Span(first, resume - first),)
            with closing(read_chunks(self._device, self._stream, seam, rescue)) as chunks_read:
                for chunk in chunks_read:
                    self._check_stop()
                    if chunk is None:
                        yield from meter.same()
                    elif chunk.bad or chunk.differs.ranges:
                        yield self._record.checkpoint(0)
                        return 0
        except TooManyBadSectorsError:
            yield self._record.checkpoint(0)
            return 0
        return resume

    # write

    def _write(self, start: int, checkpoint_bytes: int) -> Iterator[Happening]:
        record = self._record
        record.written_bytes = start
        meter = Meter(
            record.drive,
            "write",
            self._size,
            done_bytes=start,
            after_bytes=record.required_bytes,
        )
        rescue = Rescue(self._device, self._stop, self._bad_limit)
        due = _CheckpointClock(start, checkpoint_bytes)
        lost = 0

        def work(span: Span, buffer: memoryview) -> tuple[Span, tuple[BadSpan, ...]]:
            self._stream.fill(buffer, span.offset)

            def move(part: Span) -> None:
                at = part.offset - span.offset
                self._device.write_from(part.offset, buffer[at : at + part.length])

            return span, rescue.transfer(span, move)

        with closing(pipeline(chunks(start, self._size, CHUNK_BYTES), work)) as written:
            for done in written:
                self._check_stop()
                if done is None:
                    yield from meter.same()
                    continue
                span, bad = done
                for one in bad:
                    yield record.medium_error("write", one)
                    lost += one.span.length
                record.written_bytes += span.length - sum(one.span.length for one in bad)
                record.write_s = meter.elapsed_s
                yield from meter.at(span.end)
                if due.at(span.end) and span.end < self._size:
                    yield from self._flush(meter, span.end)
        if lost:
            yield record.observe(ObservationKind.WRITE_ERRORS, bytes=lost)
        if (yield from self._flush(meter, self._size)):
            yield record.observe(ObservationKind.FLUSHED, command="fsync")
        record.write_s = meter.elapsed_s
        yield from meter.at(self._size, last=True)

    def _flush(self, meter: Meter, done_bytes: int) -> Generator[Happening, None, bool]:
        flushing = background(self._device.flush)
        try:
            for _tick in flushing:
                self._check_stop()
                yield from meter.same()
        except OSError as error:
            self._device.check_there(error)
            yield self._record.observe(
                ObservationKind.FLUSH_FAILED,
                errno=errno.errorcode.get(error.errno or 0, str(error.errno)),
            )
            return False
        yield self._record.checkpoint(done_bytes)
        return True

    # verify

    def _verify(self) -> Iterator[Happening]:
        record = self._record
        meter = Meter(record.drive, "verify", record.required_bytes)
        rescue = Rescue(self._device, self._stop, self._bad_limit)
        foreign = Foreign()
        unread = 0
        with (
            self._reopened() as device,
            closing(read_chunks(device, self._stream, self._spans, rescue)) as found,
        ):
            for chunk in found:
                self._check_stop()
                if chunk is None:
                    yield from meter.same()
                    continue
                for one in chunk.bad:
                    yield record.medium_error("read", one)
                    unread += one.span.length
                foreign.add(chunk.differs)
                record.verified_bytes += chunk.compared_bytes
                record.verify_s = meter.elapsed_s
                yield from meter.at(record.verified_bytes + unread)
                if foreign.enough:
                    break
        yield from meter.at(record.verified_bytes + unread, last=True)
        if unread:
            yield record.observe(ObservationKind.READ_ERRORS, bytes=unread)
        yield from self._conclude(foreign)

    def _reopened(self) -> BlockFile:
        try:
            return reopen(self._device)
        except OSError as error:
            raise DriveGoneError(self._device.node) from error

    def _conclude(self, foreign: Foreign) -> Iterator[Happening]:
        record = self._record
        if foreign.count:
            yield record.observe(
                ObservationKind.READBACK_MISMATCH, **foreign.detail(self._device.logical_bytes)
            )
        if foreign.wrapped:
            first = foreign.wrapped[0]
            yield record.observe(
                ObservationKind.WRAPPED,
                at_bytes=first.at_bytes,
                meant_for_bytes=first.meant_for_bytes,
                seen=len(foreign.wrapped),
            )
        if record.verified_bytes < record.required_bytes:
            yield record.observe(
                ObservationKind.READBACK_INCOMPLETE,
                bytes=record.verified_bytes,
                required_bytes=record.required_bytes,
            )
        elif not foreign.count:
            yield record.observe(ObservationKind.READBACK_MATCHES, bytes=record.verified_bytes)


class _CheckpointClock:
    """When the next flush is due: after so many bytes, but not more often than once a second,
    and after ten seconds in any case."""

    def __init__(self, start: int, every_bytes: int) -> None:
        self._every = every_bytes
        self._last_bytes, self._last_s = start, time.monotonic()

    def at(self, done_bytes: int) -> bool:
        now = time.monotonic()
        passed_s = now - self._last_s
        enough = done_bytes - self._last_bytes >= self._every and passed_s >= _CHECKPOINT_MIN_S
        if not enough and passed_s < _CHECKPOINT_MAX_S:
            return False
        self._last_bytes, self._last_s = done_bytes, now
        return True
