"""The probe on made machines: what hangs on the PC and what belongs to it, and where it started."""

from __future__ import annotations

import pytest

from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.pc.hardware import Drive
from unit.adapters.hardware.made_tree import ATA, USB, MadeTree, nothing_found

BUS = "sys/devices/pci0000:00/0000:00:14.0/usb1"
HUB = "pci0000:00/0000:00:14.0/usb1/1-8/1-8.{port}/1-8.{port}:1.0/host{n}/target{n}:0:0/{n}:0:0:0"
SLOT = "pci0000:00/0000:00:14.0/usb1/1-5/1-5:1.0/host7/target7:0:0/7:0:0:{n}"
STAMP = "2026-11-24-16-05-00-00"


def drive(tree: MadeTree, name: str) -> Drive:
    nothing_found(tree)
    return tree.drives()[name]


@pytest.mark.parametrize(
    ("word", "port"),
    [
        ("fixed", UsbPort.FIXED),
        ("removable", UsbPort.OUTSIDE),
        ("unknown", UsbPort.UNKNOWN),
        (None, UsbPort.UNKNOWN),
    ],
)
def test_the_firmware_s_word_for_the_port(tree: MadeTree, word: str | None, port: UsbPort) -> None:
    tree.disk("sdb", USB)
    if word:
        tree.write(f"{BUS}/1-2/removable", word + "\n")
    tree.write(f"{BUS}/removable", "unknown\n")
    assert drive(tree, "sdb").port is port


def test_a_drive_on_another_bus_has_no_port(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    assert drive(tree, "sda").port is UsbPort.UNKNOWN


@pytest.mark.parametrize(
    ("hub", "own", "port"),
    [
        ("fixed", "fixed", UsbPort.FIXED),  # a reader on a hub of the board
        ("removable", "fixed", UsbPort.OUTSIDE),  # a reader built into a hub that was plugged in
        ("unknown", "fixed", UsbPort.UNKNOWN),
        ("fixed", "unknown", UsbPort.UNKNOWN),  # sockets in the front of the case
        ("fixed", "removable", UsbPort.OUTSIDE),
    ],
)
def test_all_ports_on_the_way_count(tree: MadeTree, hub: str, own: str, port: UsbPort) -> None:
    tree.disk("sdb", HUB.format(port=1, n="{n}"))
    tree.write(f"{BUS}/1-8/removable", hub + "\n")
    tree.write(f"{BUS}/1-8/1-8.1/removable", own + "\n")
    assert drive(tree, "sdb").port is port


def test_a_dock_on_an_outer_pci_port_is_outside_with_all_in_it(tree: MadeTree) -> None:
    tree.disk("sdb", USB)
    tree.write(f"{BUS}/1-2/removable", "fixed\n")
    tree.write("sys/devices/pci0000:00/0000:00:14.0/removable", "removable\n")
    assert drive(tree, "sdb").port is UsbPort.OUTSIDE


@pytest.mark.parametrize(
    ("word", "removable", "port"),
    [
        ("unknown", "1", UsbPort.SLOT),
        ("fixed", "1", UsbPort.FIXED),
        ("removable", "1", UsbPort.OUTSIDE),  # a reader that somebody plugged in
        ("unknown", "0", UsbPort.UNKNOWN),  # a dock for two drives
    ],
)
def test_a_card_in_one_of_several_slots(
    tree: MadeTree, word: str, removable: str, port: UsbPort
) -> None:
    for name, size in (("sdb", "0"), ("sdc", "15523840"), ("sdd", "0")):
        tree.disk(name, SLOT, removable=removable, size=size)
    tree.write(f"{BUS}/1-5/removable", word + "\n")
    assert drive(tree, "sdc").port is port


def started(tree: MadeTree, **note: str) -> None:
    text = "".join(f"{key}='{value}'\n" for key, value in note.items())
    tree.write("run/reprise/medium", text)


def signs(tree: MadeTree) -> dict[str, set[str]]:
    nothing_found(tree)
    return {
        name: set((one.boot.how or "").split(",")) - {""} for name, one in tree.drives().items()
    }


def two_alike(tree: MadeTree) -> str:
    """An internal drive and a stick with the same image; gives the stick's place in /sys."""
    tree.disk("sda", ATA)
    place = tree.disk("sdb", USB)
    for name, serial in (("sda", "HDD_1"), ("sdb", "Cruzer_4C53")):
        tree.part(name, f"{name}1", 1)
        tree.udev[name] = {"ID_SERIAL": serial}
        tree.udev[f"{name}1"] = {"ID_FS_LABEL": "REPRISE_LIVE", "ID_FS_UUID": STAMP}
    return place.removeprefix("sys")


def test_what_the_initramfs_noted_is_known_though_nothing_is_mounted_from_it(
    tree: MadeTree,
) -> None:
    place = two_alike(tree)
    started(tree, node="/dev/sdb1", DEVPATH=f"{place}/sdb1", ID_FS_UUID=STAMP)
    both = signs(tree)
    assert both["sdb"] == {"label-REPRISE_LIVE", "started-from"}
    assert both["sda"] == {"label-REPRISE_LIVE"}
    found = tree.drives()["sdb"].boot
    assert found.started == ("started-from",)
    assert found.running == (), "the system is in memory: the stick may be written again"


def test_a_stick_that_was_pulled_and_plugged_in_again_is_known_by_its_serial(
    tree: MadeTree,
) -> None:
    two_alike(tree)
    started(tree, DEVPATH="/devices/else/sdb/sdb1", ID_SERIAL="Cruzer_4C53", ID_FS_UUID=STAMP)
    both = signs(tree)
    assert "started-from" in both["sdb"]
    assert "started-from" not in both["sda"]


def test_a_ventoy_stick_is_the_medium_while_our_file_on_it_is_mapped(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.disk("sdb", USB)
    tree.part("sdb", "sdb1", 1)
    tree.holder("sdb1", "dm-0", "ventoy")
    started(tree, node="/dev/mapper/ventoy", DEVPATH="/devices/virtual/block/dm-0")
    assert signs(tree) == {"sda": set(), "sdb": {"started-from"}}


@pytest.mark.parametrize("uuid", ["2020-01-01-00-00-00-00", ""])
def test_another_drive_at_the_same_place_is_not_the_medium(tree: MadeTree, uuid: str) -> None:
    place = two_alike(tree)
    started(tree, DEVPATH=f"{place}/sdb1", ID_SERIAL="Cruzer_4C53", ID_FS_UUID=uuid)
    assert "started-from" not in signs(tree)["sdb"]
