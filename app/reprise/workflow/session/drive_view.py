"""One drive as a session sees it while it goes on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from reprise.domain.drives.capabilities import OwnWord
from reprise.domain.drives.remembered_capabilities import told_then
from reprise.domain.drives.volumes import Volume
from reprise.domain.erasure.lifecycle import DriveState, move
from reprise.domain.erasure.preparing import DrivePrepared
from reprise.domain.pc.hardware import Drive, DriveIdentity
from reprise.domain.planning.plan import Attempt, DrivePlan, Refusal
from reprise.domain.planning.techniques import Method
from reprise.domain.report.events import (
    AttemptFinished,
    AttemptStarted,
    DriveInterrupted,
    DriveRefused,
    Event,
    Stamped,
    VerifyStarted,
)
from reprise.domain.report.fold_drive import DriveFold
from reprise.domain.report.outcome import DriveResult, is_own
from reprise.workflow.past.sessions import Past


@dataclass(frozen=True, slots=True)
class DriveView:
    """`state` moves by lifecycle.move only; what an attempt's end makes of it, and all besides, is
    the report's own fold of the drive."""

    identity: DriveIdentity
    drive: Drive
    fold: DriveFold
    plan: DrivePlan | None = None
    state: DriveState = DriveState.DETECTED
    left: bool = False  # an earlier look showed it, and the newest one does not
    past: Past = field(default_factory=Past)  # what earlier sessions did with it
    volumes: tuple[Volume, ...] = ()  # what was read inside, for words alone; comes after the plan

    @property
    def key(self) -> str:
        return self.identity.key

    @property
    def own(self) -> bool:
        """Whether it belongs to the PC: the stick and other USB drives do not."""
        return is_own(self.drive, self.refusals, attempted=bool(self.fold.attempts))

    @property
    def own_word(self) -> OwnWord:
        """Who it said that it is when it was planned."""
        return told_then(self.plan.capabilities).own if self.plan else OwnWord()

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        return self.fold.refusals

    @property
    def attempt(self) -> Attempt | None:
        return self.fold.attempts[-1].attempt if self.fold.attempts else None

    @property
    def _result(self) -> DriveResult:
        """While an attempt goes on nothing is claimed, and nothing is said against it."""
        result = self.fold.result
        return result if result.state is self.state else DriveResult(self.state)

    @property
    def achieved(self) -> Method:
        return self._result.achieved

    @property
    def reasons(self) -> tuple[str, ...]:
        return self._result.reasons

    @property
    def limitations(self) -> tuple[str, ...]:
        """Codes: what stays unproven of a drive that is erased and verified."""
        return self._result.limitations if self.state is DriveState.SANITIZED else ()

    @property
    def cause(self) -> str:
        """Of an interruption; a code."""
        interrupted = self.state is DriveState.INTERRUPTED
        return next(iter(self.reasons), "") if interrupted else ""

    @property
    def medium_errors(self) -> int:
        """Sectors, of all attempts."""
        return sum(error.count for record in self.fold.attempts for error in record.medium_errors)


def looked_at(drive: Drive, before: DriveView | None = None) -> DriveView:
    """`before`: of an earlier look, what was known then is not forgotten."""
    fold = DriveFold(drive.identity, drive.node) if before is None else before.fold
    return DriveView(drive.identity, drive, fold.seen_again(drive))


def as_gone(view: DriveView) -> DriveView:
    """A drive that the newest look does not show any more."""
    return replace(view, fold=view.fold.left(), plan=None, state=DriveState.REFUSED, left=True)


def planned(view: DriveView, plan: DrivePlan | None) -> DriveView:
    if plan is None:
        return view
    to = DriveState.REFUSED if plan.refused else DriveState.PLANNED
    return replace(view, plan=plan, state=move(view.state, to), fold=view.fold.planned(plan))


def confirmed(view: DriveView) -> DriveView:
    return replace(view, state=move(view.state, DriveState.CONFIRMED))


def after(view: DriveView, event: Event, at_monotonic_s: float) -> DriveView:
    """With one event about this drive. Raises ValueError where it is illegal now."""
    fold = view.fold.after(Stamped(0, "", at_monotonic_s, event))
    to = _state_after(event, fold)
    state = view.state if to is None else move(view.state, to)
    return replace(view, fold=fold, state=state, drive=_drive_after(view.drive, event))


def _state_after(event: Event, fold: DriveFold) -> DriveState | None:
    if isinstance(event, AttemptStarted):
        return DriveState.ERASING
    if isinstance(event, VerifyStarted):
        return DriveState.VERIFYING
    if isinstance(event, DriveRefused):
        return DriveState.REFUSED
    ended = isinstance(event, AttemptFinished | DriveInterrupted)
    return fold.result.state if ended else None


def _drive_after(drive: Drive, event: Event) -> Drive:
    """As it is now; its key stays the one that was confirmed."""
    if not isinstance(event, DrivePrepared):
        return drive
    size = replace(drive.identity, size_bytes=event.size_bytes)
    return replace(drive, node=event.node, identity=size)
