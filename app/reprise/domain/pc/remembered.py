"""What a PC itself may still remember of its former owner, besides its drives. Read, never changed:
each is told with how it was read, and whoever gives the PC away decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Trace(StrEnum):
    OWNER_TEXT = "owner-text"  # asset tag, owner's name in the firmware
    FIRMWARE_PASSWORD = "firmware-password"  # noqa: S105 (a kind of trace)
    ANTI_THEFT = "anti-theft"  # Absolute, formerly Computrace
    TPM = "tpm"  # with a former owner's secrets
    WINDOWS_LICENCE = "windows-licence"  # in the ACPI table MSDM
    BOOT_ENTRIES = "boot-entries"  # of a system on a drive of this PC, in UEFI


class Found(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, there: bool) -> Found:
        return cls.YES if there else cls.NO


class How(StrEnum):
    """What was asked."""

    SMBIOS = "smbios"
    FIRMWARE_SETTINGS = "firmware-settings"  # those that the kernel shows of some makers' PCs
    ACPI = "acpi"
    EFI_VARIABLES = "efi-variables"
    TPM = "tpm"


@dataclass(frozen=True, slots=True)
class Remembered:
    """`details` are data: what stands there, or the names of what was found. `reason`: why it is
    unknown, as in Inventory.unknown."""

    trace: Trace
    found: Found
    how: How
    details: tuple[str, ...] = ()
    reason: str = ""
