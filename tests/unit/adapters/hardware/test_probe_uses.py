"""The probe on made machines: what uses a drive, through however many layers."""

from __future__ import annotations

from reprise.adapters.hardware.tree import Tree
from reprise.domain.pc.hardware import Drive, UseKind
from unit.adapters.hardware.made_tree import ATA, VIRTUAL, MadeTree, nothing_found


def uses(drive: Drive) -> list[tuple[UseKind, str, str]]:
    return [(use.kind, use.node, use.detail) for use in drive.uses]


def test_mounts_by_device_number_and_by_source(tree: MadeTree) -> None:
    """btrfs has a device number of its own: only its source names the partition."""
    nothing_found(tree)
    tree.disk("sda", ATA)
    tree.part("sda", "sda1", 1)
    tree.part("sda", "sda2", 2)
    tree.disk("sdb", ATA)
    tree.mount("sda1", "/mnt/with\\040space")
    with (tree.root / "proc/self/mountinfo").open("a") as file:
        file.write("31 27 0:44 / /home rw shared:1 - btrfs /dev/sda2 rw\n")
    found = tree.drives()
    assert uses(found["sda"]) == [
        (UseKind.MOUNT, "/dev/sda1", "/mnt/with space"),
        (UseKind.MOUNT, "/dev/sda2", "/home"),
    ]
    assert found["sdb"].uses == ()
    assert [part.node for part in found["sda"].partitions] == ["/dev/sda1", "/dev/sda2"]


def test_a_mount_of_another_name_space_counts(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    devno = (tree.root / "sys/class/block/sda/dev").read_text().strip()
    tree.write("proc/1/mountinfo", f"30 27 {devno} / /hidden rw - ext4 /dev/sda rw\n")
    assert uses(tree.drives()["sda"]) == [(UseKind.MOUNT, "/dev/sda", "/hidden")]


def test_a_whole_chain_of_holders_is_followed(tree: MadeTree) -> None:
    """Disk, partition, encrypted container, volume, mount: all belong to the disk."""
    tree.disk("sda", ATA)
    tree.part("sda", "sda1", 1)
    tree.holder("sda1", "dm-0", "luks-1")
    tree.holder("dm-0", "dm-1", "vg-home")
    tree.mount("dm-1", "/home")
    assert uses(tree.drives()["sda"]) == [
        (UseKind.HOLDER, "/dev/sda1", "dm-0 (luks-1)"),
        (UseKind.HOLDER, "/dev/sda1", "dm-1 (vg-home)"),
        (UseKind.MOUNT, "/dev/sda1", "/home"),
    ]


def test_swap_loops_and_btrfs_members(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.part("sda", "sda1", 1)
    tree.part("sda", "sda2", 2)
    tree.write("proc/swaps", "Filename Type\n/dev/disk/by-uuid/ab partition 1 0 -2\n")
    (tree.root / "dev/disk/by-uuid").mkdir(parents=True)
    tree.write("dev/sda1", "")
    tree.link("dev/disk/by-uuid/ab", tree.root / "dev/sda1")
    tree.disk("loop7", VIRTUAL, loop__backing_file="/dev/sda2")
    (tree.root / "sys/fs/btrfs/f00d/devices/sda2").mkdir(parents=True)
    assert uses(tree.drives()["sda"]) == [
        (UseKind.SWAP, "/dev/sda1", "/dev/disk/by-uuid/ab"),
        (UseKind.HOLDER, "/dev/sda2", "loop7"),
        (UseKind.HOLDER, "/dev/sda2", "btrfs f00d"),
    ]


def test_blkinfo_adds_what_the_kernel_lists_lack_and_nothing_twice(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.holder("sda", "dm-0", "vg-home")
    tree.blkinfo = Tree(held={"sda": ("vg-home", "mpatha"), "sdb": ("other",)})
    assert uses(tree.drives()["sda"]) == [
        (UseKind.HOLDER, "/dev/sda", "dm-0 (vg-home)"),
        (UseKind.HOLDER, "/dev/sda", "mpatha"),
    ]


def test_an_empty_tree_is_an_error_not_a_free_drive(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.blkinfo = Tree(reason="tool-failed: blkinfo: empty tree")
    found = tree.probe().probe_inventory()
    assert found.unknown["tree"] == "tool-failed: blkinfo: empty tree"
    assert found.drives[0].unknown["tree"] == "tool-failed: blkinfo: empty tree"


def test_uses_that_cannot_be_read_are_unknown(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    (tree.root / "proc/self/mountinfo").unlink()
    assert tree.drives()["sda"].unknown["uses"] == "unreadable: /proc"
