"""Drives that came up at the start and were gone at the first look: the kernel's log alone knows
them. On made trees."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprise.domain.drives.unreached import UnreachedKind
from unit.adapters.hardware.made_links import DOWN, PCI, SILENT, UP, found, link, scsi
from unit.adapters.hardware.made_tree import LOG, MadeTree, nothing_found

LINK_UP = "ata3: SATA link up 6.0 Gbps (SStatus 133 SControl 300)"
LINK_DOWN = "ata3: SATA link down (SStatus 0 SControl 300)"
DISK = "ata3.00: ATA-9: ST500LM021-1KJ152, 0002LIM1, max UDMA/133"
CARD = "ata3.00: CFA: TRANSCEND, 20071207, max UDMA/66"
OPTICAL = "ata3.00: ATAPI: HL-DT-ST DVDRAM GU90N, A1C1, max UDMA/100"
DETACHED = "ata3.00: detaching (SCSI 2:0:0:0)"


def said(tree: MadeTree, *lines: str) -> None:
    tree.write("dev/kmsg", LOG + "".join(f"6,{at},1,-;{one}\n" for at, one in enumerate(lines, 1)))


@pytest.mark.parametrize(
    "lines",
    [
        (LINK_UP, DISK, "ata3.00: disable device", LINK_DOWN, DETACHED),
        (LINK_DOWN, LINK_UP, DISK, LINK_DOWN),
        (LINK_UP, CARD, LINK_DOWN),
        (LINK_UP, DISK, LINK_DOWN, LINK_UP, LINK_DOWN),
        (DISK, "ata3.00: disabled", DETACHED),  # IDE, of whose links nothing is said
    ],
)
def test_a_disk_that_came_up_and_is_gone(tree: MadeTree, lines: tuple[str, ...]) -> None:
    """Dead, or pulled out before anybody looked: nobody knows, and a new start tells."""
    link(tree, "link3", DOWN, "none")
    said(tree, *lines)
    assert found(tree) == [(SILENT, "link3")]


@pytest.mark.parametrize(
    "lines",
    [
        (LINK_DOWN,),
        (LINK_UP, OPTICAL, LINK_DOWN, "ata3.00: detaching (SCSI 2:0:0:0)"),
        (LINK_UP, LINK_DOWN),  # whatever it was, it was no disk
        (LINK_UP, DISK.replace("ata3", "ata4"), LINK_DOWN),
        (LINK_UP, DISK, LINK_DOWN, DETACHED, LINK_UP, OPTICAL, LINK_DOWN),
    ],
)
def test_a_port_that_had_no_disk(tree: MadeTree, lines: tuple[str, ...]) -> None:
    link(tree, "link3", DOWN, "none")
    said(tree, *lines)
    assert found(tree) == []


@pytest.mark.parametrize(
    "lines",
    [
        (LINK_DOWN, LINK_UP, DISK, LINK_DOWN, LINK_UP, "ata3.00: configured for UDMA/133"),
        (LINK_UP, DISK, LINK_DOWN, DETACHED, LINK_UP, DISK),
        (LINK_UP, DISK, LINK_DOWN),  # the kernel has not said yet that it is back
    ],
)
def test_a_disk_that_is_there_now(tree: MadeTree, lines: tuple[str, ...]) -> None:
    link(tree, "link3", UP, "ata")
    scsi(tree, "ata3", "3:0:0:0")
    said(tree, *lines)
    assert found(tree) == []


def test_a_disk_whose_link_fails_to_come_up_again(tree: MadeTree) -> None:
    link(tree, "link3", DOWN, "none")
    said(tree, LINK_UP, DISK, LINK_DOWN.replace("SStatus 0", "SStatus 1"))
    assert found(tree) == [(SILENT, "link3")]
    said(tree, LINK_UP, DISK, LINK_DOWN, "ata3: COMRESET failed (errno=-16)")
    assert found(tree) == [("attached-drive-still-starts", "link3")]


def test_a_drive_behind_a_multiplier(tree: MadeTree) -> None:
    link(tree, "link3", UP, "pmp")
    link(tree, "link3.1", UP, "ata")
    link(tree, "link3.2", DOWN, "none")
    scsi(tree, "ata3", "3:1:0:0")
    disk, down = (one.replace("ata3", "ata3.02") for one in ("ata3: ATA-8: X", LINK_DOWN))
    said(tree, LINK_UP, "ata3.01: ATA-8: X", disk, down)
    assert found(tree) == [(SILENT, "link3.2")]


def test_a_multiplier_that_is_gone_with_its_drives(tree: MadeTree) -> None:
    link(tree, "link3", DOWN, "none")
    said(tree, LINK_UP, "ata3.01: ATA-8: X, 1, max", LINK_DOWN)
    assert found(tree) == [(SILENT, "link3")]


def test_a_drive_that_this_session_has_seen_is_the_sessions(tree: MadeTree) -> None:
    """It tells whether the drive was erased before it was pulled out; the link would make every
    such PC unfinished."""
    nothing_found(tree)
    link(tree, "link3", UP, "ata")
    link(tree, "link4", DOWN, "none")
    at = "pci0000:00/0000:00:1f.2/ata3/host3/target3:0:0/3:0:0:0"
    tree.disk("sda", at)
    tree.link("sys/bus/scsi/devices/3:0:0:0", tree.root / "sys/devices" / at)
    said(tree, LINK_UP, DISK)
    probe = tree.probe()
    known = probe.probe_inventory().drives
    assert [one.node for one in known] == ["/dev/sda"]
    _pull(tree, at)
    said(
        tree,
        LINK_UP,
        DISK,
        LINK_DOWN,
        DETACHED,
        DISK.replace("ata3", "ata4"),
        "ata4: SATA link down",
    )
    (one,) = probe.probe_inventory(known).unreached
    assert (one.kind, one.where) == (UnreachedKind.SILENT, "link4")
    # nor is it news just before the report
    late = [one.where for one in probe.probe_storage(known).unreached if not one.statable]
    assert late == ["link4"]
    # who does not know it (another session, or a look whose result nobody kept) tells of it
    for look in (probe.probe_inventory, tree.probe().probe_inventory, probe.probe_storage):
        told = [one.where for one in look().unreached if not one.statable]
        assert sorted(told)[-2:] == ["link3", "link4"]


def _pull(tree: MadeTree, at: str) -> None:
    for path in ("sys/block/sda", "sys/bus/scsi/devices/3:0:0:0"):
        (tree.root / path).unlink()
    home: Path = tree.root / "sys/devices" / at
    home.rename(tree.root / "pulled")
    tree.write(f"{PCI}/ata3/link3/ata_link/link3/sata_spd", DOWN + "\n")
    tree.write(f"{PCI}/ata3/link3/dev3.0/ata_device/dev3.0/class", "none\n")
