"""Report = fold(events). Pure: the same journal always gives the same report.

A drive is SANITIZED only where its last attempt was judged VERIFIED. An attempt that has a start
and no end is INTERRUPTED: whoever replays the journal after a power cut gets the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from reprise.domain import events as ev
from reprise.domain.assessment import ImageMeasured, PcAssessed
from reprise.domain.check_events import CheckDone, Checked, CheckEvent, ConditionNoted
from reprise.domain.fold_drive import DriveFold, IncompleteJournalError
from reprise.domain.hardware import Inventory
from reprise.domain.plan import ConfirmedBy, Plan
from reprise.domain.report import (
    DEMO_SCHEMA,
    SCHEMA,
    AttemptRecord,
    ClockRecord,
    InstallRecord,
    PreparationRecord,
    Report,
    StationRecord,
    SuspendRecord,
)
from reprise.domain.unreached import Statement, StorageStated


@dataclass
class _Fold:
    """State while folding; one method per event."""

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
    drives: dict[str, DriveFold] = field(default_factory=dict)
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

    def drive(self, key: str) -> DriveFold:
        if key not in self.drives:
            raise IncompleteJournalError(f"an event names a drive that nothing introduced: {key}")
        return self.drives[key]

    # one method per event

    def session_started(self, stamped: ev.Stamped, event: ev.SessionStarted) -> None:
        self.start = event
        self.started_at = stamped.at
        self.started_monotonic_s = stamped.monotonic_s

    def operator_named(self, _stamped: ev.Stamped, event: ev.OperatorNamed) -> None:
        self.operator = event.operator

    def inventory_taken(self, _stamped: ev.Stamped, event: ev.InventoryTaken) -> None:
        self.inventory = event.inventory
        for drive in event.inventory.drives:
            self.drives.setdefault(drive.identity.key, DriveFold(drive.identity, drive.node))

    def image_measured(self, _stamped: ev.Stamped, event: ImageMeasured) -> None:
        self.image_sha256 = event.sha256

    def pc_assessed(self, _stamped: ev.Stamped, event: PcAssessed) -> None:
        self.assessed = event

    def plan_made(self, _stamped: ev.Stamped, event: ev.PlanMade) -> None:
        self.plan = event.plan
        self.plan_digest = event.digest
        for planned in event.plan.drives:
            key = planned.drive.key
            fold = self.drives.setdefault(key, DriveFold(planned.drive, planned.node))
            fold.refusals = planned.refusals

    def storage_stated(self, stamped: ev.Stamped, event: StorageStated) -> None:
        self.stated.append(Statement(event.about, event.by, stamped.at))

    def plan_confirmed(self, _stamped: ev.Stamped, event: ev.PlanConfirmed) -> None:
        self.confirmed_digest, self.confirmed_by = event.digest, event.by

    def drive_refused(self, _stamped: ev.Stamped, event: ev.DriveRefused) -> None:
        self.drive(event.drive).refusals = event.refusals

    def attempt_started(self, stamped: ev.Stamped, event: ev.AttemptStarted) -> None:
        fold = self.drives.setdefault(event.drive, DriveFold(event.identity, event.node))
        fold.attempts.append(
            AttemptRecord(
                job_id=event.job_id,
                job_key=event.job_key,
                attempt=event.attempt,
                started_at=stamped.at,
                started_monotonic_s=stamped.monotonic_s,
                resumed_from_bytes=event.resumed_from_bytes,
            )
        )

    def command_ran(self, _stamped: ev.Stamped, event: ev.CommandRan) -> None:
        self.drive(event.drive).command(
            {
                "argv": " ".join(event.argv),
                "exit_code": event.exit_code,
                "duration_s": event.duration_s,
                "output": event.output,
            }
        )

    def system_suspended(self, stamped: ev.Stamped, event: ev.SystemSuspended) -> None:
        self.suspends.append(SuspendRecord(stamped.at, event.ok, event.duration_s, event.detail))

    def preparation_started(self, _stamped: ev.Stamped, event: ev.PreparationStarted) -> None:
        self.drive(event.drive).preparation = PreparationRecord(event.steps)

    def drive_prepared(self, _stamped: ev.Stamped, event: ev.DrivePrepared) -> None:
        fold = self.drive(event.drive)
        fold.preparation = replace(
            fold.preparation or PreparationRecord((*event.done, *event.left)),
            done=event.done,
            left=event.left,
            size_bytes=event.size_bytes,
            detail=event.detail,
        )

    def observation(self, _stamped: ev.Stamped, event: ev.Observation) -> None:
        fold = self.drive(event.drive)
        if fold.last is not None:
            fold.change(fold.last.job_id, observations=(*fold.last.observations, event))

    def medium_error(self, _stamped: ev.Stamped, event: ev.MediumErrorFound) -> None:
        fold = self.drive(event.drive)
        if fold.last is not None:
            fold.change(fold.last.job_id, medium_errors=(*fold.last.medium_errors, event))

    def attempt_finished(self, stamped: ev.Stamped, event: ev.AttemptFinished) -> None:
        fold = self.drive(event.drive)
        began = fold.last.started_monotonic_s if fold.last else stamped.monotonic_s
        fold.change(
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

    def checkpoint(self, _stamped: ev.Stamped, event: ev.Checkpoint) -> None:
        """What was written of an attempt that has no end in the journal."""
        self.drive(event.drive).change(event.job_id, written_bytes=event.done_bytes)

    def drive_interrupted(self, stamped: ev.Stamped, event: ev.DriveInterrupted) -> None:
        self.drive(event.drive).change(
            event.job_id,
            finished_at=stamped.at,
            written_bytes=event.done_bytes,
            interrupted=event.cause,
        )

    def install_started(self, _stamped: ev.Stamped, event: ev.InstallStarted) -> None:
        self.install = InstallRecord(
            event.drive, event.node, event.image, event.image_version, event.digest
        )

    def install_finished(self, _stamped: ev.Stamped, event: ev.InstallFinished) -> None:
        if self.install is None:
            raise IncompleteJournalError("an install ended that never started")
        self.install = replace(
            self.install, ok=event.ok, duration_s=event.duration_s, detail=event.detail
        )

    def check_event(self, _stamped: ev.Stamped, event: CheckEvent) -> None:
        self.checked = self.checked.after(event)


_HANDLERS: dict[type, Callable[[_Fold, ev.Stamped, object], None]] = {
    ev.SessionStarted: _Fold.session_started,  # type: ignore[dict-item]
    ev.OperatorNamed: _Fold.operator_named,  # type: ignore[dict-item]
    ev.InventoryTaken: _Fold.inventory_taken,  # type: ignore[dict-item]
    ImageMeasured: _Fold.image_measured,  # type: ignore[dict-item]
    PcAssessed: _Fold.pc_assessed,  # type: ignore[dict-item]
    ev.PlanMade: _Fold.plan_made,  # type: ignore[dict-item]
    StorageStated: _Fold.storage_stated,  # type: ignore[dict-item]
    ev.PlanConfirmed: _Fold.plan_confirmed,  # type: ignore[dict-item]
    ev.DriveRefused: _Fold.drive_refused,  # type: ignore[dict-item]
    ev.SystemSuspended: _Fold.system_suspended,  # type: ignore[dict-item]
    ev.PreparationStarted: _Fold.preparation_started,  # type: ignore[dict-item]
    ev.DrivePrepared: _Fold.drive_prepared,  # type: ignore[dict-item]
    ev.AttemptStarted: _Fold.attempt_started,  # type: ignore[dict-item]
    ev.CommandRan: _Fold.command_ran,  # type: ignore[dict-item]
    ev.Observation: _Fold.observation,  # type: ignore[dict-item]
    ev.MediumErrorFound: _Fold.medium_error,  # type: ignore[dict-item]
    ev.Checkpoint: _Fold.checkpoint,  # type: ignore[dict-item]
    ev.AttemptFinished: _Fold.attempt_finished,  # type: ignore[dict-item]
    ev.DriveInterrupted: _Fold.drive_interrupted,  # type: ignore[dict-item]
    ev.InstallStarted: _Fold.install_started,  # type: ignore[dict-item]
    ev.InstallFinished: _Fold.install_finished,  # type: ignore[dict-item]
    CheckDone: _Fold.check_event,  # type: ignore[dict-item]
    ConditionNoted: _Fold.check_event,  # type: ignore[dict-item]
}


def fold(events: Iterable[ev.Stamped], journal_sha256: str | None = None) -> Report:
    """The report of a session, from its journal in order.

    Raises IncompleteJournalError where the session never started or nothing was inventoried, or
    where an event names a drive or an attempt that was never introduced.
    """
    state = _Fold()
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
        drives=tuple(drive.record() for drive in state.drives.values()),
        suspends=tuple(state.suspends),
        triage=state.assessed.triage if state.assessed else None,
        impact=state.assessed.impact if state.assessed else None,
        install=state.install,
        checks=state.checked.record(state.inventory),
        journal_sha256=journal_sha256,
        schema=SCHEMA if state.start.purpose is ev.Purpose.REAL else DEMO_SCHEMA,
    )
