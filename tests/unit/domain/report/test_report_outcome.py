"""Of a report, whoever wrote it, no more counts than it proves, and no more than it says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.drives.vanished import GoneDrive, unplugged
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Transport
from reprise.domain.planning.plan import DrivePlan, Plan, Refusal, RefusalCode
from reprise.domain.planning.techniques import Method, Technique
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import DriveRecord
from reprise.domain.report.report_outcome import own_records, proven, records, report_outcome
from unit.domain.drives.drives import hdd, nvme
from unit.domain.pc.samples import attempt, drive_record, refused_record, report

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


INNER = hdd(2, transport=Transport.USB, port=UsbPort.FIXED, node="/dev/sdb")
OUTER = hdd(2, transport=Transport.USB, port=UsbPort.OUTSIDE, node="/dev/sdc")
LEFT_ALONE = Refusal(RefusalCode.NOT_INTERNAL, "usb")


def test_each_of_two_drives_of_one_identity_has_its_own_facts() -> None:
    alone = [(one, refused_record(one, RefusalCode.NOT_INTERNAL, "usb")) for one in (INNER, OUTER)]
    good = drive_record(SSD, PURGED)
    for drives, told in (
        ((SSD, INNER, OUTER), (good, alone[0][1], alone[1][1])),
        ((OUTER, SSD, INNER), (alone[1][1], alone[0][1], good)),
    ):
        whole = report(drives, told)
        assert all(one.facts is not None and one.facts.node == one.node for one in records(whole))
        assert {one.node for one in own_records(whole)} == {SSD.node, INNER.node}
        assert report_outcome(whole) is Outcome.INCOMPLETE


def test_a_drive_that_is_gone_is_not_its_twin_that_took_its_node() -> None:
    outer = replace(OUTER, node=INNER.node)
    whole = report(
        (SSD, outer),
        (drive_record(SSD, PURGED), refused_record(outer, RefusalCode.NOT_INTERNAL, "usb")),
    )
    assert report_outcome(whole) is Outcome.ERASED
    gone = GoneDrive(INNER, unplugged((LEFT_ALONE,)))
    assert report_outcome(replace(whole, gone=(gone,))) is Outcome.INCOMPLETE


def test_an_older_report_has_one_record_of_two_drives_of_one_identity() -> None:
    told = (drive_record(SSD, PURGED), refused_record(OUTER, RefusalCode.NOT_INTERNAL, "usb"))
    for twin, outcome in (
        (replace(OUTER, node="/dev/sdd"), Outcome.ERASED),
        (INNER, Outcome.INCOMPLETE),
    ):
        plans = tuple(DrivePlan(d.identity, d.node, refusals=(LEFT_ALONE,)) for d in (OUTER, twin))
        whole = replace(report((SSD, OUTER, twin), told), plan=Plan(plans, "policy"))
        assert len(records(whole)) == 3
        assert report_outcome(whole) is outcome
