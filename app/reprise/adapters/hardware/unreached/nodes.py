"""Drives and cards that the kernel knows and gives no block device."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.adapters.hardware.sysfs import Roots, listing, read_text
from reprise.adapters.hardware.unreached.below import has_node
from reprise.domain.unreached import Unreached, UnreachedKind

# SPC-4, table 142, peripheral device types: block, write-once, optical memory, simplified block,
# host managed zoned block. A member of a volume is one of these: drivers show it without a node
# (no_uld_attach in mptsas, mpt3sas, aacraid, hpsa, myrb, myrs).
_DISKS = frozenset({"0", "4", "7", "14", "20"})
# drivers/mmc/core/bus.c, type_show
_CARDS = frozenset({"MMC", "SD", "SDcombo"})


def scsi_without_node(roots: Roots) -> Iterator[Unreached]:
    folder = roots.sys / "bus/scsi/devices"
    found = listing(folder)
    if found is None:
        yield Unreached(UnreachedKind.NOT_LISTED, "scsi")
    for name in found or ():
        kind = read_text(folder / name / "type") if name[0].isdecimal() else None
        if kind in _DISKS and not has_node(folder / name):
            yield Unreached(UnreachedKind.NO_NODE, name, f"type={kind}")


def cards_without_node(roots: Roots) -> Iterator[Unreached]:
    folder = roots.sys / "bus/mmc/devices"
    found = listing(folder)
    if found is None:
        yield Unreached(UnreachedKind.NOT_LISTED, "mmc")
    for name in found or ():
        kind = read_text(folder / name / "type")
        if kind in _CARDS and not has_node(folder / name):
            yield Unreached(UnreachedKind.NO_NODE, name, f"type={kind}")
