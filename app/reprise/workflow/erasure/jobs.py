"""One confirmed drive's attempts as jobs, in the order in which they are tried."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities
from reprise.domain.drives.remembered_capabilities import joined, told_then
from reprise.domain.erasure.pattern import KEY_BYTES, Stream
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.options import hidden_areas, hides_tail, may_hide
from reprise.domain.planning.plan import Attempt, DrivePlan, Preparation
from reprise.domain.planning.planner import may_succeed, read_in_full, today
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique, VerifyDepth
from reprise.domain.report.events import Observation, ObservationKind
from reprise.domain.report.report import AttemptRecord
from reprise.ports import DriveProbe, Job
from reprise.workflow.erasure.recovery import Interrupted, for_drive
from reprise.workflow.past.sessions import Earlier


@dataclass(frozen=True, slots=True)
class Resume:
    """An interrupted attempt to go on with: an overwrite from its last Checkpoint, or (`reattach`,
    with its attempt) an operation that the drive carries on by itself."""

    job_id: str
    job_key: bytes
    from_bytes: int
    reattach: Attempt | None = None
    stream: Stream = Stream.AES_256_CTR


def earlier_of(earlier: Earlier, drive: Drive, resume: Resume | None) -> tuple[Observation, ...]:
    """What earlier sessions saw of the drive and this one must know: all of the one whose work it
    could resume (`resume`). Else it looks for itself, but a drive that lied once is not believed
    again, and what was there of it once is there."""
    interrupted = for_drive(earlier.interrupted, drive)
    told = interrupted.earlier if interrupted and resume else earlier.lied(drive)
    return (*told, *earlier.larger(drive))


def resume_of(found: Interrupted | None) -> Resume | None:
    """How to go on with what an earlier session left; None: begin anew."""
    if found is None:
        return None
    if found.reattachable:
        return Resume(found.job_id, found.job_key, 0, reattach=found.attempt)
    if found.resumable and found.done_bytes > 0:
        return Resume(found.job_id, found.job_key, found.done_bytes, stream=found.stream)
    return None


def planned_resume(found: Interrupted | None, plan: DrivePlan) -> Resume | None:
    """As resume_of, where it may come to a success: what the policy would fail is begun anew, by
    the plan's first technique."""
    resume = resume_of(found)
    overwrites = (one for one in plan.attempts if one.technique is Technique.OVERWRITE)
    if resume is None or resume.reattach is not None or any(map(may_succeed, overwrites)):
        return resume
    return None


def used_since(tried: AttemptRecord, drive: Drive) -> bool:
    """Whether what an overwrite went on from was not the stream any more that was written there:
    the drive was used in between, or lost it. That says nothing against one that is overwritten
    whole; but one that stopped to answer may hold whoever asks it for ever (overwrite.py)."""
    if any(seen.kind is ObservationKind.COMMAND_HUNG for seen in tried.observations):
        return False
    found = (
        seen.detail.get("first_lba")
        for seen in tried.observations
        if seen.kind is ObservationKind.READBACK_MISMATCH
    )
    before = tried.resumed_from_bytes
    return any(type(lba) is int and lba * drive.logical_sector_bytes < before for lba in found)


@dataclass(frozen=True, slots=True)
class EraseOrder:
    """One confirmed drive. `named`: a person gave its very path (needed for loop devices).
    `psid`: what they typed from its label. `earlier`: see earlier_of."""

    drive: Drive
    plan: DrivePlan
    resume: Resume | None = None
    named: bool = False
    psid: str = field(default="", repr=False)
    earlier: tuple[Observation, ...] = ()


class Jobs:
    """The jobs of one order. `hidden_left`: the preparation left a part of it out of reach.
    `stream`: what an overwrite that begins now is to write; `tried`: its attempts so far."""

    def __init__(
        self,
        order: EraseOrder,
        probe: DriveProbe,
        policy: Policy,
        stream: Callable[[], Stream],
        tried: Callable[[], Sequence[AttemptRecord]] = tuple,
    ) -> None:
        self._order, self._probe, self._policy, self._stream = order, probe, policy, stream
        self._tried = tried
        self._then = told_then(order.plan.capabilities)
        self._own = self._then.own  # its first word: later ones are held against it

    def of(self, drive: Drive, *, hidden_left: bool) -> Iterator[Job]:
        """`drive`: as its preparation left it. Each job is made when it is asked for, from what the
        drive says then."""
        attempts = self._order.plan.attempts
        resume = self._order.resume
        overwrites = [planned for planned in attempts if planned.technique is Technique.OVERWRITE]
        if resume is not None and resume.reattach is not None:
            job = self._job(drive, resume.reattach, hidden_left)
            depths = {planned.verify for planned in attempts}
            full = bool(self._order.earlier) or VerifyDepth.FULL in depths
            verify = VerifyDepth.FULL if full else job.attempt.verify
            yield replace(
                job,
                # begun under an older policy, and judged by the one in force
                attempt=today(
                    drive, job.attempt, job.capabilities or Capabilities(), self._policy, verify
                ),
                job_id=resume.job_id,
                job_key=resume.job_key,
                reattach=True,
            )
        if resume is None or resume.reattach is not None or not overwrites:
            for planned in attempts:  # the policy may have changed since
                # what an earlier session saw is settled by reading all of it
                attempt = read_in_full(planned) if self._order.earlier else planned
                job = self._job(drive, attempt, hidden_left)
                if attempt.technique is Technique.OVERWRITE:
                    job = replace(job, stream=self._stream())
                yield job
            return
        for attempt in overwrites:
            # what failed before the interruption is unknown now: only a full read-back tells
            deep = read_in_full(attempt) if resume.from_bytes else attempt
            yield replace(
                self._job(drive, deep, hidden_left),
                job_id=resume.job_id,
                job_key=resume.job_key,
                stream=resume.stream,
                resume_from_bytes=resume.from_bytes,
            )
            if self._used_since(drive):
                yield replace(
                    self._job(drive, deep, hidden_left),
                    stream=self._stream(),
                    anew_instead_of_bytes=resume.from_bytes,
                )
                return

    def _used_since(self, drive: Drive) -> bool:
        return any(used_since(tried, drive) for tried in self._tried()[-1:])

    def _job(self, drive: Drive, attempt: Attempt, hidden_left: bool) -> Job:
        now = self._probe.probe_capabilities(drive)
        known = joined(self._then, now)
        self._own = self._own if self._own.by else now.own
        return Job(
            drive=drive,
            attempt=attempt,
            job_id=str(uuid.uuid4()),
            job_key=secrets.token_bytes(KEY_BYTES),
            capabilities=known,
            newest=now,
            psid=self._order.psid,
            key=self._order.drive.identity.key,
            attaches=Preparation.ATTACH_NAMESPACES in self._order.plan.preparations,
            hidden_left=hidden_left or self._hides(drive, now, known),
            own=self._own,
        )

    def _hides(self, drive: Drive, now: Capabilities, known: Capabilities) -> bool:
        """Also where the policy leaves hidden areas, where one appeared since, where a drive that
        told of them when it was planned tells nothing any more, or where it is larger by its own
        word than the kernel can reach. An older answer only adds to what is doubted now."""
        return _silent(self._then.ata, now.ata) or any(
            bool(hidden_areas(answer)) or may_hide(answer) or hides_tail(drive, answer)
            for answer in (now, known)
        )


def _silent(then: AtaCapabilities | None, now: AtaCapabilities | None) -> bool:
    """Whether it told something as an ATA drive, and tells nothing of that kind now."""
    if then is None or now is None:
        return then is not None and then.known
    return then.visible_sectors is not None and now.visible_sectors is None
