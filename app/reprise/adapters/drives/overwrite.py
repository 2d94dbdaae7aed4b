"""Sanitizer: overwrite the whole surface with the keyed stream, flush, read back, judge."""

from __future__ import annotations

import errno
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from functools import partial

from reprise.adapters.drives.blockio import BlockFile, DriveGoneError
from reprise.adapters.drives.capabilities.reidentify import OwnWords
from reprise.adapters.drives.firmware.mmc_zeros import zero_other_areas
from reprise.adapters.drives.firmware.nvme_detached import Detached
from reprise.adapters.drives.flushing import DriveFlush
from reprise.adapters.drives.passthrough.nvme_admin import KernelNvmeAdmin, NvmeAdmin
from reprise.adapters.drives.surface.checkpoints import CHECKPOINT_BYTES, CheckpointClock
from reprise.adapters.drives.surface.counters import smart_counters
from reprise.adapters.drives.surface.ending import to_its_end
from reprise.adapters.drives.surface.heat import Heat, Thermometer, limits_of, thermometer_of
from reprise.adapters.drives.surface.keystream import CHUNK_BYTES, Keystream
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import Asks, Flush, Flushes, open_planned
from reprise.adapters.drives.surface.pipeline import background, pipeline
from reprise.adapters.drives.surface.readback import read_chunks, reopen
from reprise.adapters.drives.surface.record import Record, depth_for
from reprise.adapters.drives.surface.rescue import BadSpan, Rescue, Stopped, TooManyBadSectorsError
from reprise.adapters.drives.surface.verifying import ReadBack
from reprise.adapters.drives.surface.watching import HungError, Watch
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.erasure.pattern import Span, chunks
from reprise.domain.erasure.progress import Progress
from reprise.domain.erasure.sampling import sample_seed, verify_spans
from reprise.domain.planning.policy import Policy
from reprise.domain.report.events import (
    AttemptFinished,
    Event,
    ObservationKind,
    Update,
    VerifyStarted,
)
from reprise.ports import DriveProbe, Job, StopFlag

_SEAM_BYTES = 64 << 20  # re-checked before a resume point: about a drive's own write cache


class OverwriteSanitizer:
    """Implements ports.Sanitizer for Technique.OVERWRITE."""

    def __init__(
        self,
        probe: DriveProbe,
        policy: Policy,
        checkpoint_bytes: int = CHECKPOINT_BYTES,
        thermometer: Callable[[Job, DriveProbe, str], Thermometer | None] = thermometer_of,
        *,
        roots: Roots | None = None,
        asks: Asks | None = None,
        nvme: NvmeAdmin | None = None,
        flush: Flushes | None = None,
    ) -> None:
        self._probe = probe
        self._policy = policy
        self._checkpoint_bytes = checkpoint_bytes
        self._thermometer = thermometer
        self._roots = roots or Roots()
        self._asks = asks or OwnWords()
        self._nvme = nvme or KernelNvmeAdmin()
        self._flush = flush or DriveFlush()

    def run(self, job: Job, stop: StopFlag) -> Iterator[Update]:
        """See ports.Sanitizer. Nothing is written unless the open drive is the planned one."""
        record = Record(job)
        yield from to_its_end(job, record, self._work(job, stop, record))

    def _work(self, job: Job, stop: StopFlag, record: Record) -> Iterator[Update]:
        with open_planned(job, self._probe, self._policy, self._asks) as device:
            yield from self._on(device, job, stop, record)

    def _on(self, device: BlockFile, job: Job, stop: StopFlag, record: Record) -> Iterator[Update]:
        heat, watch = self._watched(device, job, stop, record)
        run = self._run_on(device, job, watch, record, stop)
        try:
            yield from heat.told(run.everything(self._checkpoint_bytes))
            yield from heat.told(self._others(device, job, stop, record, watch))
            yield from heat.told(run.afterwards(self._probe))
        except HungError as error:
            # it may hold its thread for ever: no more is asked of this drive
            yield record.observe(
                ObservationKind.COMMAND_HUNG, operation=error.operation, seconds=error.seconds
            )
        except (Stopped, DriveGoneError):
            yield from watch.leaving()
            raise

    def _watched(
        self, device: BlockFile, job: Job, stop: StopFlag, record: Record
    ) -> tuple[Heat, Watch]:
        read = self._thermometer(job, self._probe, device.number)
        heat = Heat(record, read, limits_of(job.drive.media, self._policy.temperature), stop)
        return heat, Watch(record, stop, heat, self._policy.sanitize_stuck_after_s)

    def _run_on(
        self, device: BlockFile, job: Job, watch: Watch, record: Record, stop: StopFlag
    ) -> _Run:
        limit = self._policy.max_bad_sectors
        return _Run(
            *(job, device, watch, record),
            rescue=lambda: Rescue(device, stop, limit),
            flush=partial(self._flush, device, job),
        )

    def _others(
        self, device: BlockFile, job: Job, stop: StopFlag, record: Record, watch: Watch
    ) -> Generator[Update, None, None]:
        """What the surface of the drive does not reach."""
        yield from zero_other_areas(device, job, self._roots, record=record, stop=stop, watch=watch)
        if job.attaches:
            surface = partial(self._elsewhere, stop)
            others = Detached(device, job, self._roots, self._nvme, surface)
            yield from others.overwrite(record, stop)

    def _elsewhere(
        self, stop: StopFlag, device: BlockFile, job: Job
    ) -> Generator[Update, None, AttemptFinished]:
        """The surface of another namespace. Of what happens there only Progress is told: the rest
        would be taken for the drive's own surface."""
        record = Record(job)
        heat, watch = self._watched(device, job, stop, record)
        run = self._run_on(device, job, watch, record, stop)
        for item in heat.told(run.everything(self._checkpoint_bytes)):
            if isinstance(item, Progress):
                yield item
        return record.finished()


class _Run:
    """One overwrite on an open drive; `everything` is the order of things."""

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
