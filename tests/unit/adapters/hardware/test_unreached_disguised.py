"""RAID controllers that look like plain AHCI or NVMe functions, on made trees."""

from __future__ import annotations

import pytest

from reprise.adapters.hardware.unreached import find_unreached
from unit.adapters.hardware.made_tree import MadeTree
from unit.adapters.hardware.test_unreached_controllers import (
    AHCI,
    AT,
    FOLDER,
    NVME,
    RAID,
    controller,
)

VOLUME, MAY_HIDE = "volume-of-a-raid-controller", "drives-hidden-by-raid-controller"
PLAIN, MARVELL, MARVELL_PLAIN = "8086:2822", "1b4b:9230", "1b4b:9215"
CRUCIAL = "CT250MX500SSD1"


def disk(tree: MadeTree, model: str, rev: str = "0956", port: int = 1) -> None:
    at = f"pci0000:00/{AT}/ata{port}/host{port}/target{port}:0:0/{port}:0:0:0"
    tree.disk(f"sd{port}", at, device__model=model, device__rev=rev, device__type="0")


def console(tree: MadeTree, vendor: str, kind: str = "3") -> None:
    home = f"{FOLDER}/ata8/host8/target8:0:0/8:0:0:0"
    tree.write(f"{home}/type", f"{kind}\n")
    tree.write(f"{home}/vendor", f"{vendor}\n")


def kinds(tree: MadeTree) -> list[str]:
    return [one.kind.value for one in find_unreached(tree.roots) if one.where == AT]


@pytest.mark.parametrize(
    ("pci_id", "model", "rev"),
    [
        (MARVELL, "DELLBOSS VD", "00-0"),  # Dell BOSS-S1, a mirror of two M.2 drives
        (MARVELL, "MARVELL Raid VD", "00-0"),
        (MARVELL_PLAIN, "MARVELL Raid VD", "00-0"),  # a card with another's firmware
        (MARVELL, "a name of its own", "00-0"),  # the end of MV.R00-0
        (PLAIN, "H/W RAID5", "0956"),  # JMicron's port multipliers, on any controller
        (PLAIN, "JMicron H/W RAID", "0958"),
    ],
)
@pytest.mark.parametrize("code", [AHCI, RAID])
def test_a_volume_that_looks_like_a_drive(
    tree: MadeTree, code: str, pci_id: str, model: str, rev: str
) -> None:
    controller(tree, code, "ahci", "ata1/uevent=", pci_id=pci_id)
    disk(tree, CRUCIAL, port=2)
    disk(tree, model, rev)
    assert kinds(tree) == [VOLUME]


@pytest.mark.parametrize("pci_id", ["1b4b:9128", "1b4b:9130", "1b4b:9220", "1b4b:9230"])
def test_a_card_that_can_make_volumes_may_hide_their_members(tree: MadeTree, pci_id: str) -> None:
    """A volume that has failed is not shown, nor are its members. A person can look."""
    controller(tree, AHCI, "ahci", "ata1/uevent=", pci_id=pci_id)
    disk(tree, CRUCIAL)
    (one,) = find_unreached(tree.roots)
    assert (one.kind.value, one.where, one.statable) == (MAY_HIDE, AT, True)


def test_the_console_of_such_a_card_tells_it(tree: MadeTree) -> None:
    """It stands there with or without a volume."""
    controller(tree, AHCI, "ahci", "ata1/uevent=", pci_id=MARVELL_PLAIN)
    disk(tree, CRUCIAL)
    console(tree, "Marvell")
    assert kinds(tree) == [MAY_HIDE]


@pytest.mark.parametrize("pci_id", [PLAIN, MARVELL_PLAIN, "1b4b:9235", "1b4b:9172"])
def test_a_plain_card_with_a_plain_drive(tree: MadeTree, pci_id: str) -> None:
    controller(tree, AHCI, "ahci", "ata1/uevent=", pci_id=pci_id)
    disk(tree, CRUCIAL, "00-0" if pci_id == PLAIN else "M3CR")
    console(tree, "HL-DT-ST", "5")  # a DVD drive
    assert find_unreached(tree.roots) == ()


def test_a_bridge_to_two_nvme_drives_is_none_itself(tree: MadeTree) -> None:
    """Dell BOSS-N1, Lenovo M.2 NVMe 2-Bay RAID."""
    controller(tree, NVME, "nvme", "nvme/nvme0/nvme0n1/size=1", pci_id="1b4b:2241")
    assert kinds(tree) == [VOLUME]


def test_such_a_bridge_without_a_volume(tree: MadeTree) -> None:
    controller(tree, NVME, "nvme", pci_id="1b4b:2241")
    assert kinds(tree) == [MAY_HIDE]
