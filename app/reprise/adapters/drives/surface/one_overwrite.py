"""One overwrite on an open drive: go on where it stopped, write, flush, read back."""

from __future__ import annotations

import errno
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress

from reprise.adapters.drives.blockio import BlockFile, DriveGoneError
from reprise.adapters.drives.surface.checkpoints import CheckpointClock
from reprise.adapters.drives.surface.counters import smart_counters
from reprise.adapters.drives.surface.keystream import CHUNK_BYTES, Keystream
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import Flush
from reprise.adapters.drives.surface.pipeline import background, pipeline
from reprise.adapters.drives.surface.readback import read_chunks, reopen
from reprise.adapters.drives.surface.record import Record, depth_for
from reprise.adapters.drives.surface.rescue import BadSpan, Rescue, TooManyBadSectorsError
from reprise.adapters.drives.surface.verifying import ReadBack
from reprise.adapters.drives.surface.watching import Watch
from reprise.domain.erasure.pattern import Span, chunks
from reprise.domain.erasure.sampling import sample_seed, verify_spans
from reprise.domain.report.events import Event, ObservationKind, Update, VerifyStarted
from reprise.ports import DriveProbe, Job

_SEAM_BYTES = 64 << 20  # re-checked before a resume point: about a drive's own write cache


class OneOverwrite:
    """`everything` is the order of things."""

    def __init__(
        self,
        job: Job,
        device: BlockFile,
        watch: Watch,
        record: Record,
        *,
        rescue: Callable[[], Rescue],  # a new one for every phase
        flush: Callable[[], Flush],
    ) -> None:
        self._job, self._device, self._watch, self._record = job, device, watch, record
        self._rescue, self._empty = rescue, flush
        self._size = device.size_bytes
        self._stream = Keystream(job.job_id, job.job_key, job.stream)
        self._spans = verify_spans(
            depth_for(job),
            self._size,
            device.physical_bytes,
            sample_seed(job.job_id, job.job_key),
        )
        record.depth = depth_for(job)
        record.required_bytes = sum(span.length for span in self._spans)

    def everything(self, checkpoint_bytes: int) -> Generator[Update, None, None]:
        """Raises Stopped, DriveGoneError, HungError."""
        start = yield from self._resume_point()
        rescue = self._rescue()
        try:
            yield from self._write(start, checkpoint_bytes, rescue)
        except TooManyBadSectorsError:
            yield self._record.observe(ObservationKind.WRITE_ERRORS, gave_up_at=rescue.limit)
            return  # a dying drive: it has failed, whatever a read-back would say
        yield VerifyStarted(self._record.drive, self._job.job_id, self._record.depth)
        yield from self._verify()

    def afterwards(self, probe: DriveProbe) -> Generator[Update, None, None]:
        """Forget partitions that are gone; ask the drive how its sectors are."""
        meter = Meter(self._record.drive, "verify", self._record.required_bytes)
        done = self._record.verified_bytes
        with suppress(OSError):  # EINVAL where there cannot be partitions
            for _tick in background(self._device.reread_partitions):
                yield from meter.at(done)
        counted: list[Event] = []
        asking = background(lambda: counted.extend(smart_counters(self._job, probe, self._record)))
        for _tick in asking:
            yield from meter.at(done)
        yield from counted

    # resume

    def _resume_point(self) -> Generator[Update, None, int]:
        """Where to go on: the checkpoint where its seam carries the stream, else the start."""
        wanted = min(self._job.resume_from_bytes, self._size)
        resume = wanted if wanted == self._size else wanted - wanted % CHUNK_BYTES
        if resume == 0:
            return 0
        first = max(0, resume - _SEAM_BYTES)
        meter = Meter(self._record.drive, "verify", resume - first)
        self._watch.begin("read")
        try:
            seam = (Span(first, resume - first),)
            rescue = self._rescue()
            with closing(read_chunks(self._device, self._stream, seam, rescue)) as chunks_read:
                for chunk in chunks_read:
                    if chunk is None:
                        yield from self._watch.waiting(meter)
                        continue
                    yield from self._watch.moved(chunk.span.end - first, resume - first)
                    if chunk.bad or chunk.differs.ranges:
                        yield self._record.checkpoint(0)
                        return 0
        except TooManyBadSectorsError:
            yield self._record.checkpoint(0)
            return 0
        return resume

    # write

    def _write(self, start: int, checkpoint_bytes: int, rescue: Rescue) -> Iterator[Update]:
        record = self._record
        record.written_bytes = start
        meter = Meter(
            record.drive,
            "write",
            self._size,
            done_bytes=start,
            after_bytes=record.required_bytes,
        )
        self._watch.begin("write")
        due = CheckpointClock(start, self._size, checkpoint_bytes)
        lost = 0

        def work(span: Span, buffer: memoryview) -> tuple[Span, tuple[BadSpan, ...]]:
            self._stream.fill(buffer, span.offset)

            def move(part: Span) -> None:
                at = part.offset - span.offset
                self._device.write_from(part.offset, buffer[at : at + part.length])

            return span, rescue.transfer(span, move)

        with closing(pipeline(chunks(start, self._size, CHUNK_BYTES), work)) as written:
            for done in written:
                if done is None:
                    yield from self._watch.waiting(meter)
                    continue
                span, bad = done
                for bad_span in bad:
                    yield record.medium_error("write", bad_span)
                    lost += bad_span.span.length
                record.written_bytes += span.length - sum(fault.span.length for fault in bad)
                record.write_s = meter.elapsed_s
                yield from meter.at(span.end)
                yield from self._watch.moved(span.end, self._size)
                if due.at(span.end) and span.end < self._size:
                    yield from self._flush(meter, span.end)
                    self._watch.begin("write")
        if lost:
            yield record.observe(ObservationKind.WRITE_ERRORS, bytes=lost)
        yield from self._flush_all(meter)
        record.write_s = meter.elapsed_s
        yield from meter.at(self._size, last=True)

    def _flush_all(self, meter: Meter) -> Iterator[Update]:
        sent = yield from self._flush(meter, self._size)
        if sent is None:
            return
        if sent.by:
            yield self._record.observe(ObservationKind.FLUSHED, command=sent.by)
        else:
            refused = {"refused": ", ".join(sent.refused)} if sent.refused else {}
            yield self._record.observe(ObservationKind.FLUSH_NOT_SENT, **refused)

    def _flush(self, meter: Meter, done_bytes: int) -> Generator[Update, None, Flush | None]:
        """None where it failed."""
        self._watch.begin("flush")
        sent: list[Flush] = []
        try:
            for _tick in background(lambda: sent.append(self._empty())):
                yield from self._watch.waiting(meter)
        except OSError as error:
            self._device.check_there(error)
            yield self._record.observe(
                ObservationKind.FLUSH_FAILED,
                errno=errno.errorcode.get(error.errno or 0, str(error.errno)),
            )
            return None
        if sent[0].covers:
            yield self._record.checkpoint(done_bytes)
        return sent[0]

    # verify

    def _verify(self) -> Iterator[Update]:
        readback = ReadBack(self._record, self._stream, self._spans)
        with self._reopened() as device:
            yield from readback.run(device, self._rescue(), self._watch)

    def _reopened(self) -> BlockFile:
        try:
            return reopen(self._device)
        except OSError as error:
            raise DriveGoneError(self._device.node) from error
