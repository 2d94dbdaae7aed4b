"""What a whole report amounts to, in one title. Success is said only where nothing is missing."""

from __future__ import annotations

from enum import StrEnum

from reprise.domain.hardware import Drive
from reprise.domain.lifecycle import DriveState
from reprise.domain.open_storage import open_reasons
from reprise.domain.report import DriveRecord, Report
from reprise.domain.scope import is_outside
from reprise.domain.techniques import Method, Verdict
from reprise.domain.unreached import Unreached
from reprise.i18n import _


class Outcome(StrEnum):
    """Of a whole PC, worst first."""

    FAILED = "failed"
    UNVERIFIED = "unverified"
    INCOMPLETE = "incomplete"
    NOTHING = "nothing"
    ERASED = "erased"


def drive_facts(report: Report, record: DriveRecord) -> Drive | None:
    """What the inventory knows of a drive; None where it was not inventoried."""
    for drive in report.inventory.drives:
        if drive.identity == record.identity:
            return drive
    return None


def in_scope(report: Report, record: DriveRecord) -> bool:
    """Whether a drive belongs to the PC, so that leaving it out leaves the PC unfinished."""
    if record.attempts:
        return True
    codes = {refusal.code for refusal in record.refusals}
    return not is_outside(drive_facts(report, record), codes)


def drive_ok(record: DriveRecord) -> bool:
    """Erased and verified. The state alone is not believed: the last attempt must say so too."""
    if record.state is not DriveState.SANITIZED or not record.attempts:
        return False
    last = record.attempts[-1]
    return last.verdict is Verdict.VERIFIED and Method.NONE not in (record.achieved, last.achieved)


def drive_outcome(record: DriveRecord) -> Outcome:
    if drive_ok(record):
        return Outcome.ERASED
    if record.state is DriveState.FAILED:
        return Outcome.FAILED
    if record.state in (DriveState.UNVERIFIED, DriveState.SANITIZED):
        return Outcome.UNVERIFIED
    return Outcome.INCOMPLETE


def records(report: Report) -> tuple[DriveRecord, ...]:
    """One record a drive. A drive that was seen and that no record tells of was not treated."""
    told = {record.identity for record in report.drives}
    silent = (drive for drive in report.inventory.drives if drive.identity not in told)
    return (
        *report.drives,
        *(DriveRecord(d.identity, d.node, DriveState.DETECTED, Method.NONE) for d in silent),
    )


def unreached_storage(report: Report) -> tuple[Unreached, ...]:
    """What may hide drives that nobody erased. Where there is any, the PC is not erased, whatever
    became of the drives that were seen."""
    return open_reasons(report.inventory, report.plan, report.stated)


def report_outcome(report: Report) -> Outcome:
    """The worst outcome among the PC's own drives, seen or hidden; NOTHING where it has none."""
    outcomes = {drive_outcome(d) for d in records(report) if in_scope(report, d)}
    if unreached_storage(report):
        outcomes.add(Outcome.INCOMPLETE)
    return next((o for o in Outcome if o in outcomes), Outcome.NOTHING)


def report_ok(report: Report) -> bool:
    """Every drive of the PC is erased and verified, and there is at least one."""
    return report_outcome(report) is Outcome.ERASED


def report_title(report: Report) -> str:
    """What the document may be called: a certificate only where all is verified."""
    return {
        Outcome.ERASED: _("Erasure certificate"),
        Outcome.FAILED: _("Erasure report – FAILED"),
        Outcome.UNVERIFIED: _("Erasure report – NOT VERIFIED"),
        Outcome.INCOMPLETE: _("Erasure report – INCOMPLETE"),
        Outcome.NOTHING: _("Erasure report – NO DRIVE ERASED"),
    }[report_outcome(report)]
