"""Sample reports for tests: built from the domain's own types, no I/O."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from reprise.domain.checks.grading import Condition, checks_record
from reprise.domain.drives.unreached import UnreachedKind
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import (
    Drive,
    DriveIdentity,
    Firmware,
    Inventory,
    Machine,
    MediaKind,
    Memory,
    Processor,
    Transport,
)
from reprise.domain.pc.impact import ImpactFactors, impact
from reprise.domain.pc.triage import Today, TriageRules, triage
from reprise.domain.planning.plan import Attempt, ConfirmedBy, DrivePlan, Plan, Refusal, RefusalCode
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report.events import MediumErrorFound, Observation, ObservationKind, Operator
from reprise.domain.report.outcome import DriveResult
from reprise.domain.report.report import (
    AttemptRecord,
    ClockRecord,
    DriveRecord,
    InstallRecord,
    Report,
    StationRecord,
)
from reprise.domain.report.report_outcome import proven
from reprise.domain.report.told import records as told_drives
from station_kit.facts import with_facts
from station_kit.seen import all_seen
from unit.domain.checks.check_samples import check_results
from unit.domain.drives.drives import drive as made_drive
from unit.domain.drives.drives import hdd, nvme, pc, stick

REPORT_ID = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11"
TODAY = Today(date(2026, 11, 24), True, date(2026, 1, 1))
KID = "mYb0VhTCXKXQH9pVnQ5jXWQ3yqY0Zs5v4nF2tq0mB6s"
STATES = {
    Verdict.VERIFIED: DriveState.SANITIZED,
    Verdict.UNVERIFIED: DriveState.UNVERIFIED,
    Verdict.FAILED: DriveState.FAILED,
    None: DriveState.INTERRUPTED,
}


def attempt(
    drive: Drive,
    verdict: Verdict | None = Verdict.VERIFIED,
    technique: Technique = Technique.OVERWRITE,
    **changes: object,
) -> AttemptRecord:
    key = drive.identity.key
    size = drive.identity.size_bytes
    good = verdict is Verdict.VERIFIED
    end = {} if verdict is None else {"finished_at": "2026-11-24T11:42:10Z", "duration_s": 9731.5}
    record = AttemptRecord(
        job_id="b5b1a0f4-0d9b-4f0e-9a55-1a1a1a1a1a1a",
        job_key="1f" * 32 if technique is Technique.OVERWRITE else "",
        attempt=Attempt(
            technique=technique,
            claims=Method.CLEAR,
            verify=VerifyDepth.FULL,
            expected_s=9_600.0,
            limitations=("reallocated-sectors-not-reached", "hidden-areas-not-checked"),
        ),
        started_at="2026-11-24T08:59:58Z",
        started_monotonic_s=131.25,
        written_bytes=size if verdict is not None else size // 3,
        verified_bytes=size if good else size // 7,
        write_s=4_805.0,
        verify_s=4_611.0,
        verdict=verdict,
        achieved=Method.CLEAR if good else Method.NONE,
        reasons=("read-back-in-full",) if good else (),
        observations=_observed(key, technique, size if good else size // 7, good=good),
        interrupted=None if verdict else "power-cut",
        **end,  # type: ignore[arg-type]
    )
    return with_facts(record, **changes)


def _observed(key: str, technique: Technique, read: int, *, good: bool) -> tuple[Observation, ...]:
    if technique is not Technique.OVERWRITE and good:
        return all_seen(key, technique)
    end = ObservationKind.READBACK_MATCHES if good else ObservationKind.READBACK_INCOMPLETE
    return (
        Observation(key, ObservationKind.CANARIES_PLANTED, {"count": 64}),
        Observation(key, ObservationKind.FLUSHED),
        Observation(key, end, {"bytes": read}),
    )


def proof_of(whole: Report, record: DriveRecord) -> DriveResult:
    """What `record`, one of the report's, proves."""
    place = next(at for at, one in enumerate(whole.drives) if one is record)
    return proven(told_drives(whole)[place])


def drive_record(drive: Drive, *attempts: AttemptRecord) -> DriveRecord:
    last = attempts[-1]
    return DriveRecord(
        identity=drive.identity,
        node=drive.node,
        state=STATES[last.verdict],
        achieved=last.achieved if last.verdict is Verdict.VERIFIED else Method.NONE,
        attempts=attempts,
        limitations=last.attempt.limitations,
    )


def refused_record(drive: Drive, code: RefusalCode, detail: str = "") -> DriveRecord:
    return DriveRecord(
        identity=drive.identity,
        node=drive.node,
        state=DriveState.REFUSED,
        achieved=Method.NONE,
        refusals=(Refusal(code, detail),),
    )


def inventory(*drives: Drive) -> Inventory:
    return pc(
        *drives,
        machine=Machine(
            maker="Dell Inc.",
            model="Latitude E6540",
            serial="7XQ2K12",
            uuid="4c4c4544-0058-5110-8032-b7c04f4b3132",
            chassis="Notebook",
            firmware=Firmware(vendor="Dell Inc.", version="A29", date="2019-12-02", mode="uefi"),
        ),
        processor=Processor(model="Intel Core i5-4310M", architecture="x86_64", cores=2, threads=4),
        memory=Memory(total_bytes=8_242_122_752),
        tools={"smartctl": "7.4", "nvme": "2.13", "dmidecode": "3.6"},
    )


def report(drives: tuple[Drive, ...], records: tuple[DriveRecord, ...]) -> Report:
    plan = Plan(
        drives=tuple(
            DrivePlan(one.identity, one.node, attempts=tuple(a.attempt for a in one.attempts))
            for one in records
        ),
        policy="default/1",
    )
    return Report(
        report_id=REPORT_ID,
        session_id="0b1f6e1e-55a4-4c9b-a3f1-2d3c4b5a6978",
        station=StationRecord(
            name="cyber-base-1",
            kid=KID,
            version="0.1.0",
            image_version="2026.11.24",
            image_sha256="7e" * 32,
            tools={"smartctl": "7.4", "nvme": "2.13"},
        ),
        clock=ClockRecord(
            trusted=True,
            note="ntp",
            started_at="2026-11-24T08:57:44Z",
            sealed_at="2026-11-24T11:47:02Z",
            session_s=10_158.0,
        ),
        operator=Operator(
            name="M. Œrsted-Lefèvre",
            organisation="Communauté d’agglomération du Pays d’Exemple",
            place="Atelier de la cyber-base, Exemple",
            asset_tag="INV-2017-0418",
            lot="2026-11",
            donor="Mairie d’Exemple-sur-Loire",
        ),
        inventory=inventory(*drives),
        plan=plan,
        plan_digest="5d" * 32,
        confirmed_digest="5d" * 32,
        confirmed_by=ConfirmedBy.OPERATOR,
        triage=triage(inventory(*drives), TriageRules(), TODAY),
        impact=impact(inventory(*drives), ImpactFactors()),
        drives=records,
        install=InstallRecord(
            drive=drives[0].identity.key,
            node=drives[0].node,
            image="debian-minimal",
            image_version="13.2",
            digest="ab" * 32,
            ok=True,
            duration_s=212.0,
        )
        if drives
        else None,
        journal_sha256="c0" * 32,
    )


def good_report() -> Report:
    """A laptop: one HDD overwritten, one NVMe formatted, both verified; the stick refused."""
    formatted = attempt(nvme(), technique=Technique.NVME_FORMAT_USER_DATA)
    drives = (hdd(), nvme(), stick())
    return report(
        drives,
        (
            drive_record(drives[0], attempt(drives[0])),
            drive_record(drives[1], formatted),
            refused_record(drives[2], RefusalCode.BOOT_MEDIUM, "/run/live/medium"),
        ),
    )


def bad_report() -> Report:
    """The same laptop: medium errors on the HDD, the NVMe interrupted by a power cut."""
    first, second = hdd(), nvme()
    errors = (
        MediumErrorFound(first.identity.key, "write", 81_920, 8, 5),
        MediumErrorFound(first.identity.key, "read", 976_773_160, 8, 5),
    )
    failed = attempt(first, Verdict.FAILED, medium_errors=errors, reasons=("write-errors",))
    made = report(
        (first, second),
        (drive_record(first, failed), drive_record(second, attempt(second, None))),
    )
    clock = replace(made.clock, trusted=False, note="rtc")
    return replace(made, clock=clock, install=None)


def many_report(count: int = 14) -> Report:
    """A storage server: many drives, with every verdict among them."""
    drives = tuple(hdd(n) for n in range(1, count + 1))
    verdicts = (Verdict.VERIFIED, Verdict.VERIFIED, Verdict.FAILED, Verdict.UNVERIFIED, None)
    records = tuple(
        drive_record(d, attempt(d, verdicts[i % len(verdicts)])) for i, d in enumerate(drives)
    )
    return report(drives, records)


def empty_report() -> Report:
    """A PC without a drive."""
    return replace(
        report((), ()), plan=None, plan_digest=None, confirmed_digest=None, confirmed_by=None
    )


def bare_report() -> Report:
    """Nothing known that may be unknown, and hostile names."""
    strange = made_drive(
        identity=DriveIdentity(
            model="<b>&\"'Модель</b> 硬盘 " + "X" * 40, serial=None, size_bytes=0
        ),
        node="/dev/sdz",
        transport=Transport.UNKNOWN,
        media=MediaKind.UNKNOWN,
        physical_sector_bytes=512,
        read_only=True,
        unknown={
            "identity.serial": "not-reported",
            "vendor": "tool-failed: smartctl <exit 2>",
            "fs_type": "unreadable: blkid",
        },
    )
    made = report((strange,), (refused_record(strange, RefusalCode.READ_ONLY),))
    return replace(
        made,
        operator=Operator(),
        install=None,
        inventory=pc(strange),
    )


def checked_report() -> Report:
    """The good laptop, whose functions were checked: a worn-out battery, some left out."""
    report = good_report()
    return replace(report, checks=checks_record(check_results(), Condition.LIGHT, report.inventory))


GOOD = (good_report, checked_report)
ALL = (*GOOD, bad_report, many_report, empty_report, bare_report)


def hiding_report() -> Report:
    """All drives that were seen are erased; a controller may hide others."""
    report = good_report()
    plan = replace(
        report.plan or Plan((), "default/2"),
        warnings=(f"{UnreachedKind.BEHIND_RAID}: 0000:00:17.0",),
    )
    return replace(report, plan=plan)
