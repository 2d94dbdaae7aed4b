"""Makes the report of a session's events. Pure: the same journal always gives the same report.

What a drive came to is decided in domain/report/outcome.py. An attempt that has a start and no end
is INTERRUPTED: whoever replays the journal after a power cut gets the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from reprise.domain.checks.events import CheckDone, Checked, CheckEvent, ConditionNoted
from reprise.domain.drives.unreached import Statement, StorageLooked, StorageStated, Unreached
from reprise.domain.drives.vanished import GoneDrive, meet, vanished
from reprise.domain.erasure.preparing import SystemSuspended
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.pc.assessment import ImageMeasured, PcAssessed
from reprise.domain.pc.hardware import Drive, Inventory
from reprise.domain.planning.plan import ConfirmedBy, Plan
from reprise.domain.report import events as ev
from reprise.domain.report.fold_drive import OF_A_DRIVE, DriveFold, IncompleteJournalError, meant
from reprise.domain.report.report import (
    DEMO_SCHEMA,
    SCHEMA,
    ClockRecord,
    InstallRecord,
    Report,
    StationRecord,
    SuspendRecord,
)


@dataclass(frozen=True, slots=True)
class FoundDrive:
    """One drive of a session, whichever others have its key. `drive`: None where no look showed
    it; `left`: an earlier look did, and the newest one does not."""

    key: str
    fold: DriveFold
    drive: Drive | None = None
    left: bool = False

    @property
    def told(self) -> bool:
        """Whether it has a record: what was done to a drive stays told where it left."""
        return not self.left or bool(self.fold.attempts)


@dataclass
class SessionFold:
    """State while folding; one method per event. `take` raises IncompleteJournalError as `fold`."""

    start: ev.SessionStarted | None = None
    started_at: str = ""
    started_monotonic_s: float = 0.0
    last_at: str = ""
    last_monotonic_s: float = 0.0
    operator: ev.Operator = field(default_factory=ev.Operator)
    inventory: Inventory | None = None
    plan: Plan | None = None
    plan_digest: str | None = None
    confirmed_digest: str | None = None
    confirmed_by: ConfirmedBy | None = None
    stated: list[Statement] = field(default_factory=list)
    drives: list[FoundDrive] = field(default_factory=list)
    vanished: tuple[Unreached, ...] = ()
    suspends: list[SuspendRecord] = field(default_factory=list)
    image_sha256: str = ""
    assessed: PcAssessed | None = None
    install: InstallRecord | None = None
    checked: Checked = field(default_factory=Checked)

    def take(self, stamped: ev.Stamped) -> None:
        self.last_at = stamped.at
        self.last_monotonic_s = stamped.monotonic_s
        handler = _HANDLERS.get(type(stamped.event))
        if handler is not None:
            handler(self, stamped, stamped.event)

    def drive(self, key: str) -> DriveFold | None:
        """What was done to a drive of that key; None: nothing introduced one."""
        at = self._meant(key)
        return None if at is None else self.drives[at].fold

    def _meant(self, key: str) -> int | None:
        named = {
            at: known for at, known in enumerate(self.drives) if known.key == key and known.told
        }
        there = {at: known.fold for at, known in named.items() if not known.left}
        return meant(there or {at: known.fold for at, known in named.items()})

    # one method per event

    def session_started(self, stamped: ev.Stamped, event: ev.SessionStarted) -> None:
        self.start = event
        self.started_at = stamped.at
        self.started_monotonic_s = stamped.monotonic_s

    def operator_named(self, _stamped: ev.Stamped, event: ev.OperatorNamed) -> None:
        self.operator = event.operator

    def inventory_taken(self, _stamped: ev.Stamped, event: ev.InventoryTaken) -> None:
        past = [(known.drive, known.fold) for known in self.drives if known.drive is not None]
        met = meet([drive for drive, _fold in past], event.inventory.drives)
        self.vanished = vanished(self.vanished, self.inventory, event.inventory, met)
        self.inventory = event.inventory
        seen: list[FoundDrive] = []
        for drive, before in zip(event.inventory.drives, met.before, strict=True):
            fold = DriveFold(drive.identity, drive.node) if before is None else past[before][1]
            seen.append(FoundDrive(drive.identity.key, fold.seen_again(drive), drive))
        for drive, fold in (past[at] for at in met.gone):
            seen.append(FoundDrive(drive.identity.key, fold.left(), drive, left=True))
        unseen = (known for known in self.drives if known.drive is None and known.fold.attempts)
        self.drives = [*seen, *unseen]

    def image_measured(self, _stamped: ev.Stamped, event: ImageMeasured) -> None:
        self.image_sha256 = event.sha256

    def pc_assessed(self, _stamped: ev.Stamped, event: PcAssessed) -> None:
        self.assessed = event

    def plan_made(self, _stamped: ev.Stamped, event: ev.PlanMade) -> None:
        self.plan = event.plan
        self.plan_digest = event.digest
        plans = {(entry.drive.key, entry.node): entry for entry in event.plan.drives}
        for at, entry in enumerate(self.drives):
            planned = None if entry.left else plans.pop((entry.key, entry.fold.node), None)
            if planned is not None:
                self.drives[at] = replace(entry, fold=entry.fold.planned(planned))
        for (key, node), planned in plans.items():
            fold = DriveFold(planned.drive, node).planned(planned)
            self.drives.append(FoundDrive(key, fold))

    def storage_stated(self, stamped: ev.Stamped, event: StorageStated) -> None:
        self.stated.append(Statement(event.about, event.by, stamped.at))

    def storage_looked(self, _stamped: ev.Stamped, event: StorageLooked) -> None:
        self.vanished = (*self.vanished, *event.found)

    def plan_confirmed(self, _stamped: ev.Stamped, event: ev.PlanConfirmed) -> None:
        self.confirmed_digest, self.confirmed_by = event.digest, event.by

    def of_a_drive(self, stamped: ev.Stamped, event: Any) -> None:
        at = self._meant(event.drive)
        if at is None and isinstance(event, ev.AttemptStarted):
            at = len(self.drives)
            self.drives.append(FoundDrive(event.drive, DriveFold(event.identity, event.node)))
        if at is None:
            word = event.drive
            raise IncompleteJournalError(f"an event names a drive that nothing introduced: {word}")
        known = self.drives[at]
        self.drives[at] = replace(known, fold=known.fold.after(stamped))

    def system_suspended(self, stamped: ev.Stamped, event: SystemSuspended) -> None:
        self.suspends.append(SuspendRecord(stamped.at, event.ok, event.duration_s, event.detail))

    def install_started(self, _stamped: ev.Stamped, event: InstallStarted) -> None:
        self.install = InstallRecord(
            event.drive, event.node, event.image, event.image_version, event.digest
        )

    def install_finished(self, _stamped: ev.Stamped, event: InstallFinished) -> None:
        if self.install is None:
            raise IncompleteJournalError("an install ended that never started")
        self.install = replace(
            self.install, ok=event.ok, duration_s=event.duration_s, detail=event.detail
        )

    def check_event(self, _stamped: ev.Stamped, event: CheckEvent) -> None:
        self.checked = self.checked.after(event)


_HANDLERS: dict[type, Callable[[SessionFold, ev.Stamped, object], None]] = {
    ev.SessionStarted: SessionFold.session_started,  # type: ignore[dict-item]
    ev.OperatorNamed: SessionFold.operator_named,  # type: ignore[dict-item]
    ev.InventoryTaken: SessionFold.inventory_taken,  # type: ignore[dict-item]
    ImageMeasured: SessionFold.image_measured,  # type: ignore[dict-item]
    PcAssessed: SessionFold.pc_assessed,  # type: ignore[dict-item]
    ev.PlanMade: SessionFold.plan_made,  # type: ignore[dict-item]
    StorageStated: SessionFold.storage_stated,  # type: ignore[dict-item]
    StorageLooked: SessionFold.storage_looked,  # type: ignore[dict-item]
    ev.PlanConfirmed: SessionFold.plan_confirmed,  # type: ignore[dict-item]
    SystemSuspended: SessionFold.system_suspended,  # type: ignore[dict-item]
    **dict.fromkeys(OF_A_DRIVE, SessionFold.of_a_drive),
    InstallStarted: SessionFold.install_started,  # type: ignore[dict-item]
    InstallFinished: SessionFold.install_finished,  # type: ignore[dict-item]
    CheckDone: SessionFold.check_event,  # type: ignore[dict-item]
    ConditionNoted: SessionFold.check_event,  # type: ignore[dict-item]
}


def fold(events: Iterable[ev.Stamped], journal_sha256: str | None = None) -> Report:
    """The report of a session, from its journal in order.

    Raises IncompleteJournalError where the session never started or nothing was inventoried, or
    where an event names a drive or an attempt that was never introduced.
    """
    state = SessionFold()
    for stamped in events:
        state.take(stamped)
    if state.start is None or state.inventory is None:
        raise IncompleteJournalError("the journal has no session start or no inventory")
    return Report(
        report_id=state.start.report_id,
        session_id=state.start.session_id,
        station=StationRecord(
            name=state.start.station,
            kid=state.start.kid,
            version=state.start.version,
            image_version=state.start.image_version,
            image_sha256=state.image_sha256,
            tools=state.inventory.tools,
        ),
        clock=ClockRecord(
            trusted=state.start.clock_trusted,
            note=state.start.clock_note,
            started_at=state.started_at,
            sealed_at=state.last_at,
            session_s=round(state.last_monotonic_s - state.started_monotonic_s, 3),
        ),
        operator=state.operator,
        inventory=state.inventory,
        plan=state.plan,
        plan_digest=state.plan_digest,
        confirmed_digest=state.confirmed_digest,
        confirmed_by=state.confirmed_by,
        stated=tuple(state.stated),
        drives=tuple(known.fold.record() for known in state.drives if known.told),
        gone=tuple(
            GoneDrive(known.drive, known.fold.refusals)
            for known in state.drives
            if known.drive is not None and known.left
        ),
        vanished=state.vanished,
        suspends=tuple(state.suspends),
        triage=state.assessed.triage if state.assessed else None,
        impact=state.assessed.impact if state.assessed else None,
        install=state.install,
        checks=state.checked.record(state.inventory),
        journal_sha256=journal_sha256,
        schema=SCHEMA if state.start.purpose is ev.Purpose.REAL else DEMO_SCHEMA,
    )
