"""What earlier sessions left unfinished. A drive whose attempt has a start and no end was being
erased when the power went: it is interrupted, and nothing here ever calls it sanitized."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from reprise.domain.drives.same_drive import same_drive
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.pattern import Stream
from reprise.domain.pc.hardware import Drive, DriveIdentity, Machine
from reprise.domain.pc.placeholders import is_told_apart
from reprise.domain.planning.plan import Attempt
from reprise.domain.planning.techniques import SPECS, Technique
from reprise.domain.report.events import (
    AttemptFinished,
    AttemptStarted,
    Checkpoint,
    DriveInterrupted,
    Event,
    InventoryTaken,
    Observation,
    ObservationKind,
    Stamped,
    VerifyStarted,
)
from reprise.domain.report.outcome import lie
from reprise.workflow.past.ends import End
from reprise.workflow.past.journal_drives import ToldDrives
from reprise.workflow.past.known_drives import KnownDrives
from reprise.workflow.past.order import Ordered

UNKNOWN_CAUSE = "power-cut"  # nothing was written any more: the power, a crash or a pulled stick


@dataclass(frozen=True, slots=True)
class Interrupted:
    """One drive that an earlier session began to erase and did not finish.

    `done_bytes`: all bytes before were written with `job_key` and flushed (its last checkpoint).
    `resumable`: an overwrite may go on from there (it is still verified whole); else it begins
    anew. `reattachable`: the drive had taken a command to sanitize itself, all marks were planted
    before, and it goes on without us.
    """

    identity: DriveIdentity
    node: str  # where it stood then
    session_id: str
    job_id: str
    job_key: bytes
    attempt: Attempt
    phase: str  # "write" or "verify"
    done_bytes: int
    resumable: bool
    cause: str  # code, as in DriveInterrupted
    at: str  # wall clock of the last word on it
    reattachable: bool = False
    machine: Machine | None = None  # the PC that it was in
    earlier: tuple[Observation, ...] = ()  # of the drive until then: see outcome.unsettled
    stream: Stream = Stream.AES_256_CTR


@dataclass(frozen=True, slots=True)
class Treated:
    """The drives that earlier sessions began to erase, each as it was when an attempt began.

    `interrupted`: cleared by a later attempt on the same drive with which it came to SANITIZED,
    and by nothing else: not by one of which nobody knows that it was later. An attempt with any
    other end, or one that may have been later, leaves it interrupted but not resumable, as the
    surface no longer holds one key's stream. `ends`: in the order of their sessions. `lies`: what
    shows that the drive once said "finished" while data was still there, however that session
    ended, and whatever came after.
    """

    interrupted: tuple[Interrupted, ...]
    ends: tuple[End, ...]
    lies: Mapping[DriveIdentity, tuple[Observation, ...]]


def find_treated(order: Ordered) -> Treated:
    """Each journal is read once: a stick may have hundreds of long ones, and each look asks."""
    drives = KnownDrives(_Drive)
    ends: list[End] = []
    for session_id, events in order.sessions:
        read = _Session(session_id, drives, order).read(events)
        ends += [End(who, session_id, state) for who, state in read]
    records = (drive.record(order, drives.same(who)) for who, drive in drives.items())
    return Treated(
        tuple(record for record in records if record is not None),
        tuple(ends),
        {who: drive.lied for who, drive in drives.items() if drive.lied},
    )


def for_drive(found: Sequence[Interrupted], drive: Drive) -> Interrupted | None:
    """The record of this very drive. At another size than then (a removed hidden area is back)
    nothing is resumed, but what was seen of it still counts. A drive with neither serial nor WWN
    (or fillers in their place) is never matched: two drives of one model would be taken for each
    other."""
    who = drive.identity
    if not is_told_apart(who):
        return None
    same = next((record for record in found if record.identity.key == who.key), None)
    if same is not None:
        return same
    other_size = next((record for record in found if same_drive(record.identity, who)), None)
    return None if other_size is None else _begins_anew(other_size)


@dataclass(slots=True)
class _Drive:
    left: list[Interrupted] = field(default_factory=list)  # older attempts without an end
    open: Interrupted | None = None  # the attempt that is being followed
    planted: bool = False  # its marks were seen standing
    first: bool = False  # no session before is known that began to erase it
    sessions: set[str] = field(default_factory=set)  # that began an attempt on it
    lied: tuple[Observation, ...] = ()  # in any session

    def learn(self, session_id: str, seen: tuple[Observation, ...]) -> None:
        """What that session saw of it, once its journal is read to the end."""
        self.lied = self.lied or lie(seen)
        self.left = [_knowing(left, session_id, seen) for left in self.left]
        self.open = _knowing(self.open, session_id, seen) if self.open is not None else None

    def closed(self, session_id: str) -> None:
        """Another attempt on it begins, by this or by another of its names, in that session."""
        if self.open is not None and self.open.session_id != session_id:
            self.left.append(self.open)
            self.open = None

    def record(self, order: Ordered, same: Sequence[_Drive]) -> Interrupted | None:
        """What is left of it. `same`: all that is known of it, by whatever name it told."""
        record = self.open or (self.left[-1] if self.left else None)
        if record is None:
            return None
        if not lie(record.earlier):
            lied = next((drive.lied for drive in same if drive.lied), ())
            record = replace(record, earlier=(*record.earlier, *lied))
        others = {session for drive in same for session in drive.sessions} - {record.session_id}
        if all(order.surely_before(other, record.session_id) for other in others):
            return record
        return _begins_anew(record)


class _Session:
    """One journal. Its word for a drive is the key from before a hidden area was removed; across
    sessions a drive is who it was when the attempt began."""

    def __init__(self, session_id: str, drives: KnownDrives[_Drive], order: Ordered) -> None:
        self._id, self._drives, self._order = session_id, drives, order
        self._now: dict[str, _Drive] = {}
        self._told = ToldDrives()
        self._begun: set[tuple[str, str]] = set()  # drive's word and job
        self._machine: Machine | None = None

    def read(self, events: Sequence[Stamped]) -> tuple[tuple[DriveIdentity, DriveState], ...]:
        """What each drive came to that it began to erase."""
        for stamped in events:
            event = stamped.event
            if not self._is_no_news(event):
                self._told.take(stamped)
            if isinstance(event, AttemptStarted):
                self._start(stamped.at, event)
            elif isinstance(event, InventoryTaken):
                self._machine = event.inventory.machine
            elif isinstance(event, Observation):
                self._observe(event)
            elif isinstance(event, AttemptFinished | Checkpoint | DriveInterrupted | VerifyStarted):
                known = self._now.get(event.drive)
                if known is not None and known.open and known.open.job_id == event.job_id:
                    self._follow(known, replace(known.open, at=stamped.at), event)
        for key, drive in self._now.items():
            drive.learn(self._id, self._told.unsettled(key))
        return self._told.ends()

    def _is_no_news(self, event: Event) -> bool:
        """How far an attempt is changes nothing of what it comes to, and is most of a journal."""
        return isinstance(event, Checkpoint) and (event.drive, event.job_id) in self._begun

    def _start(self, at: str, event: AttemptStarted) -> None:
        drive = self._drives.at(event.identity)
        known = self._drives.same(event.identity)
        before = drive.record(self._order, known)
        drive.first = not any(same.sessions - {self._id} for same in known)
        for same in known:
            same.closed(self._id)
        self._now[event.drive] = drive
        self._begun.add((event.drive, event.job_id))
        drive.sessions.add(self._id)
        if drive.open is not None:
            drive.left.append(drive.open)
        begun = replace(_started(self._id, at, event), machine=self._machine)
        drive.open = replace(begun, reattachable=_goes_on(begun, before))
        drive.planted = False

    def _observe(self, event: Observation) -> None:
        drive = self._now.get(event.drive)
        if drive is None or drive.open is None:
            return
        runs = SPECS[drive.open.attempt.technique].runs_by_itself
        if event.kind is ObservationKind.REATTACHED:
            # what it goes by was known to that session; where this one does not know it, its word
            same_job = event.detail.get("job_id") == drive.open.job_id
            goes_on = drive.open.reattachable or (drive.first and runs and same_job)
            drive.open = replace(drive.open, reattachable=goes_on)
        elif event.detail.get("earlier"):
            return  # told again by an attempt that was re-attached: see above
        elif event.kind is ObservationKind.CANARIES_PLANTED:
            drive.planted = True
        elif event.kind is ObservationKind.COMMAND_ACCEPTED:
            drive.open = replace(drive.open, reattachable=runs and drive.planted)

    def _follow(
        self,
        drive: _Drive,
        record: Interrupted,
        event: AttemptFinished | Checkpoint | DriveInterrupted | VerifyStarted,
    ) -> None:
        if isinstance(event, AttemptFinished):
            drive.open = None
            if self._told.state(event.drive) is DriveState.SANITIZED:
                self._end(drive, record.identity)
            drive.left = [_begins_anew(left) for left in drive.left]
        elif isinstance(event, VerifyStarted):
            drive.open = replace(record, phase="verify")
        elif isinstance(event, DriveInterrupted):
            drive.open = replace(record, cause=event.cause)
        elif event.phase == "write":
            drive.open = replace(record, done_bytes=event.done_bytes)

    def _end(self, drive: _Drive, who: DriveIdentity) -> None:
        """Its erasure is complete, and settles what was surely left before. What this session left
        under another name of it may be a twin's."""
        for same in self._drives.same(who):
            same.left = [
                left
                for left in same.left
                if not self._comes_after(left.session_id)
                or (same is not drive and left.session_id == self._id)
            ]

    def _comes_after(self, session_id: str) -> bool:
        return session_id == self._id or self._order.surely_before(session_id, self._id)


def _started(session_id: str, at: str, event: AttemptStarted) -> Interrupted:
    return Interrupted(
        identity=event.identity,
        node=event.node,
        session_id=session_id,
        job_id=event.job_id,
        job_key=bytes.fromhex(event.job_key),
        attempt=event.attempt,
        phase="write",
        done_bytes=event.resumed_from_bytes,
        resumable=event.attempt.technique is Technique.OVERWRITE and bool(event.job_key),
        cause=UNKNOWN_CAUSE,
        at=at,
        stream=event.stream,
    )


def _goes_on(begun: Interrupted, before: Interrupted | None) -> bool:
    """Whether an attempt only looks on at what an earlier session's began on that drive. `before`:
    what was left of the drive until then, so that nothing else can have come in between."""
    return (
        before is not None
        and before.reattachable
        and before.session_id != begun.session_id
        and (before.job_id, before.job_key, before.attempt.technique)
        == (begun.job_id, begun.job_key, begun.attempt.technique)
    )


def _knowing(record: Interrupted, session_id: str, seen: tuple[Observation, ...]) -> Interrupted:
    return replace(record, earlier=seen) if record.session_id == session_id else record


def _begins_anew(record: Interrupted) -> Interrupted:
    return replace(record, resumable=False, reattachable=False, done_bytes=0)
