"""RAID controllers that stand there as plain AHCI or NVMe functions: their volume looks like a
drive, and the drives that it is made of are not shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from reprise.adapters.hardware.sysfs import read_text
from reprise.adapters.hardware.unreached.below import scsi_below
from reprise.domain.drives.unreached import UnreachedKind

# Marvell. pci.ids names these "RAID controller" (88SE9128, 88SE9172, 88SE9220, 88SE9230: Dell
# BOSS-S1, HPE MicroServer Gen10, Lenovo and Cisco M.2 kits) and not 9172, 9215 and 9235. They show
# drives that are in no volume as they are, so a plain drive may be all that there is.
_MARVELL = "1b4b:"
_MAY_MIRROR = frozenset(
    _MARVELL + device for device in ("0640", "9128", "9130", "917a", "9192", "9220", "9230")
)
# pci.ids, 88NR2241: each of its cards joins two NVMe drives (Dell BOSS-N1, Lenovo M.2 NVMe RAID).
_NVME_BRIDGE = "1b4b:2241"
# INQUIRY names, as far as libata hands on an IDENTIFY: 16 characters of the model. Marvell's
# volumes: "DELLBOSS VD" (in libata-core.c, too), "MARVELL Raid VD". JMicron's JMB39x port
# multipliers: "H/W RAID5", "JMicron H/W RAID".
_VOLUME = re.compile(r".*\bVD(?: \d+)?|.*\bH/W RAID.*")
# drivers/ata/libata-scsi.c, ata_scsiop_inq_std: the last four characters of "MV.R00-0".
_MARVELL_REVISION = "00-0"
# What the cards' own tools talk to, with or without a volume: a processor device (SPC-4, type 3),
# "Marvell Console" or "Marvell 91xx Config".
_PROCESSOR, _VENDOR = "3", "marvell"


def behind_sata(pci_id: str, folder: Path, disks: Iterable[Path]) -> UnreachedKind | None:
    """`disks`: the folders of the function's block devices. A volume that has failed is not shown,
    nor are its members: without any, a person has to look."""
    if any(_is_volume(pci_id, disk / "device") for disk in disks):
        return UnreachedKind.VOLUME
    told = pci_id in _MAY_MIRROR or any(map(_is_console, scsi_below(folder)))
    return UnreachedKind.BEHIND_RAID if told else None


def behind_nvme(pci_id: str, *, shows_namespace: bool) -> UnreachedKind | None:
    if pci_id != _NVME_BRIDGE:
        return None
    return UnreachedKind.VOLUME if shows_namespace else UnreachedKind.BEHIND_RAID


def _is_volume(pci_id: str, device: Path) -> bool:
    if pci_id.startswith(_MARVELL) and read_text(device / "rev") == _MARVELL_REVISION:
        return True
    return bool(_VOLUME.fullmatch(read_text(device / "model") or ""))


def _is_console(device: Path) -> bool:
    vendor = read_text(device / "vendor") or ""
    return read_text(device / "type") == _PROCESSOR and vendor.lower() == _VENDOR
