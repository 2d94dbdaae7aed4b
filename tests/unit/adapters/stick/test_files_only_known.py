"""A stick of files on FAT or exFAT is never taken for a drive of the PC, nor a drive of the PC for
it, though somebody copied the same files onto that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.safety import refusals
from unit.adapters.hardware.made_tree import ATA, USB, MadeTree, nothing_found
from unit.adapters.stick.files_only_kit import SERIAL

STICK = {
    "ID_FS_TYPE": "vfat",
    "ID_FS_LABEL": "ESD-USB",
    "ID_FS_UUID": SERIAL,
    "ID_FS_USAGE": "filesystem",
}


@pytest.fixture
def both(tree: MadeTree) -> dict[str, Drive]:
    """A stick that started and was copied to memory, and a drive inside with the same files and, as
    its image was copied, the same serial number of the file system."""
    nothing_found(tree)
    tree.disk("sda", ATA)
    tree.part("sda", "sda1", 1)
    folder = tree.disk("sdb", USB, removable="1")
    tree.part("sdb", "sdb1", 1)
    for disk in ("sda", "sdb"):
        tree.udev[f"{disk}1"] = STICK
    tree.write(
        "run/reprise/medium",
        f"node=/dev/sdb1\nDEVPATH={folder.removeprefix('sys')}/sdb1\n"
        f"ID_SERIAL=SanDisk_1\nID_FS_TYPE=vfat\nID_FS_UUID={SERIAL}\n",
    )
    tree.udev["sdb"] = {"ID_SERIAL": "SanDisk_1"}
    tree.udev["sda"] = {"ID_SERIAL": "ST500LM012_S2Z"}
    return tree.drives()


def test_the_stick_is_known_without_a_label_of_ours(both: dict[str, Drive]) -> None:
    assert both["sdb"].boot.how == "started-from"
    found = {one.code for one in refusals(both["sdb"], Policy(), named=True)}
    assert "boot-medium" in found


def test_the_drive_inside_is_not_taken_for_it(both: dict[str, Drive]) -> None:
    assert not both["sda"].boot.is_boot


NAMELESS = {key: value for key, value in STICK.items() if key != "ID_FS_UUID"}
READER = "Generic_Card_Reader"  # the serial number of every card in it


@pytest.fixture
def nameless(tree: MadeTree) -> Callable[[str], dict[str, Drive]]:
    """A stick whose FAT has the serial number 0, which is no UUID to libblkid and udev, started
    from its partition `noted`; and another, of the same maker and with the same number."""
    nothing_found(tree)
    folder = tree.disk("sdb", USB, removable="1").removeprefix("sys")
    tree.disk("sdc", USB, removable="1")
    for disk in ("sdb", "sdc"):
        tree.udev[disk] = {"ID_SERIAL": READER}
        for number in (1, 2):
            tree.part(disk, f"{disk}{number}", number)
        tree.udev[f"{disk}1"] = NAMELESS

    def drives(noted: str) -> dict[str, Drive]:
        lines = f"node=/dev/{noted}\nDEVPATH={folder}/{noted}\nID_FS_TYPE=vfat\n"
        tree.write("run/reprise/medium", f"{lines}ID_SERIAL={READER}\n")
        return tree.drives()

    return drives


def test_a_fat_without_a_serial_number_is_known_by_its_place_and_its_drives(
    nameless: Callable[[str], dict[str, Drive]],
) -> None:
    found = nameless("sdb1")
    assert found["sdb"].boot.how == "started-from"
    assert not found["sdc"].boot.is_boot


@pytest.mark.parametrize(
    "other",
    [
        {"sdb": {"ID_SERIAL": "another"}},
        {"sdb1": STICK},  # another card in the reader: this one has a serial number
        {"sdb1": NAMELESS | {"ID_FS_TYPE": "exfat"}},
        {"sdb1": {}, "sdb2": NAMELESS},
    ],
    ids=["drive", "volume", "format", "partition"],
)
def test_nothing_else_at_its_place_is_taken_for_it(
    tree: MadeTree, nameless: Callable[[str], dict[str, Drive]], other: dict[str, dict[str, str]]
) -> None:
    tree.udev |= other
    assert not nameless("sdb1")["sdb"].boot.is_boot


def test_rufus_cuts_the_label_and_it_is_known_all_the_same(tree: MadeTree) -> None:
    nothing_found(tree)
    tree.disk("sdb", USB)
    tree.part("sdb", "sdb1", 1)
    tree.udev["sdb1"] = STICK | {"ID_FS_LABEL": "REPRISE_LIV"}
    drive = tree.drives()["sdb"]
    assert drive.boot.how == "label-REPRISE_LIVE"
    assert "reprise-stick" in {one.code for one in refusals(drive, Policy(), named=True)}
