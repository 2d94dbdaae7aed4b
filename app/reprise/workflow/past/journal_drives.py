"""What an earlier session's journal tells of its drives, folded as its report was. A journal that
lost lines tells less: a drive of which an event cannot be placed came to nothing good."""

from __future__ import annotations

from dataclasses import dataclass, field

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import DriveIdentity
from reprise.domain.report.events import (
    AttemptStarted,
    CommandRan,
    InventoryTaken,
    Observation,
    PlanMade,
    Stamped,
)
from reprise.domain.report.fold import SessionFold
from reprise.domain.report.fold_drive import OF_A_DRIVE, IncompleteJournalError

_COUNTS = (InventoryTaken, PlanMade, *(kind for kind in OF_A_DRIVE if kind is not CommandRan))


@dataclass(slots=True)
class ToldDrives:
    """By the session's word for each drive (see DriveIdentity.key)."""

    _fold: SessionFold = field(default_factory=SessionFold)
    _torn: set[str] = field(default_factory=set)
    _begun: dict[str, DriveIdentity] = field(default_factory=dict)  # when its attempt began

    def take(self, stamped: Stamped) -> None:
        if not isinstance(stamped.event, _COUNTS):
            return
        if isinstance(stamped.event, AttemptStarted):
            self._begun[stamped.event.drive] = stamped.event.identity
        try:
            self._fold.take(stamped)
        except IncompleteJournalError:
            self._torn.add(getattr(stamped.event, "drive", ""))

    def state(self, key: str) -> DriveState:
        """What it came to so far; never SANITIZED where the report could not have said so."""
        fold = self._fold.drive(key)
        state = fold.result.state if fold is not None else DriveState.DETECTED
        torn = key in self._torn and state is DriveState.SANITIZED
        return DriveState.UNVERIFIED if torn else state

    def unsettled(self, key: str) -> tuple[Observation, ...]:
        fold = self._fold.drive(key)
        return fold.unsettled if fold is not None else ()

    def ends(self) -> tuple[tuple[DriveIdentity, DriveState], ...]:
        """Each drive that it began to erase, as it was when its last attempt began, and what that
        came to."""
        return tuple((who, self.state(key)) for key, who in self._begun.items())
