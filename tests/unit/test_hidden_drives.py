"""Controllers that hide drives, on made PCI trees."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reprise.adapters.hardware.raid import hidden_drives
from reprise.domain.hardware import Drive
from unit.drives import drive
from unit.made_tree import MadeTree

RAID, AHCI, NVME, DISPLAY = "0x010400", "0x010601", "0x010802", "0x030000"


def controller(tree: MadeTree, at: str, code: str, driver: str | None, **files: str) -> None:
    folder = f"sys/bus/pci/devices/{at}"
    for name, text in ({"class": code, "vendor": "0x8086", "device": "0x2822"} | files).items():
        tree.write(f"{folder}/{name}", text + "\n")
    if driver:
        target = tree.root / f"sys/bus/pci/drivers/{driver}"
        target.mkdir(parents=True, exist_ok=True)
        tree.link(f"{folder}/driver", target)


@pytest.fixture
def tree(tmp_path: Path) -> MadeTree:
    return MadeTree(tmp_path)


@pytest.mark.parametrize(
    ("code", "driver", "files"),
    [
        (AHCI, "ahci", {"remapped_nvme": "0"}),
        (AHCI, "ahci", {}),
        (RAID, "ahci", {"remapped_nvme": "0"}),  # RST mode, SATA drives only: all are seen
        (RAID, "vmd", {}),
        (NVME, "nvme", {"nvme/nvme0/nvme0n1/size": "1"}),
        (NVME, "nvme", {"nvme/nvme1/nvme1c0n1/size": "1"}),  # one of several ways to it
        (DISPLAY, None, {}),
        ("0x010000", "virtio-pci", {}),
    ],
)
def test_controllers_that_hide_nothing(
    tree: MadeTree, code: str, driver: str | None, files: dict[str, str]
) -> None:
    controller(tree, "0000:00:17.0", code, driver, **files)
    assert hidden_drives(tree.roots) == {}


@pytest.mark.parametrize(
    ("code", "driver", "files", "told"),
    [
        (AHCI, "ahci", {"remapped_nvme": "1"}, "hidden-by-raid: remapped_nvme=1"),
        (RAID, "ahci", {"remapped_nvme": "2"}, "hidden-by-raid: remapped_nvme=2"),
        (RAID, None, {}, "hidden-by-raid: class=0104 id=8086:2822"),
        (RAID, "megaraid_sas", {}, "hidden-by-raid: class=0104 driver=megaraid_sas"),
        (NVME, None, {}, "no-driver: class=0108 id=8086:2822"),
        (NVME, "nvme", {"nvme/nvme0/ng0n1/dev": "1"}, "no-namespace: id=8086:2822"),
        (NVME, "nvme", {}, "no-namespace: id=8086:2822"),
    ],
)
def test_controllers_that_may_hide_drives(
    tree: MadeTree, code: str, driver: str | None, files: dict[str, str], told: str
) -> None:
    controller(tree, "0000:00:17.0", code, driver, **files)
    assert hidden_drives(tree.roots) == {"storage.0000:00:17.0": told}


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
def test_metadata_of_a_firmware_raid(tree: MadeTree, content: str | None, told: str | None) -> None:
    one: Drive = replace(drive(), node="/dev/sda", fs_type=content)
    assert hidden_drives(tree.roots, [one]) == ({"storage.sda": told} if told else {})


def test_the_inventory_tells_it(tree: MadeTree) -> None:
    controller(tree, "0000:00:17.0", RAID, "ahci", remapped_nvme="1")
    unknown = tree.probe().probe_inventory().unknown
    assert unknown["storage.0000:00:17.0"].startswith("hidden-by-raid")
