"""Of a report, whoever wrote it, no more counts than it proves, and no more than it says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.lifecycle import DriveState
from reprise.domain.report import DriveRecord
from reprise.domain.report_outcome import proven
from reprise.domain.techniques import Method, Technique
from unit.drives import nvme
from unit.samples import attempt, drive_record, report

SSD = nvme()
PURGED = attempt(SSD, technique=Technique.NVME_SANITIZE_CRYPTO, achieved=Method.PURGE)


def told(record: DriveRecord) -> tuple[DriveState, Method]:
    result = proven(report((SSD,), (record,)), record)
    return result.state, result.achieved


@pytest.mark.parametrize("says", [Method.CLEAR, Method.PURGE])
@pytest.mark.parametrize("proves", [Method.CLEAR, Method.PURGE])
def test_the_lower_of_what_it_says_and_proves(says: Method, proves: Method) -> None:
    record = drive_record(SSD, replace(PURGED, achieved=proves))
    lower = Method.PURGE if says is proves is Method.PURGE else Method.CLEAR
    assert told(replace(record, achieved=says)) == (DriveState.SANITIZED, lower)


def test_a_claim_of_nothing_is_no_success() -> None:
    record = replace(drive_record(SSD, PURGED), achieved=Method.NONE)
    assert told(record) == (DriveState.UNVERIFIED, Method.NONE)


@pytest.mark.parametrize("state", sorted(set(DriveState) - {DriveState.SANITIZED}))
def test_what_it_does_not_call_erased_is_not(state: DriveState) -> None:
    record = replace(drive_record(SSD, PURGED), state=state)
    assert told(record) == (state, Method.NONE)
