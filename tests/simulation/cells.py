"""What is really in a drive's cells. Every sector that a donor wrote carries a mark that nothing
else in the world can write."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

SECTOR = 512
DONOR = b"DONOR"
STRANGER = b"SYSTEM"  # what a new owner wrote after an erase


class Place(Enum):
    """How a host comes to an area."""

    USER = "what every host reads"
    HIDDEN = "what a host can give back: HPA, DCO, AMAC, other namespaces, unallocated capacity"
    BOOT = "an eMMC's boot and general purpose areas, an NVMe drive's boot partitions"
    SPARE = "what only the drive's own erase reaches"


@dataclass(frozen=True)
class Left:
    """Donor's sectors that are still there."""

    place: Place
    area: str
    sectors: int
    unit: str = ""  # of the block node that shows it, where the drive has several


def donor_sectors(drive: int, count: int) -> bytes:
    """`count` sectors of letters and tables that a person wrote."""
    text = b"%s %04d: rent paid, daughter's school, bank 0049; " % (DONOR, drive)
    sector = (text * 11)[: SECTOR - 16] + b"%08d%08d" % (drive, drive)
    return sector * count


def found(place: Place, area: str, data: bytes | bytearray, unit: str = "") -> Left | None:
    if data.find(DONOR) < 0:
        return None
    return Left(place, area, data.count(DONOR) // 10 or 1, unit)
