"""Drives that may be there and that no node shows: behind a RAID controller, behind Intel's RST
remapping, behind a controller without a driver, or an NVMe drive that shows no namespace. What is
not seen cannot be erased."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from reprise.adapters.hardware.sysfs import Roots, link_name, names, read_int, read_text
from reprise.domain.hardware import Drive, Reason

# PCI Code and ID Assignment 1.4, base class 01h, mass storage, by subclass. Left out: floppy.
_STORAGE = ("00", "01", "04", "05", "06", "07", "08", "80")
_RAID = "04"
_NVME = "08"
# Drivers that show every drive of a controller in RAID mode as it is: ahci (Intel RST's SATA
# ports) and vmd (Intel Volume Management Device; its drives are NVMe drives like others).
_TRANSPARENT = frozenset({"ahci", "vmd"})
# Software RAID of Linux itself; all other "…_raid_member" (libblkid) are made by firmware.
_OWN_RAID = "linux_raid_member"
_MEMBER = "_raid_member"


def hidden_drives(roots: Roots, drives: Iterable[Drive] = ()) -> Mapping[str, str]:
    """For Inventory.unknown: "storage.<pci address>" or "storage.<drive>" -> a reason."""
    folder = roots.sys / "bus/pci/devices"
    found = {f"storage.{at}": why for at in names(folder) for why in _behind(folder / at)}
    return found | {
        f"storage.{Path(drive.node).name}": Reason.RAID_MEMBER.because(drive.fs_type)
        for drive in drives
        if drive.fs_type and drive.fs_type.endswith(_MEMBER) and drive.fs_type != _OWN_RAID
    }


def _behind(device: Path) -> Iterator[str]:
    """At most one reason for one PCI function."""
    code = (read_text(device / "class") or "").removeprefix("0x")
    if code[:2] != "01" or code[2:4] not in _STORAGE:
        return
    driver = link_name(device / "driver")
    # drivers/ata/ahci.c, remapped_nvme: NVMe drives that the firmware hides behind the AHCI
    # controller; Linux counts them and cannot reach them
    remapped = read_int(device / "remapped_nvme")
    if remapped:
        yield Reason.HIDDEN_BY_RAID.because(f"remapped_nvme={remapped}")
    elif driver is None:
        reason = Reason.HIDDEN_BY_RAID if code[2:4] == _RAID else Reason.NO_DRIVER
        yield reason.because(f"class={code[:4]} id={_pci_id(device)}")
    elif code[2:4] == _RAID and driver not in _TRANSPARENT:
        yield Reason.HIDDEN_BY_RAID.because(f"class={code[:4]} driver={driver}")
    elif code[2:4] == _NVME and driver == "nvme" and not _shows_namespace(device):
        yield Reason.NO_NAMESPACE.because(f"id={_pci_id(device)}")


def _shows_namespace(device: Path) -> bool:
    """Its controller's folder has one of each: "nvme0n1", or "nvme0c0n1" where there may be
    several ways to it. None: all are detached, or the drive has failed."""
    controllers = [device / "nvme" / name for name in names(device / "nvme")]
    return any(
        re.fullmatch(r"nvme\d+(c\d+)?n\d+", name) for one in controllers for name in names(one)
    )


def _pci_id(device: Path) -> str:
    """ "vendor:device" in hex."""
    words = (read_text(device / name) or "?" for name in ("vendor", "device"))
    return ":".join(word.removeprefix("0x") for word in words)
