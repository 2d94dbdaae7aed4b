"""One drive's part of the report, while its events come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reprise.domain.hardware import DriveIdentity
from reprise.domain.lifecycle import DriveState
from reprise.domain.plan import Refusal
from reprise.domain.report import AttemptRecord, DriveRecord, PreparationRecord
from reprise.domain.techniques import Method, Verdict
from reprise.domain.verification import standing


class IncompleteJournalError(ValueError):
    """The journal lacks what every report must have (a start and an inventory)."""


@dataclass
class DriveFold:
    identity: DriveIdentity
    node: str
    refusals: tuple[Refusal, ...] = ()
    preparation: PreparationRecord | None = None
    attempts: list[AttemptRecord] = field(default_factory=list)

    def record(self) -> DriveRecord:
        last = self.attempts[-1] if self.attempts else None
        state = self._state(last)
        return DriveRecord(
            identity=self.identity,
            node=self.node,
            state=state,
            achieved=last.achieved if last and state is DriveState.SANITIZED else Method.NONE,
            refusals=self.refusals,
            preparation=self.preparation,
            attempts=tuple(self.attempts),
            limitations=standing(last.attempt, last.observations) if last else (),
        )

    def _state(self, last: AttemptRecord | None) -> DriveState:
        if last is None:
            return DriveState.REFUSED if self.refusals else DriveState.DETECTED
        if last.verdict is None or last.interrupted is not None:
            return DriveState.INTERRUPTED
        return {
            Verdict.VERIFIED: DriveState.SANITIZED,
            Verdict.UNVERIFIED: DriveState.UNVERIFIED,
            Verdict.FAILED: DriveState.FAILED,
        }[last.verdict]

    @property
    def last(self) -> AttemptRecord | None:
        return self.attempts[-1] if self.attempts else None

    def change(self, job_id: str, **changes: Any) -> None:
        """Raises IncompleteJournalError where this attempt never started."""
        for index in range(len(self.attempts) - 1, -1, -1):
            if self.attempts[index].job_id == job_id:
                self.attempts[index] = replace(self.attempts[index], **changes)
                return
        raise IncompleteJournalError(f"an event names an attempt that never started: {job_id}")

    def command(self, row: Mapping[str, str | int | float]) -> None:
        """Of the attempt under way, else of the preparation before it."""
        if self.last is not None:
            self.change(self.last.job_id, commands=(*self.last.commands, row))
        elif self.preparation is not None:
            commands = (*self.preparation.commands, row)
            self.preparation = replace(self.preparation, commands=commands)
