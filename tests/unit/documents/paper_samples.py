"""Reports for the papers that are kept: between them they have all that a certificate may say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from reprise.domain.drives.unreached import Statement, Unreached, UnreachedKind
from reprise.domain.drives.vanished import GoneDrive, unplugged
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import (
    Drive,
    Firmware,
    Health,
    Machine,
    MediaKind,
    Partition,
    Reason,
    SmartFacts,
    Transport,
)
from reprise.domain.planning.plan import Preparation, Refusal, RefusalCode
from reprise.domain.planning.techniques import Technique, Verdict, VerifyDepth
from reprise.domain.report.events import MediumErrorFound, Observation, ObservationKind, Operator
from reprise.domain.report.report import PreparationRecord, Report, Shortened
from unit.domain.drives.drives import hdd, nvme, stick
from unit.domain.pc import samples

K = ObservationKind
_RAID = Unreached(UnreachedKind.BEHIND_RAID, "0000:00:17.0")
_READER = Unreached(UnreachedKind.NO_DRIVER, "0000:02:00.0")
_SILENT = Unreached(UnreachedKind.SILENT, "link3")


def long_way() -> Report:
    """All that can happen to one drive, and to others beside it."""
    one, two, three, left = hdd(1), hdd(2), hdd(3), hdd(4)
    key = one.identity.key
    told = {"argv": "hdparm --security-erase NULL /dev/sda", "exit_code": 5, "output": ""}
    first = samples.attempt(
        one,
        Verdict.FAILED,
        technique=Technique.ATA_SECURITY_ERASE,
        earlier=(Observation(key, K.CANARY_SURVIVED, {"count": 3}),),
        observations=(Observation(key, K.COMMAND_FAILED), Observation(key, K.HIDDEN_AREA_LEFT)),
        reasons=("command-failed", "hidden-area-left"),
        commands=(told, {}),
        medium_errors=(MediumErrorFound(key, "read", 976_773_160, 8, 5),),
    )
    grown = one.identity.size_bytes + 1_048_576_000
    second = samples.attempt(
        one, resumed_from_bytes=4_096_000, written_bytes=grown, verified_bytes=grown
    )
    prepared = PreparationRecord(
        (Preparation.UNLOCK, Preparation.REMOVE_HPA),
        (Preparation.UNLOCK, Preparation.REMOVE_HPA),
        size_bytes=grown,
    )
    sampled = samples.attempt(two, Verdict.UNVERIFIED, reasons=("read-back-not-seen",))
    sampled = replace(sampled, attempt=replace(sampled.attempt, verify=VerifyDepth.SAMPLE))
    drives = (one, two, three, stick())
    made = samples.report(
        drives,
        (
            replace(samples.drive_record(one, first, second), preparation=prepared),
            samples.drive_record(two, sampled),
            samples.refused_record(three, RefusalCode.CARD_INSIDE),
            samples.refused_record(drives[3], RefusalCode.BOOT_MEDIUM, "/run/live/medium"),
        ),
    )
    assert made.install is not None
    return replace(
        made,
        clock=replace(made.clock, trusted=False, note="rtc"),
        gone=(GoneDrive(left, unplugged((Refusal(RefusalCode.HELD, "md0"),))),),
        vanished=(_SILENT,),
        inventory=replace(made.inventory, unreached=(_RAID, _READER)),
        stated=(Statement(_READER, "M. Œrsted-Lefèvre", "2026-11-24T09:00:00Z"),),
        install=replace(made.install, ok=False, detail="no-space"),
        left_of="0b7c9f3e-6a54-4c58-9a57-2f1d6a1b8e11",
    )


def _nothing_known(number: int, **unknown: str) -> Drive:
    one = hdd(
        number,
        vendor=None,
        firmware=None,
        media=MediaKind.UNKNOWN,
        rotation_rpm=None,
        smart=SmartFacts(),
        partitions=(),
        partition_table=None,
        unknown={name.replace("__", "."): reason for name, reason in unknown.items()},
    )
    who = replace(one.identity, model=None, serial=None, wwn=None, size_bytes=0)
    return replace(one, identity=who)


def nothing_known() -> Report:
    """Each fact is missing, and each for a reason of its own; then none has a reason."""
    first = _nothing_known(
        1,
        vendor=Reason.TIMED_OUT,
        identity__model=Reason.PLACEHOLDER,
        identity__serial=Reason.NOT_REPORTED,
        identity__wwn=Reason.NOT_SUPPORTED,
        firmware=Reason.TOOL_MISSING,
        identity__size_bytes=Reason.VIRTUAL,
        smart__health=Reason.ATTRIBUTES_ONLY,
        partitions=Reason.UNREADABLE,
    )
    # beside a sign of health the hours alone are worth telling
    second = replace(
        _nothing_known(2, smart=Reason.SANITIZING, partition_table=Reason.NEEDS_ROOT),
        smart=SmartFacts(power_on_hours=9),
    )
    third = replace(
        _nothing_known(3, fs_type=Reason.RAID_MEMBER, smart=Reason.TOOL_FAILED),
        transport=Transport.UNKNOWN,
    )
    fourth = replace(_nothing_known(4), smart=SmartFacts(health=Health.PASSED), fs_type="ext4")
    drives = (first, second, third, fourth)
    records = tuple(
        replace(samples.refused_record(d, RefusalCode.HELD), refusals=()) for d in drives
    )
    made = samples.report(drives, records)
    reasons = {
        "machine.maker": Reason.PLACEHOLDER,
        "machine.model": Reason.NOT_REPORTED,
        "machine.serial": Reason.NEEDS_ROOT,
        "machine.uuid": Reason.TOOL_FAILED,
        "machine.firmware.version": Reason.TIMED_OUT,
    }
    inventory = replace(made.inventory, machine=Machine(), unknown=reasons)
    station = replace(made.station, image_version="", image_sha256="", name="")
    return replace(
        made,
        inventory=inventory,
        station=station,
        operator=Operator(),
        install=None,
        plan=None,
        plan_digest=None,
        journal_sha256=None,
    )


def half_known() -> Report:
    """What nobody says and nobody gives a reason for; a drive that no look shows."""
    one, other = (
        nvme(),
        hdd(vendor="", partitions=(Partition("/dev/sda1", 1), Partition("/dev/sda2", 1, "xfs"))),
    )
    made = samples.report((one, other), (samples.drive_record(one, samples.attempt(one, None)),))
    silent = Machine(model="Latitude E6540", firmware=Firmware(version="A29"))
    who = replace(one.identity, serial=None)
    stranger = replace(
        samples.refused_record(hdd(7), RefusalCode.NO_SIZE), state=DriveState.REFUSED
    )
    named = samples.drive_record(one, samples.attempt(one, None))
    named = replace(named, identity=who, limitations=())
    install = made.install and replace(made.install, ok=None, drive="gone", node="/dev/sdq")
    return replace(
        made,
        inventory=replace(made.inventory, machine=silent),
        drives=(named, stranger),
        operator=replace(made.operator, asset_tag="", organisation=""),
        install=install,
    )


def doubted() -> Report:
    """Well signed, and it cannot be true; and its station has shortened it."""
    report = samples.good_report()
    first, *others = report.drives
    fast = replace(first.attempts[0], write_s=1.0)
    return replace(
        report,
        clock=replace(report.clock, sealed_at="9999-99-99"),
        drives=(replace(first, attempts=(fast,)), *others),
        shortened=(
            Shortened("operator.lot", 4096, 70_000),
            Shortened("inventory.memory.total_bytes", 0, 0),
        ),
    )


PAPERS: Mapping[str, Callable[[], Report]] = {
    "good": samples.good_report,
    "bad": samples.bad_report,
    "bare": samples.bare_report,
    "doubted": doubted,
    "empty": samples.empty_report,
    "half-known": half_known,
    "long-way": long_way,
    "nothing-known": nothing_known,
}
