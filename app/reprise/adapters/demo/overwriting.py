"""ports.Sanitizer for an overwrite of a played drive: see adapters.drives.overwrite for the real
one."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.adapters.demo.clock import PlayedTime
from reprise.adapters.demo.demo_pc import DemoPc
from reprise.adapters.demo.drive import PlayedDevice
from reprise.adapters.demo.passes import passes
from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.surface.counters import smart_counters
from reprise.adapters.drives.surface.ending import to_its_end
from reprise.adapters.drives.surface.heat import Heat, limits_of
from reprise.adapters.drives.surface.keystream import Keystream
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import open_planned
from reprise.adapters.drives.surface.readback import ReadChunk
from reprise.adapters.drives.surface.record import Record, depth_for
from reprise.adapters.drives.surface.rescue import Rescue
from reprise.adapters.drives.surface.verifying import ReadBack
from reprise.adapters.drives.surface.watching import Watch
from reprise.domain.erasure.pattern import Span
from reprise.domain.erasure.sampling import sample_seed, verify_spans
from reprise.domain.planning.policy import Policy
from reprise.domain.report.events import Event, ObservationKind, Update, VerifyStarted
from reprise.ports import Job, StopFlag

_CHECKPOINT_TICKS = 10


class PlayedOverwrite:
    """The marks of its work (checkpoints, medium errors, flush, read-back) come in the real
    order, and the record of them is judged by the real judge."""

    def __init__(self, pc: DemoPc, policy: Policy, time: PlayedTime) -> None:
        self._pc, self._policy, self._time = pc, policy, time

    def run(self, job: Job, stop: StopFlag) -> Iterator[Update]:
        record = Record(job)
        yield from to_its_end(job, record, self._work(job, stop, record))

    def _work(self, job: Job, stop: StopFlag, record: Record) -> Iterator[Update]:
        with open_planned(job, self._pc, self._policy, *self._pc.ways) as device:
            if not isinstance(device, PlayedDevice):
                raise TypeError("a made-up PC gives played drives only")
            yield from self._on(device, job, stop, record)
        yield from smart_counters(job, self._pc, record)

    def _on(
        self, device: PlayedDevice, job: Job, stop: StopFlag, record: Record
    ) -> Iterator[Update]:
        played, time = device.played, self._time
        pause_c, resume_c = limits_of(job.drive.media, self._policy.temperature)
        heat = Heat(
            record,
            lambda: played.celsius(pause_c),
            (pause_c, resume_c),
            stop,
            now=time.monotonic,
            sleep=lambda _s: time.sleep(time.tick_s),
        )
        watch = Watch(record, stop, heat, self._policy.sanitize_stuck_after_s, time.monotonic)
        record.depth = depth_for(job)
        seed = sample_seed(job.job_id, job.job_key)
        spans = verify_spans(record.depth, device.size_bytes, device.physical_bytes, seed)
        record.required_bytes = sum(span.length for span in spans)
        yield from self._write(device, job, record, watch)
        yield VerifyStarted(record.drive, job.job_id, record.depth)
        readback = _PlayedReadBack(job, record, spans, time)
        yield from readback.run(device, Rescue(device, stop, self._policy.max_bad_sectors), watch)

    def _start(self, device: PlayedDevice, job: Job, record: Record) -> Iterator[Event]:
        """Where to go on: only on a drive that still carries this job's stream."""
        wanted = min(job.resume_from_bytes, device.size_bytes)
        if wanted and not device.played.carries(job.job_id, wanted):
            yield record.checkpoint(0)
            wanted = 0
        record.written_bytes = wanted

    def _write(
        self, device: PlayedDevice, job: Job, record: Record, watch: Watch
    ) -> Iterator[Update]:
        yield from self._start(device, job, record)
        start, size = record.written_bytes, device.size_bytes
        meter = Meter(
            record.drive,
            "write",
            size,
            done_bytes=start,
            after_bytes=record.required_bytes,
            now=self._time.monotonic,
        )
        watch.begin("write")
        lost = ticks = 0
        rest = (Span(start, size - start),)
        for part, tick in passes(device.played, rest, device.played.manner.write_bytes_s):
            for bad in device.played.writes(job.job_id, part):
                yield record.medium_error("write", bad)
                lost += bad.span.length
            record.written_bytes = part.end - lost
            record.write_s = meter.elapsed_s
            yield from meter.at(part.end)
            yield from watch.moved(part.end, size)
            ticks += tick
            if tick and ticks % _CHECKPOINT_TICKS == 0 and part.end < size:
                yield record.checkpoint(part.end)
        if lost:
            yield record.observe(ObservationKind.WRITE_ERRORS, bytes=lost)
        yield record.checkpoint(size)
        yield record.observe(ObservationKind.FLUSHED, command="fsync")
        yield from meter.at(size, last=True)


class _PlayedReadBack(ReadBack):
    """The real counting and the real conclusions, over what the drive says it carries."""

    def __init__(self, job: Job, record: Record, spans: tuple[Span, ...], time: PlayedTime) -> None:
        super().__init__(record, Keystream(job.job_id, job.job_key, job.stream), spans)
        self._meter = Meter(record.drive, "verify", record.required_bytes, now=time.monotonic)
        self._job_id = job.job_id

    def _read(self, device: BlockFile, _rescue: Rescue, watch: Watch) -> Iterator[Update]:
        if not isinstance(device, PlayedDevice):
            raise TypeError("only played drives are read by this")
        played = device.played
        watch.begin("read")
        for part, _tick in passes(played, self._spans, played.manner.read_bytes_s):
            yield from self._count(ReadChunk(part, *played.reads(self._job_id, part)), watch)
            if self._foreign.enough:
                return
