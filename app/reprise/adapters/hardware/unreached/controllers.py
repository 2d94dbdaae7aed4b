"""PCI functions that drives hang on: without a driver, with one that hides drives (or a controller
that does: disguised), or empty where empty cannot be told from hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reprise.adapters.hardware.nvme_nodes import is_shown
from reprise.adapters.hardware.sysfs import Roots, link_name, listing, names, read_int, read_text
from reprise.adapters.hardware.unreached.below import channel_of, disks_below, scsi_below
from reprise.adapters.hardware.unreached.disguised import behind_nvme, behind_sata
from reprise.domain.drives.unreached import Unreached, UnreachedKind

# PCI Code and ID Assignment 1.4: base class 01h is mass storage, 0102h floppy, 0501h flash memory,
# 0580h memory of no other kind, 0805h SD host.
_STORAGE, _FLOPPY, _SD_HOST = "01", "0102", "0805"
_FLASH, _OTHER_MEMORY = "0501", "0580"
# Flash that says it is some other memory: Intel Turbo Memory, a cache of the drive in laptops of
# 2007 to 2009, which keeps what was on the drive and for which Linux has no driver.
_FLASH_IDS = frozenset({"8086:444e"})
_RAID, _NVME, _UFS = "0104", "0108", "0109"
# Drivers that show every drive of a controller in RAID mode as it is: ahci (Intel RST's SATA
# ports), isci (its SAS ports) and vmd (its drives are NVMe drives like others).
_TRANSPARENT = frozenset({"ahci", "isci", "vmd"})
# Drivers of Linux whose controllers can make volumes and keep their members to themselves, and
# the SCSI channels where volumes stand. megaraid_sas.h: MEGASAS_IS_LOGICAL; hpsa.h and smartpqi.h:
# …_RAID_VOLUME_BUS and external ones; mptsas.c and mpt3sas_scsih.c: RAID_CHANNEL; aacraid.h:
# CONTAINER_CHANNEL. None: every drive that is shown counts as a volume.
_HIDING: dict[str, frozenset[int] | None] = {
    "megaraid_sas": frozenset({2, 3}),
    "smartpqi": frozenset({1, 3}),
    "hpsa": frozenset({1, 2}),
    "mptsas": frozenset({1}),
    "mptspi": frozenset({1}),
    "mpt3sas": frozenset({1}),
    "mpi3mr": frozenset({1}),
    "aacraid": frozenset({0}),
    **dict.fromkeys(
        (
            *("megaraid", "megaraid_legacy", "3w-xxxx", "3w-9xxx", "3w-sas", "arcmsr", "hptiop"),
            *("ipr", "ips", "mvumi", "myrb", "myrs", "pmcraid", "stex"),
        )
    ),
}
_VIRTIO = "virtio-pci"
_BUS = "vmd"  # the functions behind it are listed themselves


@dataclass(frozen=True)
class _Function:
    """One PCI function. `code`: base class and subclass in hex, "" where it cannot be read."""

    roots: Roots
    folder: Path
    code: str
    driver: str | None

    @cached_property
    def pci_id(self) -> str:
        words = (read_text(self.folder / name) or "?" for name in ("vendor", "device"))
        return ":".join(word.removeprefix("0x") for word in words)

    @property
    def facts(self) -> str:
        driver = f" driver={self.driver}" if self.driver else ""
        return f"class={self.code or '?'} id={self.pci_id}{driver}"

    @cached_property
    def disks(self) -> list[Path]:
        return disks_below(self.roots, self.folder)


def of_pc(roots: Roots) -> Iterator[Unreached]:
    """At most one reason per PCI function."""
    folder = roots.sys / "bus/pci/devices"
    addresses = listing(folder)
    if not addresses:  # no PC is without PCI functions: its chipset has some
        yield Unreached(UnreachedKind.NOT_LISTED, "pci")
        return
    for at in addresses:
        function = _function(roots, folder / at)
        kind = _why(function)
        if kind is not None:
            yield Unreached(kind, at, function.facts)


def _function(roots: Roots, folder: Path) -> _Function:
    code = (read_text(folder / "class") or "").removeprefix("0x")[:4]
    return _Function(roots, folder, code, link_name(folder / "driver"))


def _why(one: _Function) -> UnreachedKind | None:
    if not one.code:
        return UnreachedKind.UNREADABLE
    if one.code == _SD_HOST or _is_flash(one):
        return None if one.driver else UnreachedKind.NO_DRIVER
    if not one.code.startswith(_STORAGE) or one.code == _FLOPPY:
        return None
    if one.driver is None:
        return _without_driver(one.code)
    return _remapped(one) or _with_driver(one, one.driver)


def _is_flash(one: _Function) -> bool:
    return one.code == _FLASH or (one.code == _OTHER_MEMORY and one.pci_id in _FLASH_IDS)


def _with_driver(one: _Function, driver: str) -> UnreachedKind | None:
    if driver in _HIDING:
        return _hiding(one, _HIDING[driver])
    if one.code == _RAID and driver not in _TRANSPARENT:
        return UnreachedKind.BEHIND_RAID
    return behind_sata(one.pci_id, one.folder, one.disks) or _empty(one)


def _without_driver(code: str) -> UnreachedKind:
    if code == _NVME:  # the function is the drive
        return UnreachedKind.NVME_NO_DRIVER
    return UnreachedKind.BEHIND_RAID if code == _RAID else UnreachedKind.NO_DRIVER


def _remapped(one: _Function) -> UnreachedKind | None:
    """drivers/ata/ahci.c gives every function that it drives this file: NVMe drives that the
    firmware hides behind the SATA controller. Linux counts them and cannot reach them."""
    file = one.folder / "remapped_nvme"
    if one.driver != "ahci" or not file.exists():
        return None
    count = read_int(file)
    if count is None:
        return UnreachedKind.UNREADABLE
    return UnreachedKind.REMAPPED if count else None


def _hiding(one: _Function, channels: frozenset[int] | None) -> UnreachedKind:
    volumes = [d for d in one.disks if channels is None or channel_of(d) in channels]
    return UnreachedKind.VOLUME if volumes else UnreachedKind.BEHIND_RAID


def _empty(one: _Function) -> UnreachedKind | None:
    """With a driver that shows every drive. Without any, its ATA links or SAS phys tell whether
    something is attached (see links); a SCSI bus and a driver that only holds it (vfio-pci) tell
    nothing."""
    if one.code == _NVME:
        return _nvme(one)
    if one.driver == _VIRTIO:
        return _virtio(one)
    if one.disks or one.driver == _BUS or _tells(one.folder):
        return None
    units = one.code == _UFS and any(scsi_below(one.folder))  # its well-known ones
    return UnreachedKind.NO_NODE if units else UnreachedKind.SHOWS_NOTHING


def _nvme(one: _Function) -> UnreachedKind | None:
    if one.driver != "nvme":
        return UnreachedKind.NVME_NO_DRIVER
    shows = _shows_namespace(one)
    bridge = behind_nvme(one.pci_id, shows_namespace=shows)
    return bridge or (None if shows else UnreachedKind.NO_NAMESPACE)


def _virtio(one: _Function) -> UnreachedKind | None:
    """A virtual machine's: the PCI driver is only the bus of another device, "virtio3"."""
    inner = [one.folder / name for name in names(one.folder) if re.fullmatch(r"virtio\d+", name)]
    used = any((device / "driver").is_symlink() for device in inner)
    return None if used else UnreachedKind.NO_DRIVER


def _tells(folder: Path) -> bool:
    """Whether the driver shows ATA ports or SAS phys."""
    below = names(folder)
    hosts = [folder / name for name in below if re.fullmatch(r"host\d+", name)]
    ports = any(re.fullmatch(r"ata\d+", name) for name in below)
    return ports or any(name.startswith("phy-") for host in hosts for name in names(host))


def _shows_namespace(one: _Function) -> bool:
    """Its controller's folder has one of each: "nvme0n1", or "nvme0c0n1" where there may be several
    ways to nvme0n1. None: all are detached, or the drive has failed, or Linux cannot use any."""
    controllers = [one.folder / "nvme" / name for name in names(one.folder / "nvme")]
    return any(is_shown(one.roots, place / name) for place in controllers for name in names(place))
