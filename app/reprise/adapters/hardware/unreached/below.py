"""What hangs below a device in sysfs's tree."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from reprise.adapters.hardware.sysfs import Roots, listing, names

_SCSI = re.compile(r"\d+:\d+:\d+:\d+")
_OPTICAL = "sr"


def disks_below(roots: Roots, device: Path) -> list[Path]:
    """The folders of the block devices of a device, without partitions and optical drives."""
    top = device.resolve()
    disks = ((roots.sys / "block" / name).resolve() for name in names(roots.sys / "block"))
    return [one for one in disks if one.is_relative_to(top) and not one.name.startswith(_OPTICAL)]


def scsi_below(folder: Path) -> Iterator[Path]:
    """The SCSI devices (folders "host:channel:target:lun") in a folder's tree."""
    for parent, folders, _files in os.walk(folder.resolve()):
        for name in folders:
            if _SCSI.fullmatch(name) and Path(parent).name.startswith("target"):
                yield Path(parent) / name


def channel_of(disk: Path) -> int | None:
    """SCSI channel of a block device's folder; None where it is no SCSI device."""
    address = disk.parent.parent.name
    return int(address.split(":")[1]) if _SCSI.fullmatch(address) else None


def has_node(device: Path) -> bool:
    """Whether a SCSI device or a card has a block device. One that cannot be listed has none."""
    return bool(listing(device / "block"))
