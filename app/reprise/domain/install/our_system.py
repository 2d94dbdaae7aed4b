"""How a system that Reprise installed is known again, by any stick: its partitions' names."""

from __future__ import annotations

from reprise.domain.pc.hardware import Drive

# In the order of the partition table; other installers give none, or others.
SYSTEM_NAMES = ("bios-boot", "efi", "root")
ENCRYPTED_NAMES = ("bios-boot", "efi", "boot", "root")


def holds_our_system(drive: Drive) -> bool:
    """Whole or not: a part of one looks the same."""
    names = tuple(part.part_label for part in drive.partitions)
    return names in (SYSTEM_NAMES, ENCRYPTED_NAMES)
