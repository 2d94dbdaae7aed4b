"""The probe on made machines: which drive the PC was started from."""

from __future__ import annotations

import pytest

from reprise.domain.pc.hardware import Drive
from unit.adapters.hardware.made_tree import ATA, USB, VIRTIO, MadeTree, answer, nothing_found


def boot_signs(drive: Drive) -> set[str]:
    return set((drive.boot.how or "").split(",")) - {""}


def test_an_ordinary_drive_is_no_boot_medium(tree: MadeTree) -> None:
    nothing_found(tree)
    tree.disk("sda", ATA)
    drive = tree.drives()["sda"]
    assert not drive.boot.is_boot
    assert drive.boot.how is None
    assert "boot" not in drive.unknown


def test_the_mounted_medium(tree: MadeTree) -> None:
    nothing_found(tree)
    tree.disk("sdb", USB)
    tree.part("sdb", "sdb1", 1)
    tree.mount("sdb1", "/run/live/medium")
    assert boot_signs(tree.drives()["sdb"]) == {"mounted-live-medium"}


@pytest.mark.parametrize("where", ["whole by udev", "whole by blkid", "partition"])
def test_a_stick_that_was_copied_to_memory(tree: MadeTree, where: str) -> None:
    """Nothing is mounted from it any more: its labels give it away."""
    nothing_found(tree)
    tree.disk("sdb", USB)
    tree.part("sdb", "sdb1", 1)
    if where == "whole by udev":
        tree.udev["sdb"] = {"ID_FS_LABEL": "REPRISE_LIVE"}
    elif where == "whole by blkid":
        tree.answers["blkid"] = lambda argv: answer(
            "TYPE=iso9660\nLABEL=REPRISE_LIVE\n" if argv[-1] == "/dev/sdb" else "", 0
        )(argv)
    else:
        tree.udev["sdb1"] = {"ID_FS_LABEL": "REPRISE_LIVE"}
    assert boot_signs(tree.drives()["sdb"]) == {"label-REPRISE_LIVE"}


def test_a_hybrid_image_that_is_ambivalent_to_a_plain_probe(tree: MadeTree) -> None:
    tree.disk("sdb", USB)
    tree.answers["blkid"] = lambda argv: (
        answer("TYPE=iso9660\nLABEL=REPRISE_LIVE\n") if "-n" in argv else answer(code=8)
    )(argv)
    assert boot_signs(tree.drives()["sdb"]) == {"label-REPRISE_LIVE"}


def test_ambivalent_remains_do_not_hide_that_it_is_no_stick(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.answers["blkid"] = lambda argv: answer(code=2 if "-n" in argv else 8)(argv)
    drive = tree.drives()["sda"]
    assert not drive.boot.is_boot
    assert "boot" not in drive.unknown
    assert drive.unknown["fs_type"] == "unreadable: ambivalent"


def test_a_data_partition(tree: MadeTree) -> None:
    nothing_found(tree)
    tree.disk("sdb", USB)
    tree.part("sdb", "sdb3", 3)
    tree.udev["sdb3"] = {"ID_FS_LABEL": "REPRISE", "ID_FS_TYPE": "vfat"}
    assert boot_signs(tree.drives()["sdb"]) == {"data-partition"}


def test_the_drive_of_the_running_system(tree: MadeTree) -> None:
    nothing_found(tree)
    tree.disk("vda", VIRTIO)
    tree.mount("vda", "/")
    assert boot_signs(tree.drives()["vda"]) == {"mounted-root"}


def test_labels_that_cannot_be_read_leave_the_question_open(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.answers["blkid"] = answer(code=2, stderr=b"blkid: error: /dev/sda: Permission denied\n")
    drive = tree.drives()["sda"]
    assert not drive.boot.is_boot
    assert drive.unknown["boot"] == "needs-root"


def test_one_blind_partition_leaves_the_question_open(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.part("sda", "sda1", 1)
    tree.answers["blkid"] = lambda argv: (
        answer(code=2, stderr=b"blkid: error: I/O error") if argv[-1] == "/dev/sda1" else answer()
    )(argv)
    assert tree.drives()["sda"].unknown["boot"].startswith("unreadable: blkid: error")
