"""What one typed word is not enough for, and what a person types besides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.drives.unreached import UnreachedKind
from reprise.domain.pc.hardware import (
    Drive,
    DriveIdentity,
    Inventory,
    Machine,
    Transport,
    Use,
    UseKind,
)
from reprise.domain.planning.plan import Plan
from reprise.domain.planning.planner import plan_all
from reprise.domain.planning.policy import Minimum, Policy
from reprise.domain.planning.techniques import Method
from reprise.domain.planning.unusual import Unusual, UnusualCode, serial_tail, unusual
from unit.domain.drives.drives import drive, hdd, nvme, pc, stick


def planned(inventory: Inventory, policy: Policy | None = None) -> Plan:
    able = {one.identity.key: Capabilities() for one in inventory.drives}
    return plan_all(inventory.drives, able, policy or Policy())


def codes(inventory: Inventory, policy: Policy | None = None) -> list[UnusualCode]:
    return [one.code for one in unusual(inventory, planned(inventory, policy))]


def usb() -> Drive:
    return hdd(3, transport=Transport.USB, removable=True)


def test_an_ordinary_pc_asks_for_the_word_alone() -> None:
    assert codes(pc(hdd(), nvme(), stick())) == []


def test_a_drive_on_usb_that_is_refused_belongs_to_nobody() -> None:
    assert codes(pc(hdd(), usb())) == []


def test_a_drive_on_usb_that_the_policy_lets_in_is_named() -> None:
    inventory = pc(hdd(), usb())
    (found,) = unusual(inventory, planned(inventory, Policy(allow_usb=True)))
    assert found == Unusual(UnusualCode.NOT_INTERNAL, inventory.drives[1].identity.key, "sdc")


def test_a_drive_inside_the_pc_that_stays_as_it_is_is_named() -> None:
    busy = hdd(2, uses=(Use(UseKind.MOUNT, "/dev/sdb1", "/srv"),))
    inventory = pc(hdd(), busy)
    assert unusual(inventory, planned(inventory)) == (
        Unusual(UnusualCode.NEIGHBOUR_REFUSED, detail="sdb"),
    )


@pytest.mark.parametrize(("count", "found"), [(4, ()), (5, (UnusualCode.MANY_DRIVES, "", "5"))])
def test_a_workstation_holds_four_drives_and_more_is_a_storage_box(
    count: int, found: tuple[str, ...]
) -> None:
    inventory = pc(*(hdd(n) for n in range(1, count + 1)))
    told = unusual(inventory, planned(inventory))
    assert told == ((Unusual(*found),) if found else ())  # type: ignore[arg-type]


# SMBIOS (DSP0134), 7.4.1: what stands in a rack or holds several machines.
SERVERS = ("Main Server Chassis", "RAID Chassis", "Rack Mount Chassis", "Multi-system", "Blade")


@pytest.mark.parametrize("chassis", [*SERVERS, "Blade Enclosing"])
def test_a_server(chassis: str) -> None:
    assert codes(pc(hdd(), machine=Machine(chassis=chassis))) == [UnusualCode.SERVER]


@pytest.mark.parametrize("chassis", ["Desktop", "Mini Tower", "Notebook", "Other", "", None])
def test_a_pc_of_one_person_is_no_server(chassis: str | None) -> None:
    assert codes(pc(hdd(), machine=Machine(chassis=chassis))) == []


def test_drives_that_may_be_hidden() -> None:
    inventory = pc(hdd())
    plan = replace(planned(inventory), warnings=(f"{UnreachedKind.BEHIND_RAID}: 0000:00:17.0",))
    assert [one.code for one in unusual(inventory, plan)] == [UnusualCode.HIDDEN_STORAGE]


def test_an_erasure_that_began_in_another_pc() -> None:
    inventory = pc(hdd(), nvme())
    key = inventory.drives[1].identity.key
    (found,) = unusual(inventory, planned(inventory), {key})
    assert (found.code, found.drive) == (UnusualCode.FROM_ANOTHER_PC, key)


def test_hours_of_work_that_the_policy_will_not_accept() -> None:
    wants_purge = Policy(minimum=Minimum(hdd=Method.PURGE))
    assert codes(pc(hdd()), wants_purge) == [UnusualCode.BELOW_POLICY]


def test_nothing_is_unusual_where_nothing_is_erased() -> None:
    assert codes(pc(stick(), machine=Machine(chassis="Blade"))) == []


@pytest.mark.parametrize(
    ("serial", "wwn", "tail"),
    [
        ("W9A4K2XJ", None, "K2XJ"),
        ("wd-wcc6y7-zn1 ", None, "7ZN1"),
        ("A1", None, "A1"),
        (None, "0x5000c500a1b2c3d4", "C3D4"),
        ("№ é", None, "VSDA"),
    ],
)
def test_what_is_typed_can_be_typed_on_every_keyboard(
    serial: str | None, wwn: str | None, tail: str
) -> None:
    identity = DriveIdentity(model="M", serial=serial, wwn=wwn, size_bytes=1 << 30)
    assert serial_tail(drive(identity=identity)) == tail
