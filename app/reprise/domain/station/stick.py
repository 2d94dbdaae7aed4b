"""What is known of the stick's data partition."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.pc.hardware import Drive, Transport

MIB = 1 << 20
# FAT32 needs 65,525 clusters (Microsoft FAT specification, "FAT type determination"): 33 MiB at
# the least; a few hundred reports should fit, too.
LEAST_DATA_BYTES = 64 * MIB
SECTOR_BYTES = 512  # the image's partition table counts in these


class StickStatus(StrEnum):
    READY = "ready"  # mounted, takes writes
    CREATED = "created"  # the same, and it was made just now
    MEMORY = "memory"  # reports live in memory only: see the reason


class StickReason(StrEnum):
    NONE = ""
    NO_STICK = "no-stick"  # pulled, or none was ever there
    OPTICAL = "optical"
    VENTOY = "ventoy"  # our ISO as a file on a Ventoy stick
    WRITE_PROTECTED = "write-protected"
    NO_SPACE = "no-space"  # nothing or too little is unallocated after the image
    AMBIGUOUS = "ambiguous"  # several sticks look like the one we booted from
    TABLE_UNKNOWN = "table-unknown"  # a partition table that is not the image's own
    NO_SLOT = "no-slot"  # the table has no free entry
    MAKE_FAILED = "make-failed"
    MOUNT_FAILED = "mount-failed"
    NOT_LIVE = "not-live"  # not started from a Reprise stick
    INSIDE = "inside"  # started from a drive of the PC itself, and no stick is there
    NETWORK = "network"  # started from the network, and no stick is there


@dataclass(frozen=True, slots=True)
class StickState:
    """`device`: the partition's node, "" where there is none. `detail`: a tool's own words."""

    state: StickStatus
    reason: StickReason = StickReason.NONE
    device: str = ""
    detail: str = ""


class StickMisfit(StrEnum):
    """Why a medium cannot become a stick, whoever uses it or not."""

    NOT_REMOVABLE = "not-removable"
    TOO_SMALL = "stick-too-small"
    SECTOR_SIZE = "stick-sector-size"


def needed_bytes(image_bytes: int) -> int:
    """What a stick must hold: the image, then the least data partition on a whole MiB."""
    return -(-image_bytes // MIB) * MIB + LEAST_DATA_BYTES


def stick_misfits(drive: Drive, image_bytes: int) -> tuple[StickMisfit, ...]:
    """A loop device passes: only a person who names it gets as far as here."""
    misfits = []
    if not _is_stick_or_card(drive):
        misfits.append(StickMisfit.NOT_REMOVABLE)
    if drive.identity.size_bytes < needed_bytes(image_bytes):
        misfits.append(StickMisfit.TOO_SMALL)
    if drive.logical_sector_bytes != SECTOR_BYTES:
        misfits.append(StickMisfit.SECTOR_SIZE)
    return tuple(misfits)


def _is_stick_or_card(drive: Drive) -> bool:
    """As adapters/stick/disk.py sees it. A bay for hot plugging is removable, too, and inside."""
    if drive.transport is Transport.USB:
        return drive.removable or drive.port is not UsbPort.FIXED
    return drive.transport is Transport.LOOP or (
        drive.transport is Transport.MMC and drive.removable
    )
