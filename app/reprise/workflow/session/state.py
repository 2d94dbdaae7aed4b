"""What a session knows, folded from its events. The screen shows this and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from reprise import codec
from reprise.domain.checks.events import CheckDone, Checked, CheckEvent, ConditionNoted
from reprise.domain.checks.grading import ChecksRecord
from reprise.domain.drives.open_storage import open_reasons
from reprise.domain.drives.unreached import Statement, StorageLooked, StorageStated, Unreached
from reprise.domain.drives.vanished import meet, vanished
from reprise.domain.drives.volumes import Volume
from reprise.domain.erasure.lifecycle import FINAL, DriveState
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.pc.assessment import PcAssessed
from reprise.domain.pc.hardware import DriveIdentity, Inventory
from reprise.domain.planning.plan import Plan
from reprise.domain.planning.unusual import Unusual, unusual
from reprise.domain.report import events as ev
from reprise.domain.report.fold_drive import OF_A_DRIVE, meant
from reprise.domain.report.outcome import Outcome, pc_outcome
from reprise.workflow.past.sessions import Elsewhere, Past
from reprise.workflow.session import drive_view
from reprise.workflow.session.drive_view import DriveView, looked_at


class Stage(StrEnum):
    """How far the session has come."""

    OPEN = "open"
    INVENTORIED = "inventoried"
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    SEALED = "sealed"


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
    drives: tuple[DriveView, ...] = ()  # of the newest look; then those that left before it
    vanished: tuple[Unreached, ...] = ()  # seen outside of the newest inventory, never reached
    confirmed: tuple[str, ...] = ()
    stated: tuple[Statement, ...] = ()
    install: InstallView | None = None
    sealed: ev.ReportSealed | None = None
    by_hand: bool = False  # a person is here: nothing goes on unattended in this session
    checked: Checked = field(default_factory=Checked)
    absent: tuple[DriveIdentity, ...] = ()  # see Earlier.absent

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
        return tuple(d for d in self.drives if d.key in self.confirmed and not d.left)

    @property
    def read_digest(self) -> str:
        """SHA-256 hex of what whoever confirms has read: the plan, what is known of each drive
        beside it, and of those that are not there. "": there is no plan."""
        known = [(d.key, d.past) for d in self.drives]
        told = (self.digest, known, self.absent)
        return codec.sha256_hex(codec.to_json(told)) if self.digest else ""

    @property
    def unusual(self) -> tuple[Unusual, ...]:
        """Why one typed word is not enough for the plan that stands."""
        if self.inventory is None or self.plan is None:
            return ()
        elsewhere, perhaps = (
            frozenset(d.key for d in self.drives if d.past.elsewhere is where)
            for where in (Elsewhere.YES, Elsewhere.PERHAPS)
        )
        return unusual(self.inventory, self.plan, elsewhere, perhaps, self.absent)

    @property
    def all_final(self) -> bool:
        return all(d.state in FINAL for d in self.working)

    @property
    def own(self) -> tuple[DriveView, ...]:
        """The PC's drives: not the stick, nor what was plugged in to do the work."""
        return tuple(d for d in self.drives if d.own)

    @property
    def outcome(self) -> Outcome:
        """Of the PC, as its report will tell it."""
        return pc_outcome((d.state for d in self.own), out_of_reach=bool(self.unreached))

    @property
    def unreached(self) -> tuple[Unreached, ...]:
        """Storage that may be there, that nothing here reaches and that no operator's word
        answers."""
        return (*open_reasons(self.inventory, self.plan, self.stated), *self.vanished)


def _changed(
    state: SessionState, key: str, change: Callable[[DriveView], DriveView]
) -> SessionState:
    named = {at: d.fold for at, d in enumerate(state.drives) if d.key == key and not d.left}
    at = meant(named)
    drives = tuple(change(d) if n == at else d for n, d in enumerate(state.drives))
    return replace(state, drives=drives)


def _session_started(state: SessionState, event: ev.SessionStarted, _at: float) -> SessionState:
    if state.started is not None:
        raise ValueError("a session starts once")
    return replace(state, started=event)


def _operator(state: SessionState, event: ev.OperatorNamed, _at: float) -> SessionState:
    return replace(state, operator=event.operator)


def _inventory(state: SessionState, event: ev.InventoryTaken, _at: float) -> SessionState:
    if state.confirmed:
        raise ValueError("the inventory is fixed once the plan is confirmed")
    now = event.inventory.drives
    met = meet([view.drive for view in state.drives], now)
    known = [None if index is None else state.drives[index] for index in met.before]
    there = tuple(looked_at(drive, view) for drive, view in zip(now, known, strict=True))
    gone = tuple(drive_view.as_gone(state.drives[index]) for index in met.gone)
    return replace(
        state,
        stage=Stage.INVENTORIED,
        inventory=event.inventory,
        assessed=None,
        drives=(*there, *gone),
        vanished=vanished(state.vanished, state.inventory, event.inventory, met),
        plan=None,
        digest="",
    )


def _assessed(state: SessionState, event: PcAssessed, _at: float) -> SessionState:
    return replace(state, assessed=event)


def _plan_made(state: SessionState, event: ev.PlanMade, _at: float) -> SessionState:
    if state.confirmed:
        raise ValueError("the plan is fixed once it is confirmed")
    # by node as well: two drives of one identity are two lines, both refused
    plans = {(planned.drive.key, planned.node): planned for planned in event.plan.drives}
    return replace(
        state,
        stage=Stage.PLANNED,
        plan=event.plan,
        digest=event.digest,
        drives=tuple(
            d if d.left else drive_view.planned(d, plans.get((d.key, d.drive.node)))
            for d in state.drives
        ),
    )


def _stated(state: SessionState, event: StorageStated, _at: float) -> SessionState:
    return replace(state, stated=(*state.stated, Statement(event.about, event.by)))


def _looked(state: SessionState, event: StorageLooked, _at: float) -> SessionState:
    return replace(state, vanished=(*state.vanished, *event.found))


def _confirmed(state: SessionState, event: ev.PlanConfirmed, _at: float) -> SessionState:
    if event.digest != state.digest or not event.digest:
        raise ValueError("another plan was confirmed than the one that was made")
    done = replace(state, stage=Stage.CONFIRMED, confirmed=event.drives)
    for key in event.drives:
        done = _changed(done, key, drive_view.confirmed)
    return done


def _of_a_drive(state: SessionState, event: Any, at_monotonic_s: float) -> SessionState:
    return _changed(state, event.drive, lambda d: drive_view.after(d, event, at_monotonic_s))


def _install_started(state: SessionState, event: InstallStarted, _at: float) -> SessionState:
    return replace(state, install=InstallView(event.drive, event.image, event.image_version))


def _install_finished(state: SessionState, event: InstallFinished, _at: float) -> SessionState:
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
    StorageLooked: _looked,
    ev.PlanConfirmed: _confirmed,
    **dict.fromkeys((ev.VerifyStarted, *OF_A_DRIVE), _of_a_drive),
    InstallStarted: _install_started,
    InstallFinished: _install_finished,
    CheckDone: _checked,
    ConditionNoted: _checked,
    ev.ReportSealed: _sealed,
}


def apply(state: SessionState, event: ev.Event, at_monotonic_s: float = 0.0) -> SessionState:
    """The state after `event`. Raises ValueError where the event is illegal now."""
    step = _APPLY.get(type(event))
    return state if step is None else step(state, event, at_monotonic_s)


def remember(
    state: SessionState, known: Mapping[str, Past], absent: Sequence[DriveIdentity] = ()
) -> SessionState:
    """Say of each drive what earlier sessions did with it. `absent`: see Earlier.absent."""
    return replace(
        state,
        absent=tuple(absent),
        drives=tuple(replace(d, past=known.get(d.key, Past())) for d in state.drives),
    )


def read_inside(state: SessionState, volumes: Mapping[str, tuple[Volume, ...]]) -> SessionState:
    """Say of each drive what was found inside; of no other one."""
    return replace(
        state,
        drives=tuple(replace(d, volumes=volumes.get(d.key, ())) for d in state.drives),
    )


def take_over(state: SessionState) -> SessionState:
    """A person pressed a key."""
    return replace(state, by_hand=True)
