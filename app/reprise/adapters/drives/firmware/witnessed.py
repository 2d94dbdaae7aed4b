"""Sanitizer for every technique that a drive carries out itself.

The drive works out of sight, so its word is not enough: marks are planted and proven to stand
before, none may stand after, and the surface must show one erased pattern. What that still cannot
prove (zeros may come from deallocated blocks; a thrown-away key cannot be seen) is in the attempt's
limitations.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Protocol, runtime_checkable

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.capabilities.reidentify import OwnWords
from reprise.adapters.drives.firmware.reattached import open_again
from reprise.adapters.drives.flushing import DriveFlush
from reprise.adapters.drives.surface.canaries import Canaries
from reprise.adapters.drives.surface.counters import smart_counters
from reprise.adapters.drives.surface.ending import to_its_end
from reprise.adapters.drives.surface.keystream import Keystream
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import Asks, Flushes, open_planned
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.drives.surface.witness import WitnessedSurface
from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.erasure.canaries import canary_offsets
from reprise.domain.erasure.sampling import sample_seed, verify_spans
from reprise.domain.erasure.verification import noise_is_erased
from reprise.domain.planning.options import must_be_written_first
from reprise.domain.planning.policy import Policy
from reprise.domain.report.events import ObservationKind, Update, VerifyStarted
from reprise.ports import DriveProbe, Job, StopFlag


class Procedure(Protocol):
    """One technique on one drive: the drive is open, claimed, and known to be the planned one."""

    def check(self, device: BlockFile, job: Job) -> None:
        """Raises NotOpenedError where the drive itself contradicts the plan (another namespace,
        frozen, locked). Nothing was sent yet."""
        ...

    def run(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, bool]:
        """Give the command and follow it to its end; where `job.reattach`, do not give it but look
        at how it stands.

        Yields CommandRan for every command that matters, the observations COMMAND_ACCEPTED,
        COMMAND_RUNNING, COMMAND_FINISHED (or COMMAND_FAILED, COMMAND_HUNG, STATUS_NOT_OURS,
        TOO_QUICK), and Progress at least once a second. Returns whether the surface should be
        looked at. Raises DriveGoneError, Stopped.
        """
        ...


@runtime_checkable
class Recovering(Procedure, Protocol):
    """A procedure that may find the drive in a state in which no marks can be planted."""

    def recover(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, bool]:
        """Bring it back to where it can be written, where it is not; its data may be gone then.
        False (after an observation that says why) where it cannot be."""
        ...


class WitnessedSanitizer:
    """Implements ports.Sanitizer around one Procedure."""

    def __init__(
        self,
        procedure: Procedure,
        probe: DriveProbe,
        policy: Policy,
        asks: Asks | None = None,
        flush: Flushes | None = None,
    ) -> None:
        self._procedure, self._probe, self._policy = procedure, probe, policy
        self._asks, self._flush = asks or OwnWords(), flush or DriveFlush()

    def run(self, job: Job, stop: StopFlag) -> Iterator[Update]:
        """See ports.Sanitizer. A stop is honoured at once; a drive that already erases itself goes
        on doing so, and the attempt is then INTERRUPTED."""
        record = Record(job)
        yield from to_its_end(job, record, self._work(job, stop, record))

    def _work(self, job: Job, stop: StopFlag, record: Record) -> Iterator[Update]:
        yield from self._everything(job, stop, record)
        yield from smart_counters(job, self._probe, record)

    def _everything(self, job: Job, stop: StopFlag, record: Record) -> Iterator[Update]:
        stream = Keystream(job.job_id, job.job_key, job.stream)
        seed = sample_seed(job.job_id, job.job_key)
        size = job.drive.identity.size_bytes
        canaries = Canaries(stream, canary_offsets(size, seed))
        with open_planned(job, self._probe, self._policy, self._asks) as device:
            self._procedure.check(device, job)
            if job.reattach:
                # planted, flushed and read back in the session that began this job
                yield record.observe(ObservationKind.REATTACHED, job_id=job.job_id)
                yield record.observe(
                    ObservationKind.CANARIES_PLANTED, canaries=len(canaries.offsets), earlier=1
                )
            elif not (yield from self._recovered(device, job, record, stop)):
                return
            else:
                surface = WitnessedSurface(device, stop, record, self._policy)
                if not (yield from surface.plant(canaries, lambda file: self._flush(file, job))):
                    return
            meter = Meter(record.drive, record.phase, 0)
            try:
                finished = yield from self._procedure.run(device, job, record, stop)
            finally:
                record.write_s = meter.elapsed_s
        if not finished:
            return
        yield VerifyStarted(record.drive, job.job_id, record.depth)
        device = yield from open_again(
            job, self._probe, self._policy, stop, record.phase, asks=self._asks
        )
        with device:
            surface = WitnessedSurface(device, stop, record, self._policy)
            able = job.capabilities or Capabilities()
            write_first = must_be_written_first(job.attempt.technique, able)
            if not (yield from surface.look(canaries, write_first=write_first)):
                return
            spans = verify_spans(record.depth, size, device.physical_bytes, seed)
            noise = noise_is_erased(job.attempt.technique)
            yield from surface.read_all(spans, random_is_erased=noise)

    def _recovered(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, bool]:
        if not isinstance(self._procedure, Recovering):
            return True
        recovered = yield from self._procedure.recover(device, job, record, stop)
        return recovered
