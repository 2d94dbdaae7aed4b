"""What was seen of one attempt: events out, evidence kept for the judge."""

from __future__ import annotations

from dataclasses import replace

from reprise.adapters.drives.surface.rescue import BadSpan
from reprise.domain.erasure.verification import Evidence, judge
from reprise.domain.planning.techniques import SPECS, VerifyDepth
from reprise.domain.report.events import (
    AttemptFinished,
    Checkpoint,
    DriveInterrupted,
    MediumErrorFound,
    Observation,
    ObservationKind,
)
from reprise.ports import Job


class Record:
    """Every event about an attempt is made here, so that none is emitted that the judge does not
    know of, and none is judged that was not emitted."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.drive = job.drive_key
        self.phase = SPECS[job.attempt.technique].phase  # word for Progress
        self._observations: list[Observation] = []
        self._errors: list[MediumErrorFound] = []
        self._safe_bytes = job.resume_from_bytes
        self.depth = job.attempt.verify
        self.required_bytes = 0
        self.written_bytes = 0
        self.verified_bytes = 0
        self.write_s = 0.0
        self.verify_s = 0.0

    def observe(self, kind: ObservationKind, **detail: str | int | float) -> Observation:
        seen = Observation(self.drive, kind, detail)
        self._observations.append(seen)
        return seen

    def medium_error(self, operation: str, bad: BadSpan) -> MediumErrorFound:
        """`operation`: "write" or "read"."""
        sector = self._job.drive.logical_sector_bytes
        error = MediumErrorFound(
            drive=self.drive,
            operation=operation,
            first_lba=bad.span.offset // sector,
            count=-(-bad.span.length // sector),
            errno=bad.errno,
        )
        self._errors.append(error)
        return error

    def checkpoint(self, done_bytes: int) -> Checkpoint:
        """To be called after a flush that succeeded."""
        self._safe_bytes = done_bytes
        return Checkpoint(self.drive, self._job.job_id, "write", done_bytes)

    def finished(self) -> AttemptFinished:
        judgement = judge(
            Evidence(
                attempt=replace(self._job.attempt, verify=self.depth),
                size_bytes=self._job.drive.identity.size_bytes,
                written_bytes=self.written_bytes,
                verified_bytes=self.verified_bytes,
                required_bytes=self.required_bytes,
                observations=tuple(self._observations),
                medium_errors=tuple(self._errors),
            )
        )
        return AttemptFinished(
            drive=self.drive,
            job_id=self._job.job_id,
            technique=self._job.attempt.technique,
            verdict=judgement.verdict,
            achieved=judgement.achieved,
            reasons=judgement.reasons,
            written_bytes=self.written_bytes,
            verified_bytes=self.verified_bytes,
            write_s=round(self.write_s, 3),
            verify_s=round(self.verify_s, 3),
        )

    def interrupted(self, cause: str) -> DriveInterrupted:
        """`cause`: "operator", "too-hot", "unplugged". Only what a flush has confirmed is done."""
        return DriveInterrupted(self.drive, self._job.job_id, cause, self._safe_bytes)


def depth_for(job: Job) -> VerifyDepth:
    """Sectors that failed before an interruption are not known any more after it, and a sample
    could miss them: a resumed overwrite is always read back in full."""
    return VerifyDepth.FULL if job.resume_from_bytes else job.attempt.verify
