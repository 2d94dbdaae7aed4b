"""ports.Sanitizer for what a played drive does to itself: the real one is firmware.witnessed."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from reprise.adapters.demo.clock import PlayedTime
from reprise.adapters.demo.demo_pc import DemoPc
from reprise.adapters.demo.drive import PlayedDevice
from reprise.adapters.demo.passes import passes
from reprise.adapters.drives.firmware.too_fast import too_quick
from reprise.adapters.drives.surface.canaries import Canaries
from reprise.adapters.drives.surface.counters import smart_counters
from reprise.adapters.drives.surface.ending import to_its_end
from reprise.adapters.drives.surface.erased_pattern import Appearance, SurfaceSummary
from reprise.adapters.drives.surface.keystream import Keystream
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import NotOpenedError, open_planned
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.adapters.drives.surface.witness import WitnessedSurface
from reprise.domain.erasure.canaries import canary_offsets
from reprise.domain.erasure.pattern import Span
from reprise.domain.erasure.sampling import sample_seed, verify_spans
from reprise.domain.erasure.verification import noise_is_erased
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import SPECS, Family
from reprise.domain.report.events import ObservationKind, Update, VerifyStarted
from reprise.ports import Job, StopFlag

_LEAST_TICKS = 20  # a command that takes seconds is worth seeing, too
_BREAKS_OFF_AT = 0.37


class PlayedErase:
    """Marks are planted, looked at and counted by the real code, as real bytes."""

    def __init__(self, pc: DemoPc, policy: Policy, time: PlayedTime) -> None:
        self._pc, self._policy, self._time = pc, policy, time

    def run(self, job: Job, stop: StopFlag) -> Iterator[Update]:
        record = Record(job)
        yield from to_its_end(job, record, self._work(job, stop, record))

    def _work(self, job: Job, stop: StopFlag, record: Record) -> Iterator[Update]:
        yield from self._everything(job, stop, record)
        yield from smart_counters(job, self._pc, record)

    def _everything(self, job: Job, stop: StopFlag, record: Record) -> Iterator[Update]:
        if job.reattach:  # no played drive outlives its demonstration
            yield record.observe(ObservationKind.REATTACHED, job_id=job.job_id)
            yield record.observe(ObservationKind.STATUS_NOT_OURS, state="idle")
            return
        seed = sample_seed(job.job_id, job.job_key)
        size = job.drive.identity.size_bytes
        stream = Keystream(job.job_id, job.job_key, job.stream)
        canaries = Canaries(stream, canary_offsets(size, seed))
        with open_planned(job, self._pc, self._policy, *self._pc.ways) as claimed:
            device = _played(claimed)
            _check(device, job)
            surface = _PlayedSurface(device, stop, record, self._policy, self._time)
            if not (yield from surface.plant(canaries)):
                return
            if not (yield from self._command(device, job, record, stop)):
                return
        yield VerifyStarted(record.drive, job.job_id, record.depth)
        with open_planned(job, self._pc, self._policy, *self._pc.ways) as claimed:
            device = _played(claimed)
            surface = _PlayedSurface(device, stop, record, self._policy, self._time)
            yield from surface.look(canaries)
            spans = verify_spans(record.depth, size, device.physical_bytes, seed)
            noise = noise_is_erased(job.attempt.technique)
            yield from surface.read_all(spans, random_is_erased=noise)

    def _command(
        self, device: PlayedDevice, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, bool]:
        """The drive's own command to its end. False where it ended with an error."""
        technique, played = job.attempt.technique, device.played
        takes_s = played.manner.erase_s[technique]
        meter = Meter(record.drive, record.phase, device.size_bytes, now=self._time.monotonic)
        yield record.observe(ObservationKind.COMMAND_ACCEPTED, command=technique.value)
        tick_s = min(self._time.tick_s, takes_s / _LEAST_TICKS)
        told = False
        while meter.elapsed_s < takes_s:
            if stop.is_set():
                raise Stopped
            part = meter.elapsed_s / takes_s
            played.at_part(part)
            record.write_s = meter.elapsed_s
            yield from meter.at(int(part * device.size_bytes))
            if part > 0 and not told:
                told = True
                yield record.observe(ObservationKind.COMMAND_RUNNING, percent=int(part * 100))
            if part > _BREAKS_OFF_AT and played.breaks_off(technique):
                yield record.observe(
                    ObservationKind.COMMAND_FAILED,
                    command=technique.value,
                    seconds=round(meter.elapsed_s),
                )
                return False
            self._time.sleep(tick_s)
        played.erases_itself()
        record.write_s = meter.elapsed_s
        yield record.observe(
            ObservationKind.COMMAND_FINISHED,
            command=technique.value,
            duration_s=round(meter.elapsed_s, 3),
        )
        yield from too_quick(job, meter.elapsed_s, record)
        return True


def _played(device: object) -> PlayedDevice:
    if not isinstance(device, PlayedDevice):
        raise TypeError("a made-up PC gives played drives only")
    return device


def _check(device: PlayedDevice, job: Job) -> None:
    """Raises NotOpenedError where the drive would refuse the command."""
    technique = job.attempt.technique
    frozen = SPECS[technique].family is Family.ATA_SECURITY and device.played.frozen
    if frozen or technique not in device.played.manner.erase_s:
        raise NotOpenedError(
            ObservationKind.COMMAND_FAILED,
            command=technique.value,
            refusal="frozen" if frozen else "unsupported",
        )


class _PlayedSurface(WitnessedSurface):
    """The real marks and the real conclusion, over what the drive shows."""

    def __init__(
        self,
        device: PlayedDevice,
        stop: StopFlag,
        record: Record,
        policy: Policy,
        time: PlayedTime,
    ) -> None:
        super().__init__(device, stop, record, policy)
        self._played, self._time = device.played, time

    def read_all(self, spans: tuple[Span, ...], *, random_is_erased: bool) -> Iterator[Update]:
        record, played = self._record, self._played
        record.required_bytes = sum(span.length for span in spans)
        meter = Meter(record.drive, "verify", record.required_bytes, now=self._time.monotonic)
        seen = SurfaceSummary()
        for part, _tick in passes(played, spans, played.manner.read_bytes_s):
            self._check_stop()
            bad, pattern = played.shows(part)
            for bad_span in bad:
                yield record.medium_error("read", bad_span)
            if not bad:
                seen.add(part, Appearance(pattern))
                record.verified_bytes += part.length
            record.verify_s = meter.elapsed_s
            yield from meter.at(record.verified_bytes)
        yield from meter.at(record.verified_bytes, last=True)
        yield self._conclusion(seen, random_is_erased=random_is_erased)
