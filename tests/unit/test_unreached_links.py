"""SATA and SAS links, drives without a node and cards, on made trees."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprise.adapters.hardware.unreached import find_unreached
from unit.made_tree import LOG, MadeTree

PCI = "sys/devices/pci0000:00/0000:00:1f.2"
UP, DOWN = "6.0 Gbps", "<unknown>"
STARTING = "attached-drive-still-starts"
SILENT, NO_NODE = "attached-drive-does-not-answer", "drive-without-block-device"


@pytest.fixture
def tree(tmp_path: Path) -> MadeTree:
    return MadeTree(tmp_path)


def link(tree: MadeTree, name: str, speed: str | None, *classes: str) -> None:
    """libata's objects for one link; `classes`: of its devices 0, 1 …"""
    port = f"{PCI}/ata{name.removeprefix('link').partition('.')[0]}"
    entry = f"{port}/{name}/ata_link/{name}"
    (tree.root / entry).mkdir(parents=True)
    (tree.root / port / "host3").mkdir(exist_ok=True)
    if speed is not None:
        tree.write(f"{entry}/sata_spd", speed + "\n")
    tree.link(f"sys/class/ata_link/{name}", tree.root / entry)
    for number, kind in enumerate(classes):
        device = f"{name.replace('link', 'dev')}.{number}"
        tree.write(f"{port}/{name}/{device}/ata_device/{device}/class", kind + "\n")
        home = tree.root / f"{port}/{name}/{device}/ata_device/{device}"
        tree.link(f"sys/class/ata_device/{device}", home)


def scsi(tree: MadeTree, port: str, address: str, kind: str = "0", *, node: bool = True) -> None:
    device = f"{PCI}/{port}/host3/target{address.rpartition(':')[0]}/{address}"
    tree.write(f"{device}/type", kind + "\n")
    tree.link(f"sys/bus/scsi/devices/{address}", tree.root / device)
    if node:
        (tree.root / device / "block/sda").mkdir(parents=True)


def found(tree: MadeTree) -> list[tuple[str, str]]:
    return [(one.kind.value, one.where) for one in find_unreached(tree.roots)]


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


BUSY = "3,412,9133021,-;ata3: COMRESET failed (errno=-16)\n"


@pytest.mark.parametrize(
    ("log", "told"),
    [
        (BUSY, STARTING),
        ("4,1,1,-;ata3: link is slow to respond, please be patient (ready=0)\n", STARTING),
        ("3,1,1,-;ata3: SRST failed (errno=-16)\n3,2,2,-;ata3: reset failed, giving up\n", SILENT),
        ("3,1,1,-;ata3: reset failed, giving up\n" + BUSY, STARTING),  # asked to try again
        ("6,1,1,-;ata3: SATA link down (SStatus 0 SControl 300)\n", ""),
        (BUSY + "6,1,1,-;ata3: SATA link down (SStatus 0 SControl 300)\n", ""),  # pulled out
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


@pytest.mark.parametrize("rate", ["Unknown", "Phy disabled", "Link Rate failed"])
def test_a_sas_phy_without_a_link(tree: MadeTree, rate: str) -> None:
    phy(tree, "phy-3:0", rate)
    assert found(tree) == []


@pytest.mark.parametrize("rate", ["1.5 Gbit", "12.0 Gbit", "Spin-up hold"])
def test_a_sas_phy_with_a_link_and_no_device(tree: MadeTree, rate: str) -> None:
    phy(tree, "phy-3:0", rate)
    assert found(tree) == [(SILENT, "phy-3:0")]


def test_a_sas_phy_that_cannot_be_read(tree: MadeTree) -> None:
    phy(tree, "phy-3:0", None)
    assert found(tree) == [("storage-controller-unreadable", "phy-3:0")]


@pytest.mark.parametrize(
    "behind", ["end_device-3:0/target3:0:0/3:0:0:0/type", "expander-3:0/phy-3:0:4/uevent"]
)
def test_a_sas_phy_with_its_device(tree: MadeTree, behind: str) -> None:
    host = phy(tree, "phy-3:0", "6.0 Gbit")
    tree.write(f"{host}/port-3:0/{behind}", "0\n")
    tree.link(f"{host}/phy-3:0/port", tree.root / host / "port-3:0")
    assert found(tree) == []


@pytest.mark.parametrize("kind", ["0", "4", "7", "14", "20"])
def test_a_scsi_disk_without_a_node(tree: MadeTree, kind: str) -> None:
    """The member of a volume, or a drive that the disk driver did not take."""
    scsi(tree, "ata3", "3:0:0:0", kind, node=False)
    assert found(tree) == [(NO_NODE, "3:0:0:0")]


@pytest.mark.parametrize("kind", ["1", "5", "12", "13", "30"])
def test_a_scsi_device_that_is_no_disk(tree: MadeTree, kind: str) -> None:
    scsi(tree, "ata3", "3:0:0:0", kind, node=False)
    assert found(tree) == []


def test_hosts_and_targets_are_no_drives(tree: MadeTree) -> None:
    for name in ("host3", "target3:0:0"):
        tree.write(f"{PCI}/{name}/type", "0\n")
        tree.link(f"sys/bus/scsi/devices/{name}", tree.root / PCI / name)
    assert found(tree) == []


@pytest.mark.parametrize(
    ("kind", "node", "told"),
    [
        ("MMC", False, [(NO_NODE, "mmc0:0001")]),
        ("SD", False, [(NO_NODE, "mmc0:0001")]),
        ("SDcombo", False, [(NO_NODE, "mmc0:0001")]),
        ("SDIO", False, []),
        ("MMC", True, []),
    ],
)
def test_a_card_without_a_node(
    tree: MadeTree, kind: str, node: bool, told: list[tuple[str, str]]
) -> None:
    device = f"{PCI}/mmc_host/mmc0/mmc0:0001"
    tree.write(f"{device}/type", kind + "\n")
    tree.link("sys/bus/mmc/devices/mmc0:0001", tree.root / device)
    if node:
        (tree.root / device / "block/mmcblk0").mkdir(parents=True)
    assert found(tree) == told


HOST = f"{PCI}/mmc_host/mmc0"
FAILED = "3,900,5000000,-;mmc0: error -110 whilst initialising MMC card\n"
GIVEN_UP = "6,901,5000001,-;mmc0: Failed to initialize a non-removable card\n"
CAME_UP = "6,902,5000002,-;mmc0: new HS400 MMC card at address 0001\n"


def host(tree: MadeTree, log: str) -> None:
    """One that its driver serves and that has no card."""
    tree.write(f"{HOST}/uevent", "")
    tree.link("sys/class/mmc_host/mmc0", tree.root / HOST)
    tree.write("dev/kmsg", log)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("6,1,1,-;mmc0: SDHCI controller on PCI [0000:00:1f.2] using ADMA\n", []),  # an empty slot
        (FAILED, [(SILENT, "mmc0")]),
        (FAILED.replace("MMC card", "SD card"), [(SILENT, "mmc0")]),
        (FAILED + GIVEN_UP, [(SILENT, "mmc0")]),
        (FAILED + CAME_UP, []),  # at a lower frequency; it was taken out since
        (CAME_UP + FAILED, [(SILENT, "mmc0")]),
        (FAILED.replace("mmc0", "mmc1"), []),  # a reader that was pulled out
        (GIVEN_UP, [("storage-controller-shows-no-drive", "mmc0")]),
        (FAILED.replace("MMC card", "SDIO card") + GIVEN_UP, []),  # Wi-Fi
    ],
)
def test_a_card_that_never_came_up_is_in_the_log_alone(
    tree: MadeTree, said: str, told: list[tuple[str, str]]
) -> None:
    host(tree, LOG + said)
    assert found(tree) == told


def test_a_card_that_is_there_is_not_silent(tree: MadeTree) -> None:
    host(tree, LOG + FAILED)
    (tree.root / HOST / "mmc0:0001").mkdir()
    assert found(tree) == []


@pytest.mark.parametrize("log", ["4,40000,9,-;pcieport: AER: Corrected error\n", "", "no record\n"])
def test_a_log_that_lost_its_beginning_may_have_told_it(tree: MadeTree, log: str) -> None:
    host(tree, log)
    assert found(tree) == [("storage-controller-unreadable", "kmsg")]
    link(tree, "link3", DOWN, "unknown")
    assert found(tree) == [("storage-controller-unreadable", "kmsg")]


def test_what_is_left_of_such_a_log_still_counts(tree: MadeTree) -> None:
    host(tree, FAILED)
    assert found(tree) == [("storage-controller-unreadable", "kmsg"), (SILENT, "mmc0")]


def test_a_log_that_is_overwritten_while_it_is_read(
    tree: MadeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    host(tree, LOG)
    answers = iter([LOG.encode(), BrokenPipeError(), b""])

    def read(_log: int, _bytes: int) -> bytes:
        answer = next(answers)
        if isinstance(answer, bytes):
            return answer
        raise answer

    monkeypatch.setattr("reprise.adapters.hardware.unreached.kernel_log.os.read", read)
    assert found(tree) == [("storage-controller-unreadable", "kmsg")]


@pytest.mark.parametrize(
    ("modalias", "driver", "told"),
    [
        ("acpi:80860F14:PNP0D40:", False, [("storage-controller-without-driver", "80860F14:00")]),
        ("acpi:80860F14:PNP0D40:", True, []),
        ("acpi:80860F0A:", False, []),  # a serial port
    ],
)
def test_a_host_that_the_firmware_describes(
    tree: MadeTree, modalias: str, driver: bool, told: list[tuple[str, str]]
) -> None:
    device = "sys/devices/platform/80860F14:00"
    tree.write(f"{device}/modalias", modalias + "\n")
    tree.link("sys/bus/platform/devices/80860F14:00", tree.root / device)
    if driver:
        tree.link(f"{device}/driver", tree.root / "sys/bus/platform/drivers/sdhci-acpi")
    assert found(tree) == told
