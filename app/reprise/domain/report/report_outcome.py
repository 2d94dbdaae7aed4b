"""What a report proves of what a drive and a PC came to, whoever wrote it: the rule of
domain/report/outcome.py, and which of the report's words may count."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from reprise.domain.drives.open_storage import open_reasons
from reprise.domain.drives.unreached import Unreached
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.verification import AGAINST, ReasonCode
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import Preparation, Refusal
from reprise.domain.planning.techniques import Method, reaches
from reprise.domain.report.events import Observation
from reprise.domain.report.judged_again import judged_again
from reprise.domain.report.misfit import misfits
from reprise.domain.report.outcome import DriveResult, Outcome, drive_result, is_own, pc_outcome
from reprise.domain.report.report import AttemptRecord, DriveRecord, Report

# Raise it with each change of what some report may come to: in outcome.py, here, or in what they
# ask: the judge of an attempt, judged_again, misfit, scope, open_storage, techniques.reaches. The
# server keeps what the rule said of each report, and judges anew what another number has judged.
RULE_VERSION = 5


@dataclass(frozen=True, slots=True)
class ToldDrive(DriveRecord):
    """`facts`: what the looks know of this very drive; None where none showed it."""

    facts: Drive | None = None


def records(report: Report) -> tuple[ToldDrive, ...]:
    """One record a drive. A drive that was seen and that no record tells of was not treated, and
    one that left before it was is refused."""
    left = list(report.inventory.drives)
    told = [(record, _take(left, record)) for record in report.drives]
    plans = {} if report.plan is None else {(p.drive, p.node): p for p in report.plan.drives}
    # an older report has one record of all drives of one identity
    named = {record.identity for record in report.drives}
    silent = [(d, plans.get((d.identity, d.node)) if d.identity in named else None) for d in left]
    return (
        *(_told(record, facts or _of_the_gone(report, record)) for record, facts in told),
        *(_untouched(d, DriveState.DETECTED, plan.refusals if plan else ()) for d, plan in silent),
        *(_untouched(gone.drive, DriveState.REFUSED, gone.refusals) for gone in report.gone),
    )


def _take(drives: list[Drive], record: DriveRecord) -> Drive | None:
    """Out of `drives`: two may have one identity, and then each its own record."""
    same = [drive for drive in drives if drive.identity == record.identity]
    taken = next((drive for drive in same if drive.node == record.node), next(iter(same), None))
    if taken is not None:
        drives.remove(taken)
    return taken


def _of_the_gone(report: Report, record: DriveRecord) -> Drive | None:
    gone = (left.drive for left in report.gone)
    return next((drive for drive in gone if drive.identity == record.identity), None)


def _told(record: DriveRecord, facts: Drive | None) -> ToldDrive:
    told = {field.name: getattr(record, field.name) for field in fields(DriveRecord)}
    return ToldDrive(**told, facts=facts)


def _untouched(drive: Drive, state: DriveState, refusals: tuple[Refusal, ...]) -> ToldDrive:
    return ToldDrive(drive.identity, drive.node, state, Method.NONE, refusals=refusals, facts=drive)


def in_scope(record: ToldDrive) -> bool:
    return is_own(record.facts, record.refusals, attempted=bool(record.attempts))


def own_records(report: Report) -> tuple[ToldDrive, ...]:
    """The PC's drives: not the stick, nor what was plugged in to do the work."""
    return tuple(record for record in records(report) if in_scope(record))


def proven(report: Report, record: DriveRecord) -> DriveResult:
    """What the record proves: never better than what it says, SANITIZED only by the rule, and by
    what the last attempt itself tells of what was seen: its verdict is a word, which whoever holds
    a key can sign."""
    planned = report.plan.drives if report.plan is not None else ()
    hidden: tuple[Preparation, ...] = tuple(
        step for item in planned if item.drive == record.identity for step in item.preparations
    )
    attempts = _as_told(report, record)
    result = drive_result(attempts, record.preparation, hidden, record.refusals)
    if record.state is not DriveState.SANITIZED:
        return replace(result, state=record.state, achieved=Method.NONE)
    if result.state is not DriveState.SANITIZED or record.achieved is Method.NONE:
        proves_more = result.state in (DriveState.FAILED, DriveState.INTERRUPTED)
        state = result.state if proves_more else DriveState.UNVERIFIED
        return replace(result, state=state, achieved=Method.NONE)
    facts = record.facts if isinstance(record, ToldDrive) else None
    if any(misfits(report, record, facts, record.attempts[-1])):
        reasons = (ReasonCode.MISFIT.value,)
        return replace(result, state=DriveState.UNVERIFIED, achieved=Method.NONE, reasons=reasons)
    lower = result.achieved if reaches(record.achieved, result.achieved) else record.achieved
    return replace(result, achieved=lower)


def _as_told(report: Report, record: DriveRecord) -> tuple[AttemptRecord, ...]:
    """Its attempts, the last with the verdict that follows from what it tells. What was seen of
    another drive of the report does not speak for this one."""
    if not record.attempts:
        return ()
    others = {other.identity.key for other in report.drives} - {record.identity.key}

    def counts(seen: Observation) -> bool:
        return seen.drive not in others or seen.kind in AGAINST

    *before, last = record.attempts
    last = replace(last, observations=tuple(filter(counts, last.observations)))
    size = max(record.identity.size_bytes, record.found_bytes)
    return (*before, judged_again(last, size))


def report_outcome(report: Report) -> Outcome:
    states = (proven(report, record).state for record in own_records(report))
    return pc_outcome(states, out_of_reach=bool(unreached_storage(report)))


def unreached_storage(report: Report) -> tuple[Unreached, ...]:
    """What may hide drives that nobody erased. Where there is any, the PC is not erased, whatever
    became of the drives that were seen."""
    return (*open_reasons(report.inventory, report.plan, report.stated), *report.vanished)
