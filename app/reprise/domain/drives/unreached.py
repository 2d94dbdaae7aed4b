"""Storage that may be in this PC and that nothing here can reach: what nobody read, nobody erased.

What cannot be read counts as "may be there", never as "not there". A person who looked may state
that nothing is attached to a place, but only where nothing proves the opposite
(docs/decisions/0192-storage-out-of-reach.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class UnreachedKind(StrEnum):
    """Why. In Plan.warnings each is this word, or "word: place"."""

    # Something may be attached
    BEHIND_RAID = "drives-hidden-by-raid-controller"
    NO_DRIVER = "storage-controller-without-driver"
    SHOWS_NOTHING = "storage-controller-shows-no-drive"
    UNREADABLE = "storage-controller-unreadable"
    # Something is there
    REMAPPED = "nvme-hidden-by-sata-controller"  # Intel RST; Linux counts them
    VOLUME = "volume-of-a-raid-controller"  # and so physical drives that are not seen
    NO_NAMESPACE = "nvme-drive-without-namespace"
    NVME_NO_DRIVER = "nvme-drive-without-driver"
    STARTING = "attached-drive-still-starts"  # the kernel still waits for it
    SILENT = "attached-drive-does-not-answer"
    NO_NODE = "drive-without-block-device"
    APPEARED = "drive-appeared-after-the-look"  # see domain.drives.late
    NOT_LOOKED = "drives-not-looked-at-again"  # the session was cut off before its last look
    # The list itself is missing: nobody can say of what nothing hangs
    NOT_LISTED = "storage-controllers-not-listed"
    NOT_TOLD = "not-told-by-the-report"  # it was shortened, or only its plan tells of the drive


OF_LISTS = frozenset({UnreachedKind.NOT_LISTED, UnreachedKind.NOT_TOLD})

# Of these a person can look, and say that there is nothing. The others are a drive that was seen:
# no word takes it back.
STATABLE = frozenset(
    {
        UnreachedKind.BEHIND_RAID,
        UnreachedKind.NO_DRIVER,
        UnreachedKind.SHOWS_NOTHING,
        UnreachedKind.UNREADABLE,
    }
)


@dataclass(frozen=True, slots=True)
class Unreached:
    """One place. `where`: a PCI address ("0000:00:17.0"), an ATA link ("link3"), a SAS phy, a SCSI
    address or a card, as Linux calls it. `detail`: data (class, driver, …), not prose."""

    kind: UnreachedKind
    where: str
    detail: str = ""

    @property
    def statable(self) -> bool:
        return self.kind in STATABLE

    @property
    def warning(self) -> str:
        """For Plan.warnings."""
        return f"{self.kind}: {self.where}" if self.where else str(self.kind)


@dataclass(frozen=True, slots=True)
class Statement:
    """A person's word that nothing is attached there but what is listed. `by`: the operator's
    name, "" where none was given; `at`: wall time, ISO 8601, UTC."""

    about: Unreached
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class StorageStated:
    """Event: a person states that. Never said unattended."""

    about: Unreached
    by: str = ""


@dataclass(frozen=True, slots=True)
class StorageLooked:
    """Event: one more look, once the drives are done. `found`: what is not in the inventory, which
    is fixed by then."""

    found: tuple[Unreached, ...] = ()
