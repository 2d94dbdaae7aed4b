"""What a report tells elsewhere of a drive that it calls erased; tests/liars searches for more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from reprise.domain.drives.unreached import UnreachedKind
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Transport
from reprise.domain.planning.plan import (
    DrivePlan,
    LimitationCode,
    Plan,
    Preparation,
    Refusal,
    RefusalCode,
)
from reprise.domain.planning.techniques import SPECS, Method, Technique, Verdict, VerifyDepth
from reprise.domain.report.events import Observation, ObservationKind
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import PreparationRecord, Report, Shortened
from reprise.domain.report.report_outcome import proven, report_outcome, unreached_storage
from reprise.domain.report.told import records
from unit.domain.drives.drives import hdd, nvme
from unit.domain.pc.samples import attempt, drive_record, report

KIND = ObservationKind
HDD, SSD = hdd(), nvme()
SIZE = HDD.identity.size_bytes
WRITTEN = attempt(HDD)
CRYPTO = attempt(SSD, technique=Technique.NVME_SANITIZE_CRYPTO)


OTHER = replace(WRITTEN.attempt, technique=Technique.TCG_PSID_REVERT)


def of(last: Any, drive: Any = HDD, **record: Any) -> Report:
    told = replace(drive_record(drive, last), **record)
    return report((drive,), (told,))


def reasons(whole: Report) -> tuple[str, ...]:
    (record,) = records(whole)
    result = proven(record)
    assert (result.state is DriveState.SANITIZED) == (report_outcome(whole) is Outcome.ERASED)
    return () if result.state is DriveState.SANITIZED else result.reasons


def seen(kind: KIND, detail: Mapping[str, str | int | float]) -> Any:
    """CRYPTO, with that of what was seen."""
    told = tuple(
        replace(one, detail=detail) if one.kind is kind else one for one in CRYPTO.observations
    )
    return of(replace(CRYPTO, observations=told), SSD)


def planned(**changes: Any) -> Report:
    whole = of(WRITTEN)
    assert whole.plan is not None
    plan = replace(whole.plan.drives[0], **changes)
    return replace(whole, plan=Plan((plan,), "p"))


def sampled(wanted: VerifyDepth) -> Report:
    """A tenth was read back."""
    (*others, last), tenth = WRITTEN.observations, SIZE // 10
    seen = (*others, replace(last, detail={"bytes": tenth}))
    less = replace(WRITTEN.attempt, verify=VerifyDepth.SAMPLE)
    whole = of(replace(WRITTEN, attempt=less, verified_bytes=tenth, observations=seen))
    plan = DrivePlan(HDD.identity, HDD.node, (replace(less, verify=wanted),))
    return replace(whole, plan=Plan((plan,), "p"))


def sectors(native: int) -> dict[str, str]:
    return {"ata.visible_sectors": str(SIZE // 512), "ata.native_sectors": str(native)}


def test_what_fits_is_believed() -> None:
    for whole in (
        of(WRITTEN),
        of(CRYPTO, SSD),
        seen(KIND.CANARIES_GONE, {"canaries": 64}),
        seen(KIND.COMMAND_ACCEPTED, {"command": "Sanitize"}),
        seen(KIND.COMMAND_ACCEPTED, {"command": "a later version's"}),
        seen(KIND.READBACK_ERASED, {"pattern": "random", "bytes": SSD.identity.size_bytes}),
        planned(capabilities={"own.size_bytes": str(SIZE), **sectors(SIZE // 512)}),
        sampled(VerifyDepth.SAMPLE),
        planned(attempts=(replace(WRITTEN.attempt, verify=VerifyDepth.SAMPLE),)),
        planned(capabilities=sectors(SIZE // 512)),  # behind an adapter that shows larger ones
    ):
        assert reasons(whole) == ()


@pytest.mark.parametrize(
    "whole",
    [
        of(replace(WRITTEN, finished_at=None)),
        of(WRITTEN, refusals=(Refusal(RefusalCode.IDENTITY_CHANGED),)),
        of(WRITTEN, preparation=PreparationRecord((), left=(Preparation.UNLOCK,), size_bytes=SIZE)),
        seen(KIND.CANARIES_PLANTED, {"canaries": 0}),
        seen(KIND.CANARIES_GONE, {"canaries": 0}),
        seen(KIND.READBACK_ERASED, {"bytes": 1}),
        seen(KIND.READBACK_ERASED, {"bytes": str(SSD.identity.size_bytes)}),
        seen(KIND.CANARIES_PLANTED, {"canaries": "64"}),
        seen(KIND.CANARIES_GONE, {"canaries": 64.0}),
        planned(preparations=(Preparation.UNLOCK,)),
        *(planned(capabilities={"own.size_bytes": odd}) for odd in ("+1", "9" * 25, "")),
        *(planned(capabilities={f"mmc.{one}_areas": "1"}) for one in ("boot", "general_purpose")),
        *(
            planned(capabilities={f"nvme.namespaces{one}": "2"})
            for one in ("", "_allocated", "_shown")
        ),
        *(
            seen(kind, {"command": "SECURITY ERASE UNIT"})
            for kind in (KIND.COMMAND_ACCEPTED, KIND.COMMAND_FINISHED)
        ),
        planned(capabilities={"own.size_bytes": str(SIZE + 1)}),
        planned(capabilities=sectors(SIZE // 512 + 1)),
        planned(capabilities={"ata.native_sectors": str(SIZE // 512 + 1)}),
        planned(capabilities={**sectors(SIZE // 512), "ata.dco_sectors": str(SIZE)}),
        planned(attempts=()),
        planned(attempts=(replace(WRITTEN.attempt, minimum=Method.PURGE),)),
        planned(attempts=(replace(WRITTEN.attempt, claims=Method.NONE),)),
        planned(attempts=(replace(WRITTEN.attempt, not_accepted=("spare",)),)),
        sampled(VerifyDepth.FULL),
        replace(of(WRITTEN), plan=None),
        replace(of(WRITTEN), shortened=(Shortened("drives.0.attempts.0.observations", 2, 9),)),
    ],
)
def test_what_contradicts_it_is_not(whole: Report) -> None:
    assert reasons(whole) == ("report-contradicts-itself",)


def test_who_wrote_more_than_there_is_was_elsewhere() -> None:
    more: dict[str, Any] = {"written_bytes": SIZE + 512, "verified_bytes": SIZE + 512}
    more["observations"] = tuple(replace(one, detail={}) for one in WRITTEN.observations)
    assert reasons(of(replace(WRITTEN, **more))) == ("report-contradicts-itself",)
    first = replace(WRITTEN, written_bytes=2 * SIZE, verdict=Verdict.UNVERIFIED, observations=())
    told = drive_record(HDD, first, WRITTEN)
    assert reasons(report((HDD,), (told,))) == ("report-contradicts-itself",)


def test_noise_is_no_pattern_that_was_asked_for() -> None:
    last = attempt(SSD, technique=Technique.NVME_SANITIZE_OVERWRITE)
    noise = tuple(
        replace(one, detail={"pattern": "random"}) if one.kind is KIND.READBACK_ERASED else one
        for one in last.observations
    )
    assert reasons(of(last, SSD)) == ()
    assert reasons(of(replace(last, observations=noise), SSD)) == ("report-contradicts-itself",)


def test_a_drive_at_another_size_is_this_drive() -> None:
    larger = replace(HDD.identity, size_bytes=2 * SIZE)
    hidden = (Preparation.REMOVE_HPA,)
    plan = DrivePlan(larger, HDD.node, attempts=(WRITTEN.attempt,), preparations=hidden)
    whole = replace(of(WRITTEN), plan=Plan((plan,), "p"))
    assert reasons(whole) == ("hidden-area-left",)
    assert [one.kind for one in unreached_storage(whole)] == [UnreachedKind.NOT_TOLD]


def test_what_was_seen_of_a_drive_that_nobody_knows_is_no_proof() -> None:
    theirs = tuple(replace(one, drive="M|OTHER|?|5") for one in WRITTEN.observations)
    assert reasons(of(replace(WRITTEN, observations=theirs))) != ()
    before = HDD.identity.key.replace(str(SIZE), str(SIZE // 2))
    own = tuple(replace(one, drive=before) for one in WRITTEN.observations)
    assert reasons(of(replace(WRITTEN, observations=own))) == ()
    larger = Observation("M|OTHER|?|5", KIND.SEEN_LARGER, {"bytes": 2 * SIZE})
    told = (*WRITTEN.observations, larger)
    assert reasons(of(replace(WRITTEN, observations=told))) == ("hidden-area-left",)


@pytest.mark.parametrize("place", ["drives", "gone", "inventory.unreached", "plan.warnings"])
def test_a_report_that_lost_part_of_a_list_calls_no_pc_erased(place: str) -> None:
    whole = replace(of(WRITTEN), shortened=(Shortened(place, 1, 2),))
    assert report_outcome(whole) is Outcome.INCOMPLETE
    text = replace(of(WRITTEN), shortened=(Shortened("operator.name", 128, 9000),))
    assert report_outcome(text) is Outcome.ERASED
    number = replace(of(WRITTEN), shortened=(Shortened("inventory.memory.total_bytes", 0, 0),))
    assert report_outcome(number) is Outcome.ERASED


@pytest.mark.parametrize("technique", sorted(set(Technique) - {Technique.OVERWRITE}))
def test_no_command_reaches_a_file(technique: Technique) -> None:
    drive = replace(HDD, transport=Transport.LOOP)
    assert reasons(of(attempt(drive, technique=technique), drive)) == ("technique-does-not-fit",)


def test_each_technique_but_ours_has_a_command_with_a_name() -> None:
    unnamed = {technique for technique, spec in SPECS.items() if not spec.told}
    assert unnamed == {Technique.OVERWRITE}


def test_a_question_that_failed_says_nothing_of_a_command() -> None:
    for capabilities, told in (
        ({"raw.open": "failed", "own.by": "scsi"}, ()),
        ({"scsi.sanitize_block": "yes"}, ("technique-does-not-fit",)),
        ({"nvme.sanitize_crypto": "no"}, ("technique-does-not-fit",)),
    ):
        whole = of(CRYPTO, SSD)
        assert whole.plan is not None
        plan = replace(whole.plan.drives[0], capabilities=capabilities)
        assert reasons(replace(whole, plan=Plan((plan,), "p"))) == told


def test_only_what_a_drive_carries_on_by_itself_needs_no_plan() -> None:
    for technique, drive, told in (
        (Technique.OVERWRITE, HDD, ("report-contradicts-itself",)),
        (Technique.ATA_SECURITY_ERASE, HDD, ("report-contradicts-itself",)),
        (Technique.NVME_SANITIZE_BLOCK, SSD, ()),
    ):
        last = attempt(drive, technique=technique)
        job = {"job_id": last.job_id}
        again = (*last.observations, Observation(drive.identity.key, KIND.REATTACHED, job))
        whole = of(replace(last, observations=again), drive)
        assert whole.plan is not None
        other = replace(whole.plan.drives[0], attempts=(OTHER,))
        assert reasons(replace(whole, plan=Plan((other,), "p"))) == told
        less = replace(last.attempt, verify=VerifyDepth.SAMPLE)
        tenth = drive.identity.size_bytes // 10
        seen_of_it = tuple(
            replace(one, detail={"bytes": tenth}) if "bytes" in one.detail else one for one in again
        )
        few = replace(last, attempt=less, verified_bytes=tenth, observations=seen_of_it)
        deep = replace(whole.plan.drives[0], attempts=(OTHER,))
        assert reasons(replace(of(few, drive), plan=Plan((deep,), "p"))) != ()
        strict = (replace(WRITTEN.attempt, minimum=Method.PURGE),)
        policy = replace(whole.plan.drives[0], attempts=strict)
        assert reasons(replace(whole, plan=Plan((policy,), "p"))) != ()


def test_an_area_is_erased_where_this_drive_s_was_seen_so() -> None:
    kept = Observation(HDD.identity.key, KIND.AREA_KEPT_DATA, {"area": "boot0"})
    for who, told in ((HDD.identity.key, ()), ("foo|1|2|3", ("area-kept-data",))):
        gone = Observation(who, KIND.AREA_ERASED, {"area": "boot0"})
        assert reasons(of(replace(WRITTEN, earlier=(kept, gone)))) == told
        first = replace(WRITTEN, verdict=Verdict.UNVERIFIED, observations=(kept, gone))
        assert reasons(report((HDD,), (drive_record(HDD, first, WRITTEN),))) == told
        areas = {"mmc.boot_areas": "1"}
        card = planned(capabilities=areas)
        seen_there = (*WRITTEN.observations, gone)
        record = replace(card.drives[0], attempts=(replace(WRITTEN, observations=seen_there),))
        contradicts = () if told == () else ("report-contradicts-itself",)
        assert reasons(replace(card, drives=(record,))) == contradicts


def test_what_an_older_version_said_of_areas_is_a_limitation() -> None:
    for words, code in (
        ({"mmc.boot_areas": "2"}, LimitationCode.MMC_AREAS),
        ({"nvme.namespaces": "2"}, LimitationCode.OTHER_NAMESPACES),
    ):
        limited = replace(WRITTEN.attempt, limitations=(code,))
        whole = planned(capabilities=words)
        record = replace(whole.drives[0], attempts=(replace(WRITTEN, attempt=limited),))
        assert reasons(replace(whole, drives=(record,))) == ()


def test_a_report_of_many_drives_is_judged_at_once() -> None:
    """Each list is walked once, whatever is in it: by the number of looks at it, as time lies."""
    looks = 0

    class Counted(tuple[Any, ...]):
        __slots__ = ()

        def __iter__(self) -> Iterator[Any]:
            nonlocal looks
            looks += 1
            return super().__iter__()

    drives = tuple(hdd(number) for number in range(1, 200))
    whole = report(drives, tuple(drive_record(d, attempt(d)) for d in drives))
    assert whole.plan is not None
    cut = Counted(Shortened(f"drives.{n}.node", 1, 2) for n in range(200))
    plans = Counted(whole.plan.drives)
    whole = replace(whole, shortened=cut, plan=replace(whole.plan, drives=plans))
    assert report_outcome(whole) is Outcome.ERASED
    assert looks < 20
