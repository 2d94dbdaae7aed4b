"""The USB port that a drive hangs on, from the kernel's files on the way to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from reprise.adapters.hardware.sysfs import read_text
from reprise.domain.drives.usb_port import UsbPort

# usb1/1-2/1-2.4: bus and port numbers. No port leads to the root hub (usb1) itself.
_DEVICE = re.compile(r"\d+-\d+(\.\d+)*")
_LUN = re.compile(r"\d+:\d+:\d+:\d+")


def usb_port(block: Path) -> UsbPort:
    """`block`: the drive's folder in sysfs (a link will do).

    One place on the way that can be unplugged makes all behind it external: a reader built into a
    hub is "fixed" in that hub. It is inside only where every port on the way is fixed.
    """
    folders = block.resolve().parents
    words = {folder: read_text(folder / "removable") for folder in folders}
    if UsbPort.OUTSIDE in words.values():
        return UsbPort.OUTSIDE
    ports = {words[folder] for folder in folders if _DEVICE.fullmatch(folder.name)}
    if ports == {UsbPort.FIXED}:
        return UsbPort.FIXED
    return UsbPort.SLOT if ports and _is_slot(block) else UsbPort.UNKNOWN


def _is_slot(block: Path) -> bool:
    """A card reader shows each slot as a removable disk of its own, with a card or without."""
    removable = [read_text(disk / "removable") for disk in _disks_beside(block)]
    return removable.count("1") > 1 and read_text(block / "removable") == "1"


def _disks_beside(block: Path) -> Iterator[Path]:
    """The disks of the same SCSI target, this one among them (target6:0:0/6:0:0:1/block/sdc)."""
    target = next((f.parent for f in block.resolve().parents if _LUN.fullmatch(f.name)), None)
    if target is not None:
        yield from (disk for disk in target.glob("*/block/sd*") if _LUN.fullmatch(disk.parts[-3]))
