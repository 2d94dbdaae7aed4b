"""The NVMe namespaces that the kernel shows as block devices, by what they belong to.

/sys/block/nvme0n1 stands in its controller's folder or, where there may be several controllers, in
its subsystem's; both have the file "serial" (drivers/nvme/host/sysfs.c, core.c: one serial number
for all controllers of a subsystem, NVM Express Base 2.0, figure Identify Controller, SN)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from reprise.adapters.hardware.sysfs import Roots, names, read_int, read_text

_NODE = re.compile(r"nvme\d+n\d+")
_WAY = re.compile(r"(nvme\d+)c\d+(n\d+)")


def home(roots: Roots, number: str) -> Path:
    """The folder of the controller or subsystem that the block device `number` ("259:0") is of."""
    return (roots.sys / "dev/block" / number).resolve().parent


def nodes_elsewhere(roots: Roots, number: str) -> list[str]:
    """The names of namespaces with the same serial number that hang on another controller: whatever
    is done to the whole drive is done to them. One that tells none may be of them."""
    folder = home(roots, number)
    if not (folder / "serial").exists():  # no NVMe drive, or it is gone
        return []
    mine = read_text(folder / "serial")
    return [
        name
        for name, other in _homes(roots)
        if other != folder and _may_be_one(mine, read_text(other / "serial"))
    ]


def nodes_beside(roots: Roots, number: str) -> list[Path]:
    """The folders of the namespaces with a node that stand in the same controller's or subsystem's
    folder, the one that is asked for among them."""
    folder = home(roots, number)
    return [folder / name for name in names(folder) if _has_node(folder / name)]


def shown_ids(roots: Roots, number: str) -> set[int]:
    """The namespace IDs of those. One that cannot be read is left out: it shows nothing."""
    ids = (read_int(node / "nsid") for node in nodes_beside(roots, number))
    return {nsid for nsid in ids if nsid is not None}


def is_shown(roots: Roots, folder: Path) -> bool:
    """Whether the namespace of this folder has a node, or that to which it is one of several ways
    ("nvme0c1n2": of controller 1 to nvme0n2; drivers/nvme/host/core.c, nvme_alloc_ns)."""
    way = _WAY.fullmatch(folder.name)
    return _has_node(roots.sys / "block" / f"{way[1]}{way[2]}" if way else folder)


def _has_node(folder: Path) -> bool:
    """One that Linux cannot use, and each single way to one that may have several, is hidden
    (GENHD_FL_HIDDEN)."""
    known = _NODE.fullmatch(folder.name) is not None and folder.exists()
    return known and read_text(folder / "hidden") != "1"


def _homes(roots: Roots) -> Iterator[tuple[str, Path]]:
    for name in names(roots.sys / "block"):
        if _has_node(roots.sys / "block" / name):
            yield name, (roots.sys / "block" / name).resolve().parent


def _may_be_one(one: str | None, two: str | None) -> bool:
    return not one or not two or one == two
