"""The last look against what a session knows: which node is its drive, and which is news."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.drives.boot_medium import BootMedium
from reprise.domain.drives.late import Glimpse, Storage, appeared, glimpse_of
from reprise.domain.drives.unreached import Unreached, UnreachedKind
from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.pc.hardware import Drive, DriveIdentity, Transport, Use, UseKind
from station_kit.facts import with_facts
from unit.domain.drives.drives import hdd, nvme, pc, stick

A, B = hdd(1), hdd(2)
SILENT = Unreached(UnreachedKind.SILENT, "link3", "sata_spd=6.0 Gbps")


def seen(drive: Drive, **changes: object) -> Glimpse:
    (one,) = glimpse_of(pc(drive)).drives
    return with_facts(one, **changes)


def news(drives: tuple[Drive, ...], *now: Glimpse) -> list[str]:
    return [one.where for one in appeared(drives, pc(*drives), (), Storage(now, ()))]


def filled(drive: Drive, serial: str | None) -> Drive:
    """With a number that tells nothing."""
    return replace(drive, identity=replace(drive.identity, serial=serial, wwn=None))


def test_two_drives_may_change_their_names() -> None:
    """Both are taken out of the list and found again where a hidden area is removed."""
    now = seen(A, node=B.node), seen(B, node=A.node)
    assert news((A, B), *now) == []


def test_a_drive_may_come_back_while_another_has_its_name() -> None:
    assert news((A, B), seen(B, node=A.node)) == []
    ours = replace(stick(), node="/dev/sdc")
    assert news((A, ours), seen(ours, node=A.node), seen(A, node="/dev/sdq")) == []


def test_one_drive_accounts_for_one() -> None:
    assert news((A,), seen(A), seen(A, node="/dev/sdq")) == ["sdq"]
    assert news((A, B), seen(A), seen(A, node=B.node)) == ["sdb"]


def test_another_world_wide_name_is_another_drive_where_no_number_tells() -> None:
    """One that has no serial number is taken out, and the next comes up under its name."""
    known = filled(A, None)
    known = replace(known, identity=replace(known.identity, wwn="0x5000c500aaaaaaaa"))

    def comes(wwn: str | None, serial: str | None = "NEW") -> list[str]:
        who = DriveIdentity(serial=serial, wwn=wwn, size_bytes=known.identity.size_bytes)
        return news((known,), seen(known, identity=who))

    assert comes("0x5000c500bbbbbbbb") == [known.node.removeprefix("/dev/")]
    assert comes("0x5000c500bbbbbbbb", None) == [known.node.removeprefix("/dev/")]
    assert comes("0x5000c500aaaaaaaa") == comes(None) == comes("0x5000000000000000") == []


@pytest.mark.parametrize(
    ("mine", "its"),
    [
        (A.identity, DriveIdentity(size_bytes=0)),  # the next one tells nothing but its size
        (filled(A, "0000000000000000").identity, filled(A, "0000000000000000").identity),
        (filled(A, None).identity, filled(A, None).identity),
        (filled(A, None).identity, filled(B, "0x5000000000000000").identity),
    ],
)
def test_another_size_is_another_drive_where_no_number_tells(
    mine: DriveIdentity, its: DriveIdentity
) -> None:
    known = replace(A, identity=mine)

    def comes(size_bytes: int, was: Drive = known) -> list[str]:
        return news((was,), seen(was, identity=replace(its, size_bytes=size_bytes)))

    assert comes(mine.size_bytes // 7) == comes(mine.size_bytes + 512) == ["sda"]
    assert comes(mine.size_bytes) == []
    assert comes(0) == []  # a drive that fails tells none
    assert comes(1 << 30, replace(A, identity=replace(mine, size_bytes=0))) == []


def test_a_number_tells_whatever_the_size() -> None:
    """A hidden area is back. One that fell since is news: what was behind it nobody erased."""
    by_wwn = replace(A, identity=replace(A.identity, serial=None, wwn="0x5000c500aaaaaaaa"))
    for drive in (A, by_wwn):

        def comes(size_bytes: int, node: str, was: Drive = drive) -> list[str]:
            now = replace(was.identity, size_bytes=size_bytes)
            return news((was,), seen(was, identity=now, node=node))

        size = drive.identity.size_bytes
        for node in (drive.node, "/dev/sdx"):
            assert comes(size // 2, node) == comes(size, node) == comes(0, node) == []
            assert comes(size + 512, node) == [node.removeprefix("/dev/")]
    twin = replace(A, node="/dev/sdz")
    grown = seen(A, identity=replace(A.identity, size_bytes=2 * A.identity.size_bytes))
    assert news((A, twin), grown) == ["sda"], "it stands for no other"


def test_what_hung_outside_accounts_for_nothing_inside() -> None:
    dock = replace(B, transport=Transport.USB, port=UsbPort.UNKNOWN)
    assert news((A, dock), seen(A), seen(dock)) == []
    assert news((A, dock), seen(A), seen(B, node="/dev/sdc")) == ["sdc"]
    nameless = seen(B, identity=DriveIdentity(size_bytes=1 << 40))
    assert news((A, dock), seen(A), nameless) == ["sdb"]


@pytest.mark.parametrize("serial", [None, "0123456789ABCDEF"])
def test_our_own_stick_may_come_back_without_a_number(serial: str | None) -> None:
    """On a port outside that the firmware calls fixed."""
    started = BootMedium(True, "holds the running system")
    ours = filled(replace(stick(), port=UsbPort.FIXED, boot=started), serial)
    back = seen(ours, node="/dev/sdc")
    assert news((A, ours), seen(A), back) == []
    assert news((A, ours), seen(A), seen(ours), back) == ["sdc"]
    other_size = replace(back, identity=replace(back.identity, size_bytes=1 << 20))
    assert news((A, ours), seen(A), other_size) == ["sdc"]
    label_only = replace(ours, boot=BootMedium(False, ""))
    assert news((A, label_only), seen(A), back) == ["sdc"]


def test_a_second_nvme_drive_with_the_same_filler_is_news() -> None:
    first = filled(nvme(), "0000000000000000")
    home, number = first.node[: len("/dev/nvme0")], first.node[len("/dev/nvme0") :]
    assert news((first,), seen(first), seen(first, node=f"{home[:-1]}7{number}")) == [
        f"nvme7{number}"
    ]
    assert news((first,), seen(first), seen(first, node=f"{home}n9")) == [f"{home[5:]}n9"]


def test_namespaces_of_one_drive_are_told_apart_by_their_own_names() -> None:
    """The serial number is the drive's."""
    first = nvme()
    one, two = (replace(first.identity, wwn=f"eui.{n:016x}") for n in (1, 2))
    assert one.serial == two.serial
    drive = replace(first, identity=one)
    assert news((drive,), seen(drive, identity=two)) == [drive.node[5:]]
    moved = "/dev/nvme0n9"
    other = replace(first, node=moved, identity=two)
    assert news((drive, other), seen(drive, identity=two), seen(other, identity=one)) == []
    assert news((drive,), seen(drive, node=moved)) == []


def test_a_namespace_that_comes_up_late_is_news_beside_the_one_that_was_erased() -> None:
    """The kernel looks for them again after a suspend, a reset, and some commands of the drive."""
    first = nvme()
    late = seen(first, node="/dev/nvme0n9")
    assert news((first,), seen(first), late) == ["nvme0n9"]
    both = (first, replace(first, node="/dev/nvme0n9"))
    assert news(both, seen(first), late) == []
    elsewhere = seen(first, node="/dev/sdq", transport=Transport.SATA)
    assert news((first,), seen(first), elsewhere) == ["sdq"]


def test_a_drive_is_seen_where_somebody_said_that_nothing_is() -> None:
    """The word was about a place that nobody could read."""
    stated = Unreached(UnreachedKind.UNREADABLE, "link3", "sata_spd=?")
    inventory = replace(pc(A), unreached=(stated,))
    now = Storage((seen(A),), (SILENT,))
    assert appeared((A,), inventory, (), now) == (SILENT,)
    assert appeared((A,), inventory, (SILENT,), now) == ()
    assert appeared((A,), replace(pc(A), unreached=(SILENT,)), (), now) == ()


def test_a_stick_for_the_reports_may_be_plugged_in_anywhere() -> None:
    """Many a port outside is called fixed."""
    other = filled(replace(stick(), node="/dev/sdd", port=UsbPort.FIXED), "SECOND")
    assert news((A,), seen(A), seen(other)) == ["sdd"]
    assert news((A,), seen(A), seen(other, lent=True)) == []
    mounted = replace(other, uses=(Use(UseKind.MOUNT, "/dev/sdd3", "/run/reprise"),))
    for removable, lent in ((True, True), (False, False)):
        assert seen(replace(mounted, removable=removable)).lent is lent
    assert not seen(replace(other, removable=True)).lent


def test_a_number_may_be_spelled_with_other_spaces() -> None:
    mine = replace(A.identity, serial="WD-WCC 3F1", wwn="0x5000c500")
    drive = replace(A, identity=mine)
    now = seen(drive, node="/dev/sdq", identity=replace(mine, serial="WD-WCC_3F1"))
    assert news((drive,), now) == []
    other = seen(drive, node="/dev/sdq", identity=replace(mine, serial="WD-WCC_3F2"))
    assert news((drive,), other) == ["sdq"]
