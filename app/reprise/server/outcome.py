"""One word for a whole PC, worst first. Only what its report proves counts.

Which drives are the PC's own, and what proves one, is decided once, in reprise.wording.outcome:
the page, the list and the certificate agree.
"""

from __future__ import annotations

from enum import StrEnum

from reprise.domain.lifecycle import DriveState
from reprise.domain.report import DriveRecord, Report
from reprise.wording.outcome import drive_ok, in_scope, unreached_storage


class Outcome(StrEnum):
    """Ordered from the worst: the first that is true of any drive is the PC's."""

    FAILED = "failed"
    INTERRUPTED = "interrupted"
    UNVERIFIED = "unverified"
    UNTOUCHED = "untouched"  # at least one of the PC's drives was not erased
    SANITIZED = "sanitized"  # every drive of the PC
    NO_DRIVE = "no-drive"


_OF_STATE = {
    DriveState.FAILED: Outcome.FAILED,
    DriveState.INTERRUPTED: Outcome.INTERRUPTED,
    DriveState.ERASING: Outcome.INTERRUPTED,
    DriveState.VERIFYING: Outcome.INTERRUPTED,
    DriveState.UNVERIFIED: Outcome.UNVERIFIED,
    DriveState.SANITIZED: Outcome.SANITIZED,
}


def proven_state(record: DriveRecord) -> DriveState:
    """The drive's state, or UNVERIFIED where a report says "sanitized" without the proof."""
    if record.state is DriveState.SANITIZED and not drive_ok(record):
        return DriveState.UNVERIFIED
    return record.state


def own_drives(report: Report) -> tuple[DriveRecord, ...]:
    """The PC's drives: not the stick, nor what was plugged in to do the work."""
    return tuple(record for record in report.drives if in_scope(report, record))


def outcome(report: Report) -> Outcome:
    """The PC's outcome. A drive that the inventory saw and no record tells of is UNTOUCHED, and so
    is one that a controller may hide."""
    states = [proven_state(record) for record in own_drives(report)]
    seen = {_OF_STATE.get(state, Outcome.UNTOUCHED) for state in states}
    told = {record.identity.key for record in report.drives}
    if any(drive.identity.key not in told for drive in report.inventory.drives):
        seen.add(Outcome.UNTOUCHED)
    if unreached_storage(report):
        seen.add(Outcome.UNTOUCHED)
    return next((word for word in Outcome if word in seen), Outcome.NO_DRIVE)
