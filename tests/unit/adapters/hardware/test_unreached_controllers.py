"""Controllers that hide drives, on made PCI trees."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reprise.adapters.hardware.raid import raid_members
from reprise.adapters.hardware.unreached import find_unreached
from reprise.domain.drives.unreached import UnreachedKind
from reprise.domain.pc.hardware import Drive
from unit.adapters.hardware.made_tree import MadeTree
from unit.domain.drives.drives import drive

SCSI, IDE, RAID, AHCI = "0x010000", "0x01018a", "0x010400", "0x010601"
SAS, NVME, UFS, OTHER = "0x010700", "0x010802", "0x010901", "0x018000"
FLOPPY, SD_HOST, DISPLAY = "0x010200", "0x080501", "0x030000"
FLASH, OTHER_MEMORY, TURBO_MEMORY = "0x050100", "0x058000", "8086:444e"
AT = "0000:00:17.0"
FOLDER = f"sys/devices/pci0000:00/{AT}"


def controller(
    tree: MadeTree, code: str, driver: str | None, *files: str, pci_id: str = "8086:2822"
) -> None:
    """`files`: "name=content" below the function's folder; "disk 0:2:0:0 sda" hangs a SCSI disk
    on it, "scsi 0:0:0:49488" a SCSI device without a node."""
    vendor, device = (f"0x{word}" for word in pci_id.split(":"))
    for name, text in (("class", code), ("vendor", vendor), ("device", device)):
        tree.write(f"{FOLDER}/{name}", text + "\n")
    tree.link(f"sys/bus/pci/devices/{AT}", tree.root / FOLDER)
    if driver:
        target = tree.root / f"sys/bus/pci/drivers/{driver}"
        target.mkdir(parents=True, exist_ok=True)
        tree.link(f"{FOLDER}/driver", target)
    for file in files:
        kind, _space, rest = file.partition(" ")
        if kind == "disk":
            address, name = rest.split()
            tree.disk(name, f"pci0000:00/{AT}/host0/target{address[:-2]}/{address}")
        elif kind == "scsi":
            tree.write(f"{FOLDER}/host0/target{rest.rpartition(':')[0]}/{rest}/type", "30\n")
        else:
            name, _equals, text = file.partition("=")
            tree.write(f"{FOLDER}/{name}", text + "\n")


@pytest.mark.parametrize(
    ("code", "driver", "files"),
    [
        (AHCI, "ahci", ("ata1/uevent=", "remapped_nvme=0")),
        (AHCI, "ahci", ("ata1/uevent=",)),  # ports without drives: an ordinary PC
        (IDE, "ata_piix", ("ata1/uevent=",)),
        (OTHER, "sata_sil", ("ata1/uevent=",)),
        (
            RAID,
            "ahci",
            ("ata1/uevent=", "remapped_nvme=0"),
        ),  # RST, SATA drives only
        (RAID, "vmd", ()),
        (RAID, "isci", ("host0/phy-0:0/uevent=",)),
        (NVME, "nvme", ("nvme/nvme0/nvme0n1/size=1",)),
        (NVME, "nvme", ("nvme/nvme0/nvme0n1/hidden=0",)),
        (NVME, "nvme", ("nvme/nvme0/nvme0n1/hidden=1", "nvme/nvme0/nvme0n2/hidden=0")),
        (SD_HOST, "sdhci-pci", ()),  # a slot without a card
        (SAS, "mvsas", ("host0/phy-0:0/uevent=",)),  # its links say that nothing hangs there
        (SAS, "mvsas", ("disk 0:0:0:0 sda",)),
        (SCSI, "sym53c8xx", ("disk 0:0:0:0 sda",)),
        (UFS, "ufshcd-pci", ("disk 0:0:0:0 sda",)),
        (FLOPPY, None, ()),
        (OTHER_MEMORY, None, ()),  # many a chipset has one, which keeps nothing
        (FLASH, "intel_vr_nor", ()),
        (DISPLAY, None, ()),
    ],
)
def test_controllers_that_hide_nothing(
    tree: MadeTree, code: str, driver: str | None, files: tuple[str, ...]
) -> None:
    controller(tree, code, driver, *files)
    assert find_unreached(tree.roots) == ()


@pytest.mark.parametrize(("hidden", "shown"), [("0", True), ("1", False)])
def test_one_of_several_ways_to_a_namespace_shows_it_where_the_namespace_is_shown(
    tree: MadeTree, hidden: str, shown: bool
) -> None:
    """nvme1c0n1 is the way of controller 0 to nvme1n1, which stands in its subsystem's folder."""
    controller(tree, NVME, "nvme", "nvme/nvme0/nvme1c0n1/hidden=1")
    tree.disk("nvme1n1", "virtual/nvme-subsystem/nvme-subsys1", hidden=hidden)
    found = [one.kind for one in find_unreached(tree.roots)]
    assert found == [] if shown else [UnreachedKind.NO_NAMESPACE]


@pytest.mark.parametrize(
    ("code", "driver", "files", "kind"),
    [
        (AHCI, "ahci", ("remapped_nvme=1",), "nvme-hidden-by-sata-controller"),
        (RAID, "ahci", ("remapped_nvme=2",), "nvme-hidden-by-sata-controller"),
        (RAID, "ahci", ("remapped_nvme=",), "storage-controller-unreadable"),
        (RAID, None, (), "drives-hidden-by-raid-controller"),
        (RAID, "sata_promise", ("disk 0:0:0:0 sda",), "drives-hidden-by-raid-controller"),
        # they show volumes, and keep drives to themselves
        (RAID, "megaraid_sas", (), "drives-hidden-by-raid-controller"),
        (RAID, "megaraid_sas", ("disk 0:0:5:0 sda",), "drives-hidden-by-raid-controller"),
        (RAID, "megaraid_sas", ("disk 0:2:0:0 sda",), "volume-of-a-raid-controller"),
        (SAS, "smartpqi", (), "drives-hidden-by-raid-controller"),
        (SAS, "smartpqi", ("disk 0:1:0:0 sda",), "volume-of-a-raid-controller"),
        (RAID, "hpsa", ("disk 0:1:0:0 sda",), "volume-of-a-raid-controller"),
        (SAS, "mpt3sas", (), "drives-hidden-by-raid-controller"),
        (SAS, "mpt3sas", ("disk 0:0:0:0 sda",), "drives-hidden-by-raid-controller"),
        (SAS, "mpt3sas", ("disk 0:1:0:0 sda",), "volume-of-a-raid-controller"),
        (SCSI, "mptsas", (), "drives-hidden-by-raid-controller"),
        (SCSI, "mptspi", (), "drives-hidden-by-raid-controller"),
        (RAID, "aacraid", ("disk 0:0:0:0 sda",), "volume-of-a-raid-controller"),
        (RAID, "3w-9xxx", ("disk 0:0:0:0 sda",), "volume-of-a-raid-controller"),
        # empty, where empty cannot be told from hidden
        (SCSI, "sym53c8xx", (), "storage-controller-shows-no-drive"),
        (SCSI, "aic7xxx", ("disk 0:0:3:0 sr0",), "storage-controller-shows-no-drive"),
        (SAS, "mvsas", (), "storage-controller-shows-no-drive"),
        (UFS, "ufshcd-pci", (), "storage-controller-shows-no-drive"),
        (UFS, "ufshcd-pci", ("scsi 0:0:0:49488",), "drive-without-block-device"),
        (OTHER, "mtip32xx", (), "storage-controller-shows-no-drive"),
        (AHCI, "vfio-pci", (), "storage-controller-shows-no-drive"),
        # no driver
        (SCSI, None, (), "storage-controller-without-driver"),
        (IDE, None, (), "storage-controller-without-driver"),
        (AHCI, None, (), "storage-controller-without-driver"),
        (SAS, None, (), "storage-controller-without-driver"),
        (UFS, None, (), "storage-controller-without-driver"),
        (OTHER, None, (), "storage-controller-without-driver"),
        (SD_HOST, None, (), "storage-controller-without-driver"),
        (SCSI, "virtio-pci", ("virtio0/status=0",), "storage-controller-without-driver"),
        (NVME, None, (), "nvme-drive-without-driver"),
        (NVME, "vfio-pci", (), "nvme-drive-without-driver"),
        (NVME, "nvme", ("nvme/nvme0/ng0n1/dev=1",), "nvme-drive-without-namespace"),
        (NVME, "nvme", (), "nvme-drive-without-namespace"),
        # one that Linux cannot use is hidden, and has no node
        (NVME, "nvme", ("nvme/nvme0/nvme0n1/hidden=1",), "nvme-drive-without-namespace"),
        # a way to one that has several is hidden, and what it leads to is not there
        (NVME, "nvme", ("nvme/nvme1/nvme1c0n1/hidden=1",), "nvme-drive-without-namespace"),
        ("", None, (), "storage-controller-unreadable"),
    ],
)
def test_controllers_that_may_hide_drives(
    tree: MadeTree, code: str, driver: str | None, files: tuple[str, ...], kind: str
) -> None:
    controller(tree, code, driver, *files)
    (one,) = find_unreached(tree.roots)
    assert (one.kind.value, one.where) == (kind, AT)
    assert "id=8086:2822" in one.detail
    assert (f"driver={driver}" in one.detail) == (driver is not None)


@pytest.mark.parametrize(
    ("code", "pci_id"), [(OTHER_MEMORY, TURBO_MEMORY), (FLASH, TURBO_MEMORY), (FLASH, "1234:5678")]
)
def test_flash_that_is_no_mass_storage_by_its_class(tree: MadeTree, code: str, pci_id: str) -> None:
    """A cache of the drive keeps what was on the drive, and Linux shows no block device of it."""
    controller(tree, code, None, pci_id=pci_id)
    (one,) = find_unreached(tree.roots)
    assert (one.kind, one.where) == (UnreachedKind.NO_DRIVER, AT)
    assert one.detail == f"class={code[2:6]} id={pci_id}"
    assert one.statable


def test_the_disk_of_another_controller_is_not_its_own(tree: MadeTree) -> None:
    controller(tree, SCSI, "sym53c8xx")
    tree.disk("sdb", "pci0000:00/0000:00:18.0/host1/target1:0:0/1:0:0:0")
    assert [one.where for one in find_unreached(tree.roots)] == [AT]


def test_a_virtual_machines_own_drive(tree: MadeTree) -> None:
    controller(tree, SCSI, "virtio-pci")
    tree.link(f"{FOLDER}/virtio0/driver", tree.root / "sys/bus/pci")
    assert find_unreached(tree.roots) == ()


def test_a_bus_that_cannot_be_listed_counts(tmp_path: Path) -> None:
    tree = MadeTree(tmp_path)
    folder = tmp_path / "sys/bus/pci/devices"
    (folder / "0000:00:00.0/class").unlink()
    (folder / "0000:00:00.0").rmdir()
    assert [one.kind for one in find_unreached(tree.roots)] == [UnreachedKind.NOT_LISTED]
    folder.rmdir()
    assert [one.kind for one in find_unreached(tree.roots)] == [UnreachedKind.NOT_LISTED]
    folder.write_text("no folder\n")
    assert [one.kind for one in find_unreached(tree.roots)] == [UnreachedKind.NOT_LISTED]


@pytest.mark.parametrize("place", ["class/ata_link", "class/sas_phy", "bus/scsi", "bus/mmc"])
def test_a_class_that_cannot_be_listed_counts(tree: MadeTree, place: str) -> None:
    name = f"sys/{place}" if place.startswith("class") else f"sys/{place}/devices"
    tree.write(name, "no folder\n")
    assert [one.kind for one in find_unreached(tree.roots)] == [UnreachedKind.NOT_LISTED]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("isw_raid_member", "raid-member: isw_raid_member"),
        ("ddf_raid_member", "raid-member: ddf_raid_member"),
        ("linux_raid_member", None),
        ("ext4", None),
        (None, None),
    ],
)
def test_metadata_of_a_firmware_raid(content: str | None, told: str | None) -> None:
    one: Drive = replace(drive(), node="/dev/sda", fs_type=content)
    assert raid_members([one]) == ({"storage.sda": told} if told else {})


def test_the_inventory_tells_it(tree: MadeTree) -> None:
    controller(tree, RAID, "ahci", "remapped_nvme=1")
    (one,) = tree.probe().probe_inventory().unreached
    assert one.kind is UnreachedKind.REMAPPED
