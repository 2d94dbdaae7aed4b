"""The rule of domain/outcome.py on a report: whoever wrote it, only what it proves counts."""

from __future__ import annotations

from dataclasses import replace

from reprise.domain.hardware import Drive
from reprise.domain.lifecycle import DriveState
from reprise.domain.open_storage import open_reasons
from reprise.domain.outcome import DriveResult, Outcome, drive_result, is_own, pc_outcome
from reprise.domain.plan import Preparation
from reprise.domain.report import DriveRecord, Report
from reprise.domain.techniques import Method, reaches
from reprise.domain.unreached import Unreached

# Raise it with each change of what some report may come to: in outcome.py, here, or in what they
# ask (scope, open_storage, techniques.reaches). The server keeps what the rule said of each report,
# and judges anew whatever another number has judged.
RULE_VERSION = 1


def drive_facts(report: Report, record: DriveRecord) -> Drive | None:
    """What the inventory knows of a drive; None where it was not inventoried."""
    for drive in (*report.inventory.drives, *(one.drive for one in report.gone)):
        if drive.identity == record.identity:
            return drive
    return None


def records(report: Report) -> tuple[DriveRecord, ...]:
    """One record a drive. A drive that was seen and that no record tells of was not treated, and
    one that left before it was is refused."""
    told = {record.identity for record in report.drives}
    silent = (drive for drive in report.inventory.drives if drive.identity not in told)
    return (
        *report.drives,
        *(DriveRecord(d.identity, d.node, DriveState.DETECTED, Method.NONE) for d in silent),
        *(
            DriveRecord(
                one.drive.identity,
                one.drive.node,
                DriveState.REFUSED,
                Method.NONE,
                refusals=one.refusals,
            )
            for one in report.gone
        ),
    )


def in_scope(report: Report, record: DriveRecord) -> bool:
    drive = drive_facts(report, record)
    return is_own(drive, record.refusals, attempted=bool(record.attempts))


def own_records(report: Report) -> tuple[DriveRecord, ...]:
    """The PC's drives: not the stick, nor what was plugged in to do the work."""
    return tuple(record for record in records(report) if in_scope(report, record))


def proven(report: Report, record: DriveRecord) -> DriveResult:
    """What the record proves: never better than what it says, and SANITIZED only by the rule."""
    planned = report.plan.drives if report.plan is not None else ()
    hidden: tuple[Preparation, ...] = tuple(
        step for one in planned if one.drive == record.identity for step in one.preparations
    )
    found = drive_result(record.attempts, record.preparation, hidden, record.refusals)
    if record.state is not DriveState.SANITIZED:
        return replace(found, state=record.state, achieved=Method.NONE)
    if found.state is not DriveState.SANITIZED or record.achieved is Method.NONE:
        proves_more = found.state in (DriveState.FAILED, DriveState.INTERRUPTED)
        state = found.state if proves_more else DriveState.UNVERIFIED
        return replace(found, state=state, achieved=Method.NONE)
    lower = found.achieved if reaches(record.achieved, found.achieved) else record.achieved
    return replace(found, achieved=lower)


def report_outcome(report: Report) -> Outcome:
    states = (proven(report, record).state for record in own_records(report))
    return pc_outcome(states, out_of_reach=bool(unreached_storage(report)))


def unreached_storage(report: Report) -> tuple[Unreached, ...]:
    """What may hide drives that nobody erased. Where there is any, the PC is not erased, whatever
    became of the drives that were seen."""
    return (*open_reasons(report.inventory, report.plan, report.stated), *report.vanished)
