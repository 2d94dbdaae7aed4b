"""Drives and cards that the kernel knows and gives no block device."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from reprise.adapters.hardware.sysfs import Roots, listing, names, read_text
from reprise.adapters.hardware.unreached.below import has_node
from reprise.adapters.hardware.unreached.kernel_log import CardWord, KernelLog
from reprise.adapters.hardware.usb_port import usb_port
from reprise.domain.drives.unreached import Unreached, UnreachedKind
from reprise.domain.drives.usb_port import INSIDE

# SPC-4, table 142, peripheral device types: block, write-once, optical memory, simplified block,
# host managed zoned block. A member of a volume is one of these: drivers show it without a node
# (no_uld_attach in mptsas, mpt3sas, aacraid, hpsa, myrb, myrs).
_DISKS = frozenset({"0", "4", "7", "14", "20"})
# drivers/mmc/core/bus.c, type_show
_CARDS = frozenset({"MMC", "SD", "SDcombo"})
# A card that failed is there; of a silent one nobody knows whether it was ever fitted, or is Wi-Fi.
_SILENT = {
    CardWord.FAILED: UnreachedKind.SILENT,
    CardWord.NOTHING: UnreachedKind.SHOWS_NOTHING,
}
_USB_BUS = re.compile(r"usb\d+")
# The SD Association's standard host controller; the PCI functions of its kind: controllers.
_ACPI_SD_HOST = "PNP0D40"


def scsi_without_node(roots: Roots) -> Iterator[Unreached]:
    """Hosts and targets are listed too, but only devices are named by their address. What hangs
    on an outside USB port is no drive of the PC, and has no node while it starts."""
    folder = roots.sys / "bus/scsi/devices"
    for unreached in _without_node(roots, "scsi", _DISKS, lambda name: name[0].isdecimal()):
        entry = (folder / unreached.where).resolve()
        on_usb = any(_USB_BUS.fullmatch(part) for part in entry.parts)
        if not on_usb or usb_port(entry) in INSIDE:
            yield unreached


def cards_without_node(roots: Roots) -> Iterator[Unreached]:
    return _without_node(roots, "mmc", _CARDS, lambda _name: True)


def _without_node(
    roots: Roots, bus: str, kinds: frozenset[str], is_device: Callable[[str], bool]
) -> Iterator[Unreached]:
    folder = roots.sys / "bus" / bus / "devices"
    devices = listing(folder)
    if devices is None:
        yield Unreached(UnreachedKind.NOT_LISTED, bus)
    for name in devices or ():
        kind = read_text(folder / name / "type") if is_device(name) else None
        if kind in kinds and not has_node(folder / name):
            yield Unreached(UnreachedKind.NO_NODE, name, f"type={kind}")


def silent_hosts(roots: Roots, log: KernelLog) -> Iterator[Unreached]:
    """Hosts of eMMC and SD cards whose card did not come up: they have no device for it."""
    folder = roots.sys / "class/mmc_host"
    hosts = listing(folder)
    if hosts is None:
        yield Unreached(UnreachedKind.NOT_LISTED, "mmc_host")
    for name in hosts or ():
        word = log.hosts.get(name, CardWord.FINE)
        cards = any(child.startswith(f"{name}:") for child in names(folder / name))
        if word in _SILENT and not cards:
            yield Unreached(_SILENT[word], name, word)


def acpi_hosts_without_driver(roots: Roots) -> Iterator[Unreached]:
    """SD and eMMC hosts that the firmware describes and no PCI function shows (sdhci-acpi)."""
    folder = roots.sys / "bus/platform/devices"
    devices = listing(folder)
    if devices is None:
        yield Unreached(UnreachedKind.NOT_LISTED, "platform")
    for name in devices or ():
        told = read_text(folder / name / "modalias") or ""
        if _ACPI_SD_HOST in told.split(":") and not (folder / name / "driver").is_symlink():
            yield Unreached(UnreachedKind.NO_DRIVER, name, told)
