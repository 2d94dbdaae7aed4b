"""Drives that carry the marks of a firmware RAID."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from reprise.domain.pc.hardware import Drive, Reason

# Software RAID of Linux itself; all other "…_raid_member" (libblkid) are made by firmware.
_OWN_RAID = "linux_raid_member"
_MEMBER = "_raid_member"


def raid_members(drives: Iterable[Drive]) -> Mapping[str, str]:
    """For Inventory.unknown: "storage.<drive>" -> a reason."""
    return {
        f"storage.{Path(drive.node).name}": Reason.RAID_MEMBER.because(drive.fs_type)
        for drive in drives
        if drive.fs_type and drive.fs_type.endswith(_MEMBER) and drive.fs_type != _OWN_RAID
    }
