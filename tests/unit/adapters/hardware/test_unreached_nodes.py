"""Drives without a node, cards, and hosts whose card did not come up, on made trees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from unit.adapters.hardware.made_links import DOWN, NO_NODE, PCI, SILENT, found, link, scsi
from unit.adapters.hardware.made_tree import LOG, MadeTree


@pytest.mark.parametrize("kind", ["0", "4", "7", "14", "20"])
def test_a_scsi_disk_without_a_node(tree: MadeTree, kind: str) -> None:
    """The member of a volume, or a drive that the disk driver did not take."""
    scsi(tree, "ata3", "3:0:0:0", kind, node=False)
    assert found(tree) == [(NO_NODE, "3:0:0:0")]


@pytest.mark.parametrize(("port", "told"), [("", []), ("fixed", [(NO_NODE, "6:0:0:0")])])
def test_a_usb_disk_that_has_no_node_yet_is_of_the_pc_where_its_port_is(
    tree: MadeTree, port: str, told: list[tuple[str, str]]
) -> None:
    usb = "sys/devices/pci0000:00/0000:00:14.0/usb1/1-2"
    device = f"{usb}/1-2:1.0/host6/target6:0:0/6:0:0:0"
    tree.write(f"{device}/type", "0\n")
    if port:
        tree.write(f"{usb}/removable", port + "\n")
    tree.link("sys/bus/scsi/devices/6:0:0:0", tree.root / device)
    assert found(tree) == told


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
REMOVED = "6,903,5000003,-;mmc0: card 0001 removed\n"


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
        # An eMMC cannot be taken out: it has died. An SD card can.
        (CAME_UP + REMOVED, [(SILENT, "mmc0")]),
        (CAME_UP + REMOVED + GIVEN_UP, [(SILENT, "mmc0")]),
        (CAME_UP + GIVEN_UP, [(SILENT, "mmc0")]),
        (CAME_UP.replace("MMC card", "SDXC card") + REMOVED, []),
        (CAME_UP.replace("MMC card", "SDIO card") + REMOVED + GIVEN_UP, []),  # Wi-Fi
        (CAME_UP + REMOVED + CAME_UP.replace("MMC card", "SD card"), []),
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
    answers: Iterator[bytes | OSError] = iter([LOG.encode(), BrokenPipeError(), b""])

    def read(_log: int, _bytes: int) -> bytes:
        answer = next(answers)
        if isinstance(answer, bytes):
            return answer
        raise answer

    monkeypatch.setattr("reprise.adapters.hardware.unreached.kernel_log.os.read", read)
    assert found(tree) == [("storage-controller-unreadable", "kmsg")]
