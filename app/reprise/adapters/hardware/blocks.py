"""The kernel's block devices: which are drives, their partitions and who holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reprise.adapters.hardware.sysfs import Roots, names, read_int, read_text

# Not hardware that can be erased: memory disks, optical and floppy drives, loops, and devices
# that the kernel puts together from others. eMMC boot areas belong to their eMMC.
_NO_DRIVE = re.compile(
    r"(ram|zram|loop|sr|scd|fd|dm-|md|nbd|bcache|drbd|rbd|mtdblock|zd|nullb)\d.*"
    r"|mmcblk\d+(boot\d+|rpmb|gp\d+)|md_.*"
)
_SECTOR = 512  # the unit of "size" in sysfs, whatever the drive's sectors are


@dataclass(frozen=True, slots=True)
class Member:
    """One device of a drive's family: the drive, a partition, or what is built on them.
    `base` is the drive or partition through which it belongs to the drive."""

    name: str
    base: str


def node_of(name: str) -> str:
    """The kernel writes "/" in names as "!"."""
    return "/dev/" + name.replace("!", "/")


def drive_names(roots: Roots) -> list[str]:
    """Every drive but loops; card readers without a card (removable, no size) are left out."""
    return [name for name in names(roots.sys / "block") if is_drive(roots, name)]


def is_drive(roots: Roots, name: str) -> bool:
    if _NO_DRIVE.fullmatch(name) or read_text(roots.block(name) / "hidden") == "1":
        return False
    return size_bytes(roots, name) != 0 or read_text(roots.block(name) / "removable") != "1"


def is_loop(name: str) -> bool:
    return re.fullmatch(r"loop\d+", name) is not None


def size_bytes(roots: Roots, name: str) -> int:
    return (read_int(roots.block(name) / "size") or 0) * _SECTOR


def parent_drive(roots: Roots, name: str) -> str | None:
    """The drive that a partition is on; None where `name` is no partition."""
    folder = roots.block(name)
    return folder.resolve().parent.name if (folder / "partition").exists() else None


def partitions(roots: Roots, name: str) -> list[str]:
    """In the order of their numbers."""
    folder = roots.block(name)
    entries = [entry for entry in names(folder) if (folder / entry / "partition").exists()]
    return sorted(entries, key=lambda entry: read_int(folder / entry / "partition") or 0)


def holders(roots: Roots, name: str) -> list[str]:
    return names(roots.block(name) / "holders")


def family(roots: Roots, name: str) -> Iterator[Member]:
    """The drive, its partitions, and all devices built on them, each once per base."""
    seen: set[str] = set()
    queue = [Member(name, name)] + [Member(part, part) for part in partitions(roots, name)]
    while queue:
        member = queue.pop(0)
        if member.name in seen:
            continue
        seen.add(member.name)
        yield member
        above = holders(roots, member.name)
        above += [] if member.base == member.name else partitions(roots, member.name)
        queue += [Member(entry, member.base) for entry in above]
