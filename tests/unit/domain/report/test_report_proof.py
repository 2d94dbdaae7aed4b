"""A record that calls itself erased is told by what its attempts prove."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.plan import DrivePlan, Plan, Preparation
from reprise.domain.planning.techniques import Method, Verdict
from reprise.domain.report.report import AttemptRecord
from unit.domain.drives.drives import hdd
from unit.domain.pc.samples import attempt, drive_record, proof_of, report
from unit.domain.report.test_report_outcome import PURGED, SSD, told


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (attempt(SSD, Verdict.FAILED, reasons=("mismatch",)), DriveState.FAILED),
        (attempt(SSD, None, interrupted="unplugged"), DriveState.INTERRUPTED),
        (attempt(SSD, Verdict.UNVERIFIED, reasons=("stopped",)), DriveState.UNVERIFIED),
    ],
)
def test_what_its_attempts_prove(seen: AttemptRecord, state: DriveState) -> None:
    record = replace(drive_record(SSD, seen), state=DriveState.SANITIZED, achieved=Method.PURGE)
    assert told(record) == (state, Method.NONE)


def test_without_any_attempt_nothing() -> None:
    record = replace(drive_record(SSD, PURGED), attempts=())
    assert record.state is DriveState.SANITIZED
    assert told(record) == (DriveState.UNVERIFIED, Method.NONE)


def test_a_part_that_the_plan_knew_to_be_hidden_must_have_been_uncovered() -> None:
    """Of this very drive: what another one hides is that one's affair."""
    record = drive_record(SSD, PURGED)
    steps = (Preparation.REMOVE_HPA,)
    whole = report((SSD,), (record,))
    assert whole.plan is not None
    (planned,) = whole.plan.drives
    hiding = DrivePlan(hdd().identity, hdd().node, preparations=steps)
    for plans, state in (
        ((replace(planned, preparations=steps),), DriveState.UNVERIFIED),
        ((planned, hiding), DriveState.SANITIZED),
    ):
        assert proof_of(replace(whole, plan=Plan(plans, "policy")), record).state is state
