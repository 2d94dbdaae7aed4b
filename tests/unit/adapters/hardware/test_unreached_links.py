"""SATA and SAS links, drives without a node and cards, on made trees."""

from __future__ import annotations

import pytest

from reprise.adapters.hardware.unreached import find_unreached
from unit.adapters.hardware.made_links import DOWN, PCI, SILENT, UP, found, link, scsi
from unit.adapters.hardware.made_tree import LOG, MadeTree

STARTING = "attached-drive-still-starts"


def test_empty_ports_are_ordinary(tree: MadeTree) -> None:
    link(tree, "link3", DOWN, "unknown")
    link(tree, "link4", DOWN, "none")
    assert found(tree) == []


def test_a_port_with_its_drive(tree: MadeTree) -> None:
    link(tree, "link3", UP, "ata")
    scsi(tree, "ata3", "3:0:0:0")
    assert found(tree) == []


@pytest.mark.parametrize("kind", ["unknown", "none", "ata", "zac", "semb", "pmp"])
def test_a_link_that_is_up_with_nothing_behind(tree: MadeTree, kind: str) -> None:
    link(tree, "link3", UP, kind)
    assert found(tree) == [(SILENT, "link3")]
    (one,) = find_unreached(tree.roots)
    assert one.detail == f"pci=0000:00:1f.2 sata_spd=6.0 Gbps class={kind}"


def test_another_ports_drive_is_no_answer(tree: MadeTree) -> None:
    link(tree, "link3", UP, "unknown")
    link(tree, "link4", UP, "ata")
    scsi(tree, "ata4", "3:0:0:0")
    assert found(tree) == [(SILENT, "link3")]


def test_a_broken_optical_drive_hides_no_disk(tree: MadeTree) -> None:
    link(tree, "link3", UP, "atapi")
    assert found(tree) == []


def test_an_ide_drive_that_libata_gave_up(tree: MadeTree) -> None:
    """IDE ports have no speed, and the other drive on the cable answers for itself alone."""
    link(tree, "link3", DOWN, "ata", "ata")
    scsi(tree, "ata3", "3:0:0:0")
    assert found(tree) == [(SILENT, "link3")]


def test_the_ports_of_a_multiplier(tree: MadeTree) -> None:
    link(tree, "link3", UP, "pmp")
    link(tree, "link3.0", UP, "ata")
    link(tree, "link3.1", DOWN, "unknown")
    link(tree, "link3.2", UP, "none")
    scsi(tree, "ata3", "3:0:0:0")
    assert found(tree) == [(SILENT, "link3.2")]


def test_a_link_that_cannot_be_read(tree: MadeTree) -> None:
    link(tree, "link3", None, "unknown")
    assert found(tree) == [("storage-controller-unreadable", "link3")]


def test_the_ata_objects_of_a_sas_controller_have_their_drives_elsewhere(tree: MadeTree) -> None:
    link(tree, "link3", DOWN, "ata")
    (tree.root / PCI / "ata3/host3").rmdir()
    assert found(tree) == []


UNREADABLE = "storage-controller-unreadable"
DETECTED = "6,1,1,-;ata3: SATA link down (SStatus 1 SControl 300)\n"
BUSY = "3,412,9133021,-;ata3: COMRESET failed (errno=-16)\n"


@pytest.mark.parametrize(
    ("log", "told"),
    [
        (BUSY, STARTING),
        ("4,1,1,-;ata3: link is slow to respond, please be patient (ready=0)\n", STARTING),
        ("3,1,1,-;ata3: SRST failed (errno=-16)\n3,2,2,-;ata3: reset failed, giving up\n", SILENT),
        ("3,1,1,-;ata3: reset failed, giving up\n" + BUSY, STARTING),  # asked to try again
        ("6,1,1,-;ata3: SATA link down (SStatus 0 SControl 300)\n", ""),
        # Pulled out, or dead since: nobody knows, and a new start tells.
        (BUSY + "6,1,1,-;ata3: SATA link down (SStatus 0 SControl 300)\n", SILENT),
        # A device is detected, and no link comes up; a person can look.
        (DETECTED, UNREADABLE),
        (DETECTED.replace("SStatus 1", "SStatus 101"), UNREADABLE),
        (DETECTED + "6,2,1,-;ata3: SATA link down (SStatus 0 SControl 300)\n", ""),
        (BUSY + DETECTED, SILENT),
        (DETECTED.replace("SStatus 1", "SStatus 4"), ""),  # the port is switched off
        (BUSY.replace("ata3", "ata4"), ""),
        (BUSY.replace("-16", "-32"), ""),  # said of some empty ports
    ],
)
def test_a_drive_that_never_came_up_is_in_the_log_alone(
    tree: MadeTree, log: str, told: str
) -> None:
    link(tree, "link3", DOWN, "unknown")
    tree.write("dev/kmsg", LOG + log)
    assert found(tree) == ([(told, "link3")] if told else [])


def test_a_drive_that_came_up_late_is_no_trouble(tree: MadeTree) -> None:
    link(tree, "link3", UP, "ata")
    scsi(tree, "ata3", "3:0:0:0")
    tree.write("dev/kmsg", LOG + BUSY + "6,1,1,-;ata3: SATA link up 6.0 Gbps (SStatus 133)\n")
    assert found(tree) == []


def test_behind_a_multiplier_the_log_counts_in_two_digits(tree: MadeTree) -> None:
    link(tree, "link3", UP, "pmp")
    link(tree, "link3.2", DOWN, "unknown")
    tree.write("dev/kmsg", LOG + BUSY.replace("ata3", "ata3.02"))
    assert found(tree) == [(STARTING, "link3.2")]


def test_the_second_device_of_one_link(tree: MadeTree) -> None:
    link(tree, "link3", DOWN, "unknown", "unknown")
    tree.write("dev/kmsg", LOG + BUSY.replace("ata3", "ata3.01"))
    assert found(tree) == [(STARTING, "link3")]


def test_a_log_that_cannot_be_read_counts(tree: MadeTree) -> None:
    link(tree, "link3", DOWN, "unknown")
    (tree.root / "dev/kmsg").unlink()
    assert found(tree) == [("storage-controller-unreadable", "kmsg")]


def phy(tree: MadeTree, name: str, rate: str | None) -> str:
    host = f"{PCI}/host3"
    entry = f"{host}/{name}/sas_phy/{name}"
    (tree.root / entry).mkdir(parents=True)
    if rate is not None:
        tree.write(f"{entry}/negotiated_linkrate", rate + "\n")
    tree.link(f"sys/class/sas_phy/{name}", tree.root / entry)
    return host


def test_a_sas_phy_without_a_link(tree: MadeTree) -> None:
    phy(tree, "phy-3:0", "Unknown")
    assert found(tree) == []


@pytest.mark.parametrize(
    "rate",
    [
        *("1.5 Gbit", "12.0 Gbit", "22.5 Gbit", "Spin-up hold"),
        "Link Rate failed",  # somebody answered, and no speed was agreed
        "",  # without a word in the kernel: reset problem, port selector, reset in progress
    ],
)
def test_a_sas_phy_with_somebody_and_no_device(tree: MadeTree, rate: str) -> None:
    phy(tree, "phy-3:0", rate)
    assert found(tree) == [(SILENT, "phy-3:0")]


@pytest.mark.parametrize("rate", [None, "Phy disabled"])
def test_a_sas_phy_that_tells_nothing(tree: MadeTree, rate: str | None) -> None:
    phy(tree, "phy-3:0", rate)
    assert found(tree) == [("storage-controller-unreadable", "phy-3:0")]


@pytest.mark.parametrize(
    "behind", ["end_device-3:0/target3:0:0/3:0:0:0/type", "expander-3:0/phy-3:0:4/uevent"]
)
def test_a_sas_phy_with_its_device(tree: MadeTree, behind: str) -> None:
    host = phy(tree, "phy-3:0", "6.0 Gbit")
    tree.write(f"{host}/port-3:0/{behind}", "0\n")
    tree.link(f"{host}/phy-3:0/port", tree.root / host / "port-3:0")
    assert found(tree) == []
