"""What a report proves of what a drive and a PC came to, whoever wrote it: the rule of
domain/report/outcome.py, and which of the report's words may count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reprise.domain.drives.open_storage import open_reasons
from reprise.domain.drives.unreached import Unreached, UnreachedKind
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.verification import AGAINST, ReasonCode
from reprise.domain.planning.techniques import Method, reaches
from reprise.domain.report.at_odds import at_odds
from reprise.domain.report.events import Observation, ObservationKind
from reprise.domain.report.judged_again import judged_again
from reprise.domain.report.misfit import misfits
from reprise.domain.report.outcome import DriveResult, Outcome, drive_result, is_own, pc_outcome
from reprise.domain.report.report import AttemptRecord, Report
from reprise.domain.report.told import ToldDrive, installed_on, is_about, lists_of, records

# Raise it with each change of what some report may come to: in outcome.py, here, or in what they
# ask: the judge of an attempt, judged_again, misfit, at_odds, told, scope, open_storage,
# techniques.reaches. The server keeps what the rule said of each report, and judges anew what
# another number has judged.
RULE_VERSION = 9


def in_scope(record: ToldDrive) -> bool:
    return is_own(record.facts, record.refusals, attempted=bool(record.attempts))


def own_records(report: Report) -> tuple[ToldDrive, ...]:
    """The PC's drives: not the stick, nor what was plugged in to do the work."""
    return tuple(record for record in records(report) if in_scope(record))


def proven(record: ToldDrive) -> DriveResult:
    """What one of a report's `records` proves: never better than what it says, SANITIZED only by
    the rule, and by what the last attempt itself tells of what was seen: its verdict is a word,
    which whoever holds a key can sign."""
    attempts = _as_told(record)
    hidden, size = record.planned.steps, record.reached_bytes
    result = drive_result(attempts, record.preparation, hidden, record.refusals, size)
    if record.state is not DriveState.SANITIZED:
        return replace(result, state=record.state, achieved=Method.NONE)
    if result.state is not DriveState.SANITIZED or record.achieved is Method.NONE:
        proves_more = result.state in (DriveState.FAILED, DriveState.INTERRUPTED)
        state = result.state if proves_more else DriveState.UNVERIFIED
        return replace(result, state=state, achieved=Method.NONE)
    against = _against(record)
    if against is not None:
        reasons = (against.value,)
        return replace(result, state=DriveState.UNVERIFIED, achieved=Method.NONE, reasons=reasons)
    lower = result.achieved if reaches(record.achieved, result.achieved) else record.achieved
    return replace(result, achieved=lower)


def _against(record: ToldDrive) -> ReasonCode | None:
    if any(misfits(record, record.attempts[-1])):
        return ReasonCode.MISFIT
    return ReasonCode.AT_ODDS if at_odds(record) else None


_AGAINST = AGAINST | {ObservationKind.SEEN_LARGER}


def _as_told(record: ToldDrive) -> tuple[AttemptRecord, ...]:
    """Its attempts, the last with the verdict that follows from what it tells. What was seen of
    another drive does not speak for this one."""
    if not record.attempts:
        return ()

    def counts(seen: Observation) -> bool:
        return seen.kind in _AGAINST or is_about(seen.drive, record.identity)

    *before, last = (
        replace(
            one,
            earlier=tuple(filter(counts, one.earlier)),
            observations=tuple(filter(counts, one.observations)),
        )
        for one in record.attempts
    )
    return (*before, judged_again(last, record.reached_bytes))


def report_outcome(report: Report) -> Outcome:
    states = (proven(record).state for record in own_records(report))
    return pc_outcome(states, out_of_reach=bool(unreached_storage(report)))


def unreached_storage(report: Report) -> tuple[Unreached, ...]:
    """What may hide drives that nobody erased. Where there is any, the PC is not erased, whatever
    became of the drives that were seen."""
    told = open_reasons(report.inventory, report.plan, report.stated)
    return (*told, *report.vanished, *_not_listed(report))


# Lists of a report that tell of the PC's storage.
_OF_THE_PC = frozenset({"drives", "gone", "vanished", "unreached", "warnings", "shortened"})


def _not_listed(report: Report) -> Iterator[Unreached]:
    """Drives that only the plan or the installation tells of, and lists that were shortened: nobody
    can say what is missing there."""
    planned = report.plan.drives if report.plan is not None else ()
    known = {drive.identity for drive in report.inventory.drives}
    known |= {one.drive.identity for one in report.gone}
    known |= {record.identity for record in report.drives}
    missing = [plan.node for plan in planned if plan.drive not in known]
    if report.install is not None and installed_on(report) is None:
        missing.append(report.install.node)
    missing += [".".join(way) for way in lists_of(report.shortened) if way[-1] in _OF_THE_PC]
    yield from (Unreached(UnreachedKind.NOT_TOLD, where) for where in missing)
