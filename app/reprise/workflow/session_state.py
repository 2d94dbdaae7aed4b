"""What a session knows, folded from its events. The screen shows this and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from reprise.domain import events as ev
from reprise.domain.assessment import PcAssessed
from reprise.domain.check_events import CheckDone, Checked, CheckEvent, ConditionNoted
from reprise.domain.grading import ChecksRecord
from reprise.domain.hardware import Drive, DriveIdentity, Inventory
from reprise.domain.lifecycle import FINAL, DriveState, move
from reprise.domain.plan import Attempt, DrivePlan, Plan, Refusal
from reprise.domain.techniques import Method, Verdict
from reprise.domain.unreached import Statement, StorageStated
from reprise.domain.unusual import Unusual, unusual
from reprise.workflow.past import Elsewhere, Past


class Stage(StrEnum):
    """How far the session has come."""

    OPEN = "open"
    INVENTORIED = "inventoried"
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class DriveView:
    """One drive's way so far. `state` moves by lifecycle.move only."""

    identity: DriveIdentity
    drive: Drive
    plan: DrivePlan | None = None
    state: DriveState = DriveState.DETECTED
    refusals: tuple[Refusal, ...] = ()
    attempt: Attempt | None = None
    started_monotonic_s: float | None = None
    achieved: Method = Method.NONE
    reasons: tuple[str, ...] = ()
    cause: str = ""  # of an interruption
    medium_errors: int = 0
    past: Past = field(default_factory=Past)  # what earlier sessions did with it

    @property
    def key(self) -> str:
        return self.identity.key


@dataclass(frozen=True, slots=True)
class InstallView:
    drive: str
    image: str
    image_version: str
    ok: bool | None = None  # None: not finished
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SessionState:
    stage: Stage = Stage.OPEN
    started: ev.SessionStarted | None = None
    operator: ev.Operator | None = None
    inventory: Inventory | None = None
    assessed: PcAssessed | None = None
    plan: Plan | None = None
    digest: str = ""
    drives: tuple[DriveView, ...] = ()
    confirmed: tuple[str, ...] = ()
    stated: tuple[Statement, ...] = ()
    install: InstallView | None = None
    sealed: ev.ReportSealed | None = None
    by_hand: bool = False  # a person is here: nothing goes on unattended in this session
    checked: Checked = field(default_factory=Checked)

    @property
    def checks(self) -> ChecksRecord | None:
        """As the report will tell them."""
        return self.checked.record(self.inventory)

    def drive(self, key: str) -> DriveView | None:
        return next((d for d in self.drives if d.key == key), None)

    @property
    def erasable(self) -> tuple[DriveView, ...]:
        return tuple(d for d in self.drives if d.state is DriveState.PLANNED)

    @property
    def working(self) -> tuple[DriveView, ...]:
        """The drives that the operator confirmed."""
        return tuple(d for d in self.drives if d.key in self.confirmed)

    @property
    def unusual(self) -> tuple[Unusual, ...]:
        """Why one typed word is not enough for the plan that stands."""
        if self.inventory is None or self.plan is None:
            return ()
        elsewhere, perhaps = (
            frozenset(d.key for d in self.drives if d.past.elsewhere is where)
            for where in (Elsewhere.YES, Elsewhere.PERHAPS)
        )
        return unusual(self.inventory, self.plan, elsewhere, perhaps)

    @property
    def all_final(self) -> bool:
        return all(d.state in FINAL for d in self.working)


def _with(whole: SessionState, key: str, /, **changes: Any) -> SessionState:
    return replace(
        whole,
        drives=tuple(replace(d, **_moved(d, changes)) if d.key == key else d for d in whole.drives),
    )


def _moved(view: DriveView, changes: dict[str, Any]) -> dict[str, Any]:
    to = changes.get("state")
    return changes if to is None else {**changes, "state": move(view.state, to)}


def _session_started(state: SessionState, event: ev.SessionStarted, _at: float) -> SessionState:
    if state.started is not None:
        raise ValueError("a session starts once")
    return replace(state, started=event)


def _operator(state: SessionState, event: ev.OperatorNamed, _at: float) -> SessionState:
    return replace(state, operator=event.operator)


def _inventory(state: SessionState, event: ev.InventoryTaken, _at: float) -> SessionState:
    if state.confirmed:
        raise ValueError("the inventory is fixed once the plan is confirmed")
    drives = tuple(DriveView(d.identity, d) for d in event.inventory.drives)
    return replace(
        state,
        stage=Stage.INVENTORIED,
        inventory=event.inventory,
        assessed=None,
        drives=drives,
        plan=None,
        digest="",
    )


def _assessed(state: SessionState, event: PcAssessed, _at: float) -> SessionState:
    return replace(state, assessed=event)


def _plan_made(state: SessionState, event: ev.PlanMade, _at: float) -> SessionState:
    if state.confirmed:
        raise ValueError("the plan is fixed once it is confirmed")
    # by node as well: two drives of one identity are two lines, both refused
    plans = {(one.drive.key, one.node): one for one in event.plan.drives}
    return replace(
        state,
        stage=Stage.PLANNED,
        plan=event.plan,
        digest=event.digest,
        drives=tuple(_planned(d, plans.get((d.key, d.drive.node))) for d in state.drives),
    )


def _planned(view: DriveView, plan: DrivePlan | None) -> DriveView:
    if plan is None:
        return view
    to = DriveState.REFUSED if plan.refused else DriveState.PLANNED
    return replace(view, plan=plan, state=move(view.state, to), refusals=plan.refusals)


def _stated(state: SessionState, event: StorageStated, _at: float) -> SessionState:
    return replace(state, stated=(*state.stated, Statement(event.about, event.by)))


def _confirmed(state: SessionState, event: ev.PlanConfirmed, _at: float) -> SessionState:
    if event.digest != state.digest or not event.digest:
        raise ValueError("another plan was confirmed than the one that was made")
    done = replace(state, stage=Stage.CONFIRMED, confirmed=event.drives)
    for key in event.drives:
        done = _with(done, key, state=DriveState.CONFIRMED)
    return done


def _refused(state: SessionState, event: ev.DriveRefused, _at: float) -> SessionState:
    return _with(state, event.drive, state=DriveState.REFUSED, refusals=event.refusals)


def _prepared(state: SessionState, event: ev.DrivePrepared, _at: float) -> SessionState:
    """The drive as it is now; its key stays the one that was confirmed."""
    view = state.drive(event.drive)
    if view is None:
        return state
    size = replace(view.drive.identity, size_bytes=event.size_bytes)
    return _with(state, event.drive, drive=replace(view.drive, node=event.node, identity=size))


def _attempt_started(state: SessionState, event: ev.AttemptStarted, at: float) -> SessionState:
    view = state.drive(event.drive)
    since = at if view is None or view.started_monotonic_s is None else view.started_monotonic_s
    return _with(
        state,
        event.drive,
        state=DriveState.ERASING,
        attempt=event.attempt,
        started_monotonic_s=since,
        achieved=Method.NONE,
        reasons=(),
    )


def _verify_started(state: SessionState, event: ev.VerifyStarted, _at: float) -> SessionState:
    return _with(state, event.drive, state=DriveState.VERIFYING)


_STATE_OF = {
    Verdict.VERIFIED: DriveState.SANITIZED,
    Verdict.UNVERIFIED: DriveState.UNVERIFIED,
    Verdict.FAILED: DriveState.FAILED,
}


def _attempt_finished(state: SessionState, event: ev.AttemptFinished, _at: float) -> SessionState:
    return _with(
        state,
        event.drive,
        state=_STATE_OF[event.verdict],
        achieved=event.achieved,
        reasons=event.reasons,
    )


def _interrupted(state: SessionState, event: ev.DriveInterrupted, _at: float) -> SessionState:
    return _with(state, event.drive, state=DriveState.INTERRUPTED, cause=event.cause)


def _medium_error(state: SessionState, event: ev.MediumErrorFound, _at: float) -> SessionState:
    view = state.drive(event.drive)
    so_far = view.medium_errors if view else 0
    return _with(state, event.drive, medium_errors=so_far + event.count)


def _install_started(state: SessionState, event: ev.InstallStarted, _at: float) -> SessionState:
    return replace(state, install=InstallView(event.drive, event.image, event.image_version))


def _install_finished(state: SessionState, event: ev.InstallFinished, _at: float) -> SessionState:
    now = state.install or InstallView(event.drive, "", "")
    return replace(state, install=replace(now, ok=event.ok, detail=event.detail))


def _checked(state: SessionState, event: CheckEvent, _at: float) -> SessionState:
    return replace(state, checked=state.checked.after(event))


def _sealed(state: SessionState, event: ev.ReportSealed, _at: float) -> SessionState:
    return replace(state, stage=Stage.SEALED, sealed=event)


_APPLY: dict[type, Callable[[SessionState, Any, float], SessionState]] = {
    ev.SessionStarted: _session_started,
    ev.OperatorNamed: _operator,
    ev.InventoryTaken: _inventory,
    PcAssessed: _assessed,
    ev.PlanMade: _plan_made,
    StorageStated: _stated,
    ev.PlanConfirmed: _confirmed,
    ev.DriveRefused: _refused,
    ev.DrivePrepared: _prepared,
    ev.AttemptStarted: _attempt_started,
    ev.VerifyStarted: _verify_started,
    ev.AttemptFinished: _attempt_finished,
    ev.DriveInterrupted: _interrupted,
    ev.MediumErrorFound: _medium_error,
    ev.InstallStarted: _install_started,
    ev.InstallFinished: _install_finished,
    CheckDone: _checked,
    ConditionNoted: _checked,
    ev.ReportSealed: _sealed,
}


def apply(state: SessionState, event: ev.Event, at_monotonic_s: float = 0.0) -> SessionState:
    """The state after `event`. Raises ValueError where the event is illegal now."""
    step = _APPLY.get(type(event))
    return state if step is None else step(state, event, at_monotonic_s)


def remember(state: SessionState, known: Mapping[str, Past]) -> SessionState:
    """Say of each drive what earlier sessions did with it."""
    return replace(
        state,
        drives=tuple(replace(d, past=known.get(d.key, Past())) for d in state.drives),
    )


def take_over(state: SessionState) -> SessionState:
    """A person pressed a key."""
    return replace(state, by_hand=True)
