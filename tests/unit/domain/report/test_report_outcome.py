"""Of a report, whoever wrote it, no more counts than it proves, and no more than it says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.drives.vanished import GoneDrive, unplugged
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Drive, Transport
from reprise.domain.planning.plan import Attempt, DrivePlan, Plan, Refusal, RefusalCode
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report.events import MediumErrorFound, Observation, ObservationKind
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import DriveRecord, PreparationRecord
from reprise.domain.report.report_outcome import own_records, proven, report_outcome
from reprise.domain.report.told import records
from station_kit.facts import with_facts
from station_kit.seen import all_seen
from unit.domain.drives.drives import hdd, nvme
from unit.domain.pc.samples import attempt, drive_record, proof_of, refused_record, report
from unit.domain.report.evidence import BAD

SSD = nvme()
PURGED = attempt(SSD, technique=Technique.NVME_SANITIZE_CRYPTO, achieved=Method.PURGE)
PURGED = replace(PURGED, attempt=replace(PURGED.attempt, claims=Method.PURGE))


def told(record: DriveRecord, drive: Drive = SSD) -> tuple[DriveState, Method]:
    result = proof_of(report((drive,), (record,)), record)
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
        whole = report((SSD, OUTER, twin), told)
        assert whole.plan is not None
        plans = tuple(DrivePlan(d.identity, d.node, refusals=(LEFT_ALONE,)) for d in (OUTER, twin))
        whole = replace(whole, plan=Plan((whole.plan.drives[0], *plans), "policy"))
        assert len(records(whole)) == 3
        assert report_outcome(whole) is outcome


HDD = hdd()
OVERWRITTEN = attempt(HDD)
BAD_SECTOR = MediumErrorFound(HDD.identity.key, "write", 0, 1000, 5)


def overwritten(**changes: object) -> tuple[DriveState, Method]:
    """What a record proves that says "erased", and of its one attempt this besides."""
    last = with_facts(OVERWRITTEN, **changes)
    record = replace(drive_record(HDD, last), state=DriveState.SANITIZED, achieved=Method.CLEAR)
    result = proof_of(report((HDD,), (record,)), record)
    return result.state, result.achieved


def seen_of(read: int) -> tuple[Observation, ...]:
    """With that many bytes read back."""
    *others, last = OVERWRITTEN.observations
    return (*others, replace(last, detail={"bytes": read}))


def also_seen(kind: ObservationKind) -> tuple[Observation, ...]:
    return (*OVERWRITTEN.observations, Observation(HDD.identity.key, kind))


def test_a_signed_word_is_worth_what_is_told_beside_it() -> None:
    """Whoever holds a key can sign "verified"."""
    assert overwritten() == (DriveState.SANITIZED, Method.CLEAR)
    size = HDD.identity.size_bytes
    refused = Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL, not_accepted=("spare",))
    sampled = replace(OVERWRITTEN.attempt, verify=VerifyDepth.SAMPLE)
    tenth = {"attempt": sampled, "verified_bytes": size // 10, "observations": seen_of(size // 10)}
    assert overwritten(**tenth) == overwritten()
    for doubtful in (
        {"observations": ()},
        {"written_bytes": 0, "verified_bytes": 0},
        {"written_bytes": size - 1},
        {"verified_bytes": size - 1},
        {"attempt": sampled, "verified_bytes": size // 11},
        {"attempt": sampled, "verified_bytes": size // 10, "resumed_from_bytes": 1},
        {"attempt": refused},
        {"medium_errors": (replace(BAD_SECTOR, operation="read"),)},
    ):
        assert overwritten(**doubtful) == (DriveState.UNVERIFIED, Method.NONE), doubtful
    assert overwritten(medium_errors=(BAD_SECTOR,)) == (DriveState.FAILED, Method.NONE)


def test_no_word_settles_what_an_earlier_attempt_met() -> None:
    first = attempt(HDD, Verdict.FAILED, observations=also_seen(ObservationKind.CANARY_SURVIVED))
    sampled = replace(OVERWRITTEN.attempt, verify=VerifyDepth.SAMPLE)
    tenth = HDD.identity.size_bytes // 10
    for word in ("read-back-sampled", "read-back-in-full"):
        last = replace(OVERWRITTEN, attempt=sampled, verified_bytes=tenth, reasons=(word,))
        record = drive_record(HDD, first, last)
        assert proof_of(report((HDD,), (record,)), record).reasons == (
            "earlier-trouble-not-read-again",
        )


def test_no_word_on_its_size_makes_a_drive_smaller() -> None:
    for size in (1, -5):
        one = replace(OVERWRITTEN, written_bytes=1, verified_bytes=1)
        record = replace(drive_record(HDD, one), preparation=PreparationRecord((), size_bytes=size))
        assert proof_of(report((HDD,), (record,)), record).state is DriveState.UNVERIFIED
    empty = replace(HDD, identity=replace(HDD.identity, size_bytes=0))
    one = replace(attempt(empty), written_bytes=1, verified_bytes=1)
    record = drive_record(empty, one)
    assert proof_of(report((empty,), (record,)), record).state is DriveState.UNVERIFIED


def test_what_was_seen_of_another_drive_is_no_proof_of_this_one() -> None:
    key = SSD.identity.key
    theirs = tuple(replace(seen, drive=key) for seen in OVERWRITTEN.observations)
    record = drive_record(HDD, replace(OVERWRITTEN, observations=theirs))
    whole = report((HDD, SSD), (record, drive_record(SSD, PURGED)))
    assert [proof_of(whole, one).state for one in whole.drives] == [
        DriveState.UNVERIFIED,
        DriveState.SANITIZED,
    ]
    bad = Observation(key, ObservationKind.CANARY_SURVIVED)
    record = drive_record(HDD, replace(OVERWRITTEN, observations=also_seen(bad.kind)))
    whole = report((HDD, SSD), (record, drive_record(SSD, PURGED)))
    assert proof_of(whole, record).state is DriveState.FAILED


def test_a_technique_that_the_drive_cannot_have_proves_nothing() -> None:
    crypto = attempt(HDD, technique=Technique.NVME_SANITIZE_CRYPTO)
    whole = report((HDD,), (drive_record(HDD, crypto),))
    (record,) = records(whole)
    assert proven(record).reasons == ("technique-does-not-fit",)
    assert report_outcome(whole) is Outcome.UNVERIFIED
    claims = replace(OVERWRITTEN.attempt, claims=Method.DESTROY)
    destroyed = replace(OVERWRITTEN, attempt=claims, achieved=Method.DESTROY)
    whole = report((HDD,), (drive_record(HDD, destroyed),))
    assert report_outcome(whole) is Outcome.UNVERIFIED


@pytest.mark.parametrize("kind", sorted(BAD))
def test_whatever_speaks_against_it_takes_the_claim_away(kind: ObservationKind) -> None:
    state, achieved = overwritten(observations=also_seen(kind))
    assert achieved is Method.NONE
    assert state in (DriveState.FAILED, DriveState.UNVERIFIED)


@pytest.mark.parametrize("technique", Technique)
def test_each_thing_that_must_be_seen_is_missed(technique: Technique) -> None:
    drive = replace(SSD, transport=Transport.UNKNOWN)
    seen = all_seen(drive.identity.key, technique)
    good = attempt(drive, technique=technique, observations=seen)
    assert told(drive_record(drive, good), drive)[0] is DriveState.SANITIZED
    for one in seen:
        less = replace(good, observations=tuple(other for other in seen if other is not one))
        assert told(drive_record(drive, less), drive) == (DriveState.UNVERIFIED, Method.NONE)
