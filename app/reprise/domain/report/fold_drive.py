"""One drive's part of a session, folded from its events: for the report, the screen and the loop
that runs its attempts. What it came to is domain/report/outcome.py's word on all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from reprise.domain.drives.vanished import unplugged
from reprise.domain.erasure.preparing import DrivePrepared, PreparationStarted
from reprise.domain.pc.hardware import Drive, DriveIdentity
from reprise.domain.planning.plan import UNHIDES, DrivePlan, Preparation, Refusal
from reprise.domain.planning.techniques import Technique
from reprise.domain.report import events as ev
from reprise.domain.report.outcome import DriveResult, drive_result, unsettled
from reprise.domain.report.report import AttemptRecord, DriveRecord, PreparationRecord


class IncompleteJournalError(ValueError):
    """The journal lacks what every report must have (a start and an inventory)."""


@dataclass(frozen=True, slots=True)
class DriveFold:
    """`hidden`: steps that any plan of the session found necessary to reach all of the drive;
    `sizes`: bytes that earlier looks, preparations and attempts told."""

    identity: DriveIdentity
    node: str
    refusals: tuple[Refusal, ...] = ()
    hidden: frozenset[Preparation] = frozenset()
    preparation: PreparationRecord | None = None
    attempts: tuple[AttemptRecord, ...] = ()
    sizes: frozenset[int] = frozenset()
    reached_bytes: int = 0  # its size when the last attempt began

    @property
    def result(self) -> DriveResult:
        size = self.reached_bytes
        return drive_result(self._told, self.preparation, self.hidden, self.refusals, size)

    @property
    def largest_bytes(self) -> int:
        """That anything of this session gave it."""
        return max(self.sizes | {self.identity.size_bytes})

    @property
    def unsettled(self) -> tuple[ev.Observation, ...]:
        """What a session that goes on with this erasure has to know of it."""
        told = unsettled(self.identity.key, self._told, self.preparation, self.hidden)
        if not self.attempts or self.reached_bytes >= self.largest_bytes:
            return told
        return (self._larger(), *told)

    def _larger(self) -> ev.Observation:
        seen = {"bytes": self.largest_bytes}
        return ev.Observation(self.identity.key, ev.ObservationKind.SEEN_LARGER, seen)

    @property
    def _told(self) -> tuple[AttemptRecord, ...]:
        """With what the looks saw, which no attempt could: that there is more of the drive than
        the last one found, or wrote."""
        if not self.attempts or self.attempts[-1].verdict is None:
            return self.attempts
        *before, last = self.attempts
        written = last.attempt.technique is Technique.OVERWRITE and len(self.sizes) > 1
        reached = last.written_bytes if written else self.reached_bytes
        if reached >= self.largest_bytes:
            return self.attempts
        return (*before, replace(last, observations=(*last.observations, self._larger())))

    def record(self) -> DriveRecord:
        result = self.result
        return DriveRecord(
            identity=self.identity,
            node=self.node,
            state=result.state,
            achieved=result.achieved,
            refusals=self.refusals,
            preparation=self.preparation,
            attempts=self._told,
            limitations=result.limitations,
        )

    def seen_again(self, drive: Drive) -> DriveFold:
        """By a new look: what an earlier one knew of it is not forgotten."""
        sizes = self.sizes | {self.identity.size_bytes}
        return replace(self, identity=drive.identity, node=drive.node, refusals=(), sizes=sizes)

    def left(self) -> DriveFold:
        """The newest look does not show it any more."""
        return replace(self, refusals=unplugged(self.refusals))

    def planned(self, plan: DrivePlan) -> DriveFold:
        """A plan that knows of no hidden area forgets none that an earlier one knew of."""
        hidden = self.hidden | UNHIDES.intersection(plan.preparations)
        return replace(self, refusals=plan.refusals, hidden=hidden)

    def after(self, stamped: ev.Stamped) -> DriveFold:
        """With one event about this drive. Raises IncompleteJournalError where it names an attempt
        that never started."""
        step = _AFTER.get(type(stamped.event))
        return self if step is None else step(self, stamped, stamped.event)

    def _refused(self, _stamped: ev.Stamped, event: ev.DriveRefused) -> DriveFold:
        return replace(self, refusals=event.refusals)

    def _preparing(self, _stamped: ev.Stamped, event: PreparationStarted) -> DriveFold:
        return replace(self, preparation=PreparationRecord(event.steps))

    def _prepared(self, _stamped: ev.Stamped, event: DrivePrepared) -> DriveFold:
        began = self.preparation or PreparationRecord((*event.done, *event.left))
        ended = replace(
            began,
            done=event.done,
            left=event.left,
            size_bytes=event.size_bytes,
            detail=event.detail,
        )
        told = frozenset() if event.size_bytes is None else frozenset({event.size_bytes})
        return replace(self, preparation=ended, sizes=self.sizes | told)

    def _began(self, stamped: ev.Stamped, event: ev.AttemptStarted) -> DriveFold:
        began = AttemptRecord(
            job_id=event.job_id,
            job_key=event.job_key,
            attempt=event.attempt,
            started_at=stamped.at,
            started_monotonic_s=stamped.monotonic_s,
            resumed_from_bytes=event.resumed_from_bytes,
            earlier=event.earlier,
            stream=event.stream,
        )
        sizes = self.sizes | {event.identity.size_bytes}
        attempts, reached = (*self.attempts, began), event.identity.size_bytes
        return replace(self, attempts=attempts, sizes=sizes, reached_bytes=reached)

    def _ran(self, _stamped: ev.Stamped, event: ev.CommandRan) -> DriveFold:
        """Of the attempt under way, else of the preparation before it."""
        row: Mapping[str, str | int | float] = {
            "argv": " ".join(event.argv),
            "exit_code": event.exit_code,
            "duration_s": event.duration_s,
            "output": event.output,
        }
        if self.attempts:
            return self._last(commands=(*self.attempts[-1].commands, row))
        if self.preparation is None:
            return self
        commands = (*self.preparation.commands, row)
        return replace(self, preparation=replace(self.preparation, commands=commands))

    def _observed(self, _stamped: ev.Stamped, event: ev.Observation) -> DriveFold:
        if not self.attempts:
            return self
        return self._last(observations=(*self.attempts[-1].observations, event))

    def _bad(self, _stamped: ev.Stamped, event: ev.MediumErrorFound) -> DriveFold:
        if not self.attempts:
            return self
        return self._last(medium_errors=(*self.attempts[-1].medium_errors, event))

    def _reached(self, _stamped: ev.Stamped, event: ev.Checkpoint) -> DriveFold:
        """What was written of an attempt that has no end in the journal. One that goes back before
        the place where it was to go on began there."""
        began = min(self._of(event.job_id).resumed_from_bytes, event.done_bytes)
        return self._change(event.job_id, written_bytes=event.done_bytes, resumed_from_bytes=began)

    def _finished(self, stamped: ev.Stamped, event: ev.AttemptFinished) -> DriveFold:
        began = self.attempts[-1].started_monotonic_s if self.attempts else stamped.monotonic_s
        return self._change(
            event.job_id,
            finished_at=stamped.at,
            duration_s=round(stamped.monotonic_s - began, 3),
            written_bytes=event.written_bytes,
            verified_bytes=event.verified_bytes,
            write_s=event.write_s,
            verify_s=event.verify_s,
            verdict=event.verdict,
            achieved=event.achieved,
            reasons=event.reasons,
        )

    def _interrupted(self, stamped: ev.Stamped, event: ev.DriveInterrupted) -> DriveFold:
        return self._change(
            event.job_id,
            finished_at=stamped.at,
            written_bytes=event.done_bytes,
            interrupted=event.cause,
        )

    def _last(self, **changes: Any) -> DriveFold:
        return replace(self, attempts=(*self.attempts[:-1], replace(self.attempts[-1], **changes)))

    def _of(self, job_id: str) -> AttemptRecord:
        current = next(
            (attempt for attempt in reversed(self.attempts) if attempt.job_id == job_id), None
        )
        if current is None:
            raise IncompleteJournalError(f"an event names an attempt that never started: {job_id}")
        return current

    def _change(self, job_id: str, **changes: Any) -> DriveFold:
        current = self._of(job_id)
        changed = replace(current, **changes)
        attempts = tuple(changed if attempt is current else attempt for attempt in self.attempts)
        return replace(self, attempts=attempts)


def meant(named: Mapping[int, DriveFold]) -> int | None:
    """The number of the drive that an event is about, of those that have the key it names; None:
    there is none. Of two with one key at most one may be touched."""
    return min(named, key=lambda at: bool(named[at].refusals), default=None)


_AFTER: dict[type, Callable[[DriveFold, ev.Stamped, Any], DriveFold]] = {
    ev.DriveRefused: DriveFold._refused,
    PreparationStarted: DriveFold._preparing,
    DrivePrepared: DriveFold._prepared,
    ev.AttemptStarted: DriveFold._began,
    ev.CommandRan: DriveFold._ran,
    ev.Observation: DriveFold._observed,
    ev.MediumErrorFound: DriveFold._bad,
    ev.Checkpoint: DriveFold._reached,
    ev.AttemptFinished: DriveFold._finished,
    ev.DriveInterrupted: DriveFold._interrupted,
}


OF_A_DRIVE = tuple(_AFTER)  # the types of the events that a drive's fold hears of
