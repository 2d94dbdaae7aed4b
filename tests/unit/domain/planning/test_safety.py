"""Every reason not to touch a drive is one change of a drive that may be erased."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise import i18n, wording
from reprise.domain.drives.boot_medium import BootMedium
from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.pc.hardware import Drive, Partition, Reason, Transport, Use, UseKind
from reprise.domain.planning.plan import RefusalCode
from reprise.domain.planning.planner import PlanRequest, plan_all, plan_drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.safety import refusals, refusals_at_write
from reprise.domain.planning.techniques import Technique
from reprise.workflow.erasure.jobs import EraseOrder
from station_kit.facts import with_facts
from unit.domain.drives.drives import drive as made_drive

DRIVE = made_drive()
IDENTITY = DRIVE.identity
POLICY = Policy()
PART = Partition(node="/dev/sda1", size_bytes=1 << 30)

CHANGES: dict[RefusalCode, dict[str, object]] = {
    RefusalCode.BOOT_MEDIUM_INSIDE: {"boot": BootMedium(is_boot=True, how="toram")},
    RefusalCode.REPRISE_STICK: {"partitions": (replace(PART, label="REPRISE"),)},
    RefusalCode.MOUNTED: {"uses": (Use(UseKind.MOUNT, "/dev/sda1", "/home"),)},
    RefusalCode.SWAP: {"uses": (Use(UseKind.SWAP, "/dev/sda2", ""),)},
    RefusalCode.HELD: {"uses": (Use(UseKind.HOLDER, "/dev/sda3", "md0"),)},
    RefusalCode.READ_ONLY: {"read_only": True},
    RefusalCode.IDENTITY_UNKNOWN: {"identity": replace(IDENTITY, serial=None, wwn=None)},
    RefusalCode.NO_SIZE: {"identity": replace(IDENTITY, size_bytes=0)},
    RefusalCode.HOST_MANAGED: {"zoned": "host-managed"},
    RefusalCode.NOT_INTERNAL: {"transport": Transport.USB},
    RefusalCode.USB_INSIDE: {"transport": Transport.USB, "port": UsbPort.FIXED},
    RefusalCode.CARD_INSIDE: {"transport": Transport.MMC, "removable": True},
    RefusalCode.PROBE_INCOMPLETE: {"transport": Transport.UNKNOWN},
    RefusalCode.SANITIZING: {"unknown": {"boot": Reason.SANITIZING, "identity": "x"}},
}


def codes(drive: Drive, policy: Policy = POLICY, **options: object) -> list[RefusalCode]:
    return [r.code for r in refusals(drive, policy, **options)]  # type: ignore[arg-type]


def test_a_plain_internal_drive_may_be_erased() -> None:
    assert codes(DRIVE, others=(DRIVE,)) == []


@pytest.mark.parametrize("code", list(CHANGES))
def test_one_change_is_refused_for_its_reason(code: RefusalCode) -> None:
    assert codes(with_facts(DRIVE, **CHANGES[code])) == [code]


def test_a_host_aware_drive_takes_a_write_anywhere() -> None:
    assert codes(replace(DRIVE, zoned="host-aware")) == []


# By hand: a test that takes its cases from the list that it tests sees no name fall out of it.
FACTS = (
    "identity",
    "uses",
    "boot",
    "our_files",
    "read_only",
    "removable",
    "transport",
    "size_bytes",
)


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_that_could_not_be_read_is_a_reason(fact: str) -> None:
    assert codes(replace(DRIVE, unknown={fact: "no answer"})) == [RefusalCode.PROBE_INCOMPLETE]


@pytest.mark.parametrize("fact", FACTS)
def test_it_is_told_in_words(fact: str) -> None:
    (found,) = refusals(replace(DRIVE, unknown={fact: "timed-out: read"}), POLICY)
    with i18n.using("fr"):
        said = wording.refusal(found)
    assert "pas de réponse dans le délai" in said
    assert ":" in said and "timed-out" not in said
    assert f"({fact}" not in said


def test_a_stick_that_may_be_one_of_ours_is_told_as_that() -> None:
    (found,) = refusals(replace(DRIVE, unknown={"our_files": "unreadable: /dev/sdb1"}), POLICY)
    with i18n.using("en"):
        assert "(whether it is a Reprise stick: " in wording.refusal(found)


@pytest.mark.parametrize("label", ["REPRISE", "REPRISE_LIVE"])
def test_the_stick_is_known_by_its_labels_too(label: str) -> None:
    assert codes(replace(DRIVE, label=label)) == [RefusalCode.REPRISE_STICK]


def test_what_the_system_started_from_is_refused_whatever_the_policy_says() -> None:
    started = BootMedium(is_boot=True, how="started-from")
    medium = replace(DRIVE, transport=Transport.USB, removable=True, boot=started)
    assert codes(medium, Policy(allow_usb=True)) == [RefusalCode.BOOT_MEDIUM]
    module = replace(medium, removable=False, port=UsbPort.FIXED)
    assert codes(module, Policy(allow_usb=True)) == [RefusalCode.BOOT_MEDIUM_INSIDE]


def test_all_reasons_are_told_at_once() -> None:
    worst = replace(DRIVE, read_only=True, uses=(Use(UseKind.MOUNT, "/dev/sda", "/"),))
    assert codes(worst) == [RefusalCode.MOUNTED, RefusalCode.READ_ONLY]


def test_usb_and_removable_only_where_the_policy_allows() -> None:
    for drive in (
        replace(DRIVE, transport=Transport.USB),
        replace(DRIVE, removable=True),
    ):
        assert codes(drive) == [RefusalCode.NOT_INTERNAL]
        assert codes(drive, Policy(allow_usb=True)) == []


def test_a_loop_device_must_be_named_whatever_the_policy_says() -> None:
    loop = replace(DRIVE, transport=Transport.LOOP)
    assert codes(loop, Policy(allow_usb=True)) == [RefusalCode.NOT_INTERNAL]
    assert codes(loop, named=True) == []


def test_who_names_nothing_reaches_no_loop_device() -> None:
    loop = replace(DRIVE, transport=Transport.LOOP)
    for wish in (None, PlanRequest(), PlanRequest(technique=Technique.OVERWRITE)):
        plan = plan_drive(loop, Capabilities(), Policy(allow_usb=True), wish=wish)
        assert [one.code for one in plan.refusals] == [RefusalCode.NOT_INTERNAL]
    (plan,) = plan_all([loop], {}, Policy(allow_usb=True)).drives
    assert [one.code for one in plan.refusals] == [RefusalCode.NOT_INTERNAL]
    assert not plan_drive(loop, Capabilities(), POLICY, wish=PlanRequest(named=True)).refused


def test_what_was_typed_from_a_label_is_never_printed() -> None:
    for holder in (
        PlanRequest(psid="SECRET"),
        EraseOrder(DRIVE, plan_drive(DRIVE, Capabilities(), POLICY), psid="SECRET"),
    ):
        assert "SECRET" not in repr(holder)


def test_two_drives_that_cannot_be_told_apart_are_both_refused() -> None:
    twin = replace(DRIVE, node="/dev/sdb")
    assert codes(DRIVE, others=(DRIVE, twin)) == [RefusalCode.IDENTITY_AMBIGUOUS]
    assert codes(twin, others=(DRIVE, twin)) == [RefusalCode.IDENTITY_AMBIGUOUS]
    nameless = replace(twin, identity=replace(IDENTITY, wwn=None, size_bytes=7 << 30))
    assert codes(DRIVE, others=(nameless,)) == [RefusalCode.IDENTITY_AMBIGUOUS]


def test_a_wwn_tells_two_namespaces_of_one_serial_apart() -> None:
    second = replace(DRIVE, node="/dev/sdb", identity=replace(IDENTITY, wwn="0x5000c500a1b2c3d5"))
    assert codes(DRIVE, others=(second,)) == []


@pytest.mark.parametrize(
    "change", [{"serial": "S2"}, {"wwn": None}, {"size_bytes": 1 << 38}, {"model": "N"}]
)
def test_another_drive_at_the_same_path_is_noticed(change: dict[str, object]) -> None:
    seen = replace(DRIVE, identity=with_facts(IDENTITY, **change))
    found = [r.code for r in refusals_at_write(DRIVE, seen, POLICY)]
    assert found == [RefusalCode.IDENTITY_CHANGED]


def test_other_sectors_are_another_drive() -> None:
    seen = replace(DRIVE, logical_sector_bytes=4096)
    assert [(one.code, one.detail) for one in refusals_at_write(DRIVE, seen, POLICY)] == [
        (RefusalCode.IDENTITY_CHANGED, "logical_sector_bytes")
    ]


def test_what_was_mounted_meanwhile_is_noticed() -> None:
    seen = replace(DRIVE, uses=(Use(UseKind.MOUNT, "/dev/sda1", "/mnt"),))
    assert [r.code for r in refusals_at_write(DRIVE, seen, POLICY)] == [RefusalCode.MOUNTED]
    assert refusals_at_write(DRIVE, DRIVE, POLICY) == ()


DETAILS = {
    RefusalCode.BOOT_MEDIUM_INSIDE: "toram",
    RefusalCode.REPRISE_STICK: "/dev/sda1: REPRISE",
    RefusalCode.MOUNTED: "/dev/sda1: /home",
    RefusalCode.SWAP: "/dev/sda2: ",
    RefusalCode.HELD: "/dev/sda3: md0",
    RefusalCode.NOT_INTERNAL: "usb",
    RefusalCode.USB_INSIDE: "usb",
    RefusalCode.CARD_INSIDE: "removable",
    RefusalCode.PROBE_INCOMPLETE: "transport",
}


@pytest.mark.parametrize("code", list(CHANGES))
def test_a_refusal_says_what_it_is_about(code: RefusalCode) -> None:
    (refusal,) = refusals(with_facts(DRIVE, **CHANGES[code]), POLICY)
    assert refusal.detail == DETAILS.get(code, "")


def test_other_details() -> None:
    (refusal,) = refusals(replace(DRIVE, removable=True), POLICY)
    assert refusal.detail == "removable"
    (refusal,) = refusals(replace(DRIVE, transport=Transport.LOOP), POLICY)
    assert refusal.detail == "loop"
    (refusal,) = refusals(replace(DRIVE, unknown={"uses": "no answer"}), POLICY)
    assert refusal.detail == "uses: no answer"
    twin = replace(DRIVE, node="/dev/sdb")
    (refusal,) = refusals(DRIVE, POLICY, others=(twin,))
    assert refusal.detail == f"/dev/sdb: {DRIVE.identity.confirm_word}"
