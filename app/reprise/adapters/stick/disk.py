"""Sticks as the kernel shows them (sysfs) and what their first sectors say. Only external disks
and the boot medium are ever opened; internal drives are not even read."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reprise.adapters.hardware.udev import udev_properties
from reprise.adapters.hardware.usb_port import usb_port
from reprise.domain.drives.boot_medium import DATA_LABEL, LIVE_LABEL
from reprise.domain.drives.usb_port import UsbPort
from reprise.tools.mbr import (
    MBR_BYTES,
    PVD_BYTES,
    PVD_OFFSET_BYTES,
    IsoVolume,
    parse_fat32_label,
    parse_iso,
)

_BLOCK = Path("/sys/class/block")
# …/usb1/1-2/1-2:1.0/host6/target6:0:0/6:0:0:0/block/sdb/sdb1
_ON_USB = re.compile(
    r"(/usb\d+/.+)/host\d+/target[\d:]+/\d+:(\d+:\d+:\d+)/block/sd[a-z]+(?:/sd[a-z]+(\d+))?$"
)


@dataclass(frozen=True, slots=True)
class StickDisk:
    """One whole disk. `sequence` changes with every plugging in (sysfs diskseq)."""

    name: str
    sequence: str
    sectors: int  # of 512 bytes
    read_only: bool
    iso: IsoVolume | None
    data_partition: str | None  # node name of the FAT32 partition labelled REPRISE

    @property
    def node(self) -> str:
        return f"/dev/{self.name}"

    @property
    def is_live(self) -> bool:
        return self.iso is not None and self.iso.label == LIVE_LABEL


def parent_disk(node: str) -> str | None:
    """Name of the whole disk that `/dev/…` is or is a partition of; None where there is none."""
    here = _BLOCK / Path(node).name
    if not here.exists():
        return None
    return here.resolve().parent.name if (here / "partition").exists() else here.name


def is_at(node: str, place: str) -> bool:
    """Whether `node` stands at `place` (udev's DEVPATH: the kernel's folder, below /sys)."""
    here = str((_BLOCK / Path(node).name).resolve())
    return _without_turns(here) == _without_turns(f"{_BLOCK.parents[1].resolve()}{place}")


def _without_turns(folder: str) -> str:
    """Of a drive on USB: its port, its slot and the partition's number alone. The host's number and
    the name are given in turn, so that they change where it is plugged in again."""
    return _ON_USB.sub(r"\1/\2/\3", folder)


def udev_serial(name: str) -> str | None:
    """A whole disk's ID_SERIAL."""
    return udev_properties(_BLOCK / name).get("ID_SERIAL")


def external_disks() -> tuple[str, ...]:
    """Names of the disks that may be sticks or cards."""
    return tuple(name for name in _disk_names() if _is_external(name))


def may_hold_reports(name: str) -> bool:
    """Whether a data partition may be made on the disk or used there: on a stick or a card, and on
    a loop device, which only a person sets up. Never on a drive of the PC: it goes away with it."""
    return name.startswith("loop") or _is_external(name)


def fingerprint(names: Sequence[str]) -> tuple[str, ...]:
    """Differs whenever a disk of `names` came or went, or one of its partitions."""
    return tuple(
        ":".join((name, _fact(name, "diskseq"), _fact(name, "size"), *_partitions(name)))
        for name in names
    )


def read_disk(name: str) -> StickDisk | None:
    """None where the disk is gone, empty or unreadable."""
    sectors = int(_fact(name, "size") or 0)
    if not sectors:
        return None
    head = read_at(f"/dev/{name}", PVD_OFFSET_BYTES, PVD_BYTES)
    return StickDisk(
        name=name,
        sequence=_fact(name, "diskseq"),
        sectors=sectors,
        read_only=is_read_only(name),
        iso=parse_iso(head),
        data_partition=_data_partition(name),
    )


def is_read_only(name: str) -> bool:
    return _fact(name, "ro") == "1"


def logical_block_bytes(name: str) -> int:
    return int(_fact(name, "queue/logical_block_size") or 0)


def partition_node(disk: str, number: int) -> str:
    """The kernel's rule: a p between a name that ends in a digit and the number."""
    return f"/dev/{disk}{'p' if disk[-1].isdigit() else ''}{number}"


def read_at(node: str, offset: int, size: int) -> bytes:
    """Up to `size` bytes; b"" where the device cannot be read."""
    try:
        handle = os.open(node, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return os.pread(handle, size, offset)
    except OSError:
        return b""
    finally:
        os.close(handle)


def _data_partition(disk: str) -> str | None:
    for node in _partitions(disk):
        if holds_data(node):
            return node
    return None


def holds_data(node: str, at: int = 0) -> bool:
    """Whether our data partition's file system begins there, at that byte."""
    return parse_fat32_label(read_at(node, at, MBR_BYTES)) == DATA_LABEL


def nodes_of(disk: str) -> tuple[str, ...]:
    """Its partitions, or itself where it has none."""
    return _partitions(disk) or (f"/dev/{disk}",)


def _partitions(disk: str) -> tuple[str, ...]:
    try:
        names = sorted(e.name for e in (_BLOCK / disk).iterdir() if (e / "partition").exists())
    except OSError:
        return ()
    return tuple(f"/dev/{name}" for name in names)


def _disk_names() -> list[str]:
    try:
        entries = sorted(_BLOCK.iterdir())
    except OSError:
        return []
    return [e.name for e in entries if not (e / "partition").exists()]


def _is_external(name: str) -> bool:
    if name.startswith(("loop", "ram", "zram", "dm-", "md", "sr", "fd")):
        return False
    where = str((_BLOCK / name).resolve())
    if "/usb" in where:  # a card in a built-in reader hangs on a fixed port, too
        return _fact(name, "removable") == "1" or usb_port(_BLOCK / name) is not UsbPort.FIXED
    return "/mmc_host/" in where and _fact(name, "device/type") == "SD"


def _fact(name: str, what: str) -> str:
    try:
        return (_BLOCK / name / what).read_text("ascii", "replace").strip()
    except OSError:
        return ""
