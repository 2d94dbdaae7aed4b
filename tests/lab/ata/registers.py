"""What goes over the wire: a command's registers in, and those of its ending out."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace

# STATUS and ERROR fields: ACS-3 6.2, 6.3.
READY = 0x50  # DRDY and the obsolete DSC, as drives really answer
ERROR = 0x51
ABORT = 0x04
ID_NOT_FOUND = 0x10
UNCORRECTABLE = 0x40


class Op(enum.IntEnum):
    """Command codes: ACS-2 and ACS-3 clause 7; ATA8-ACS for HPA and DCO."""

    DATA_SET_MANAGEMENT = 0x06
    READ_SECTORS = 0x20
    READ_SECTORS_EXT = 0x24
    READ_DMA_EXT = 0x25
    READ_NATIVE_MAX_EXT = 0x27
    WRITE_SECTORS = 0x30
    WRITE_SECTORS_EXT = 0x34
    WRITE_DMA_EXT = 0x35
    SET_MAX_EXT = 0x37
    READ_VERIFY = 0x40
    READ_VERIFY_EXT = 0x42
    ACCESSIBLE_MAX = 0x78
    SMART = 0xB0
    DEVICE_CONFIGURATION = 0xB1
    SANITIZE = 0xB4
    READ_DMA = 0xC8
    WRITE_DMA = 0xCA
    STANDBY_IMMEDIATE = 0xE0
    IDLE_IMMEDIATE = 0xE1
    STANDBY = 0xE2
    IDLE = 0xE3
    CHECK_POWER_MODE = 0xE5
    SLEEP = 0xE6
    FLUSH_CACHE = 0xE7
    FLUSH_CACHE_EXT = 0xEA
    IDENTIFY_DEVICE = 0xEC
    SET_FEATURES = 0xEF
    SECURITY_SET_PASSWORD = 0xF1
    SECURITY_UNLOCK = 0xF2
    SECURITY_ERASE_PREPARE = 0xF3
    SECURITY_ERASE_UNIT = 0xF4
    SECURITY_FREEZE_LOCK = 0xF5
    SECURITY_DISABLE_PASSWORD = 0xF6
    READ_NATIVE_MAX = 0xF8
    SET_MAX = 0xF9


# 48-bit variants: LBA and COUNT have both halves.
EXTENDED = frozenset(
    {
        Op.DATA_SET_MANAGEMENT,
        Op.READ_SECTORS_EXT,
        Op.READ_DMA_EXT,
        Op.READ_NATIVE_MAX_EXT,
        Op.WRITE_SECTORS_EXT,
        Op.WRITE_DMA_EXT,
        Op.SET_MAX_EXT,
        Op.READ_VERIFY_EXT,
        Op.ACCESSIBLE_MAX,
        Op.SANITIZE,
        Op.FLUSH_CACHE_EXT,
    }
)
READS = frozenset({Op.READ_SECTORS, Op.READ_SECTORS_EXT, Op.READ_DMA, Op.READ_DMA_EXT})
WRITES = frozenset({Op.WRITE_SECTORS, Op.WRITE_SECTORS_EXT, Op.WRITE_DMA, Op.WRITE_DMA_EXT})
VERIFIES = frozenset({Op.READ_VERIFY, Op.READ_VERIFY_EXT})


@dataclass(frozen=True)
class Taskfile:
    """A command. `lba` is 48 bits, or 24 with bits 27:24 in `device` where it is a 28-bit one."""

    command: int
    feature: int = 0
    count: int = 0
    lba: int = 0
    device: int = 0x40
    data: bytes | memoryview = field(default=b"", repr=False)

    @property
    def extended(self) -> bool:
        return self.command in EXTENDED

    @property
    def address(self) -> int:
        """The LBA, whichever registers it is in."""
        return self.lba if self.extended else (self.device & 0xF) << 24 | self.lba & 0xFFFFFF

    @property
    def sectors(self) -> int:
        """COUNT as the number of sectors: 0 is the greatest."""
        full = 0x10000 if self.extended else 0x100
        return self.count % full or full


@dataclass(frozen=True)
class Outcome:
    """How a command ended. `data` goes to the host where the command reads."""

    status: int = READY
    error: int = 0
    count: int = 0
    lba: int = 0
    device: int = 0x40
    data: bytes = field(default=b"", repr=False)

    @property
    def good(self) -> bool:
        return not self.status & 1


DONE = Outcome()
ABORTED = Outcome(ERROR, ABORT)


def address(lba: int, extended: bool) -> Outcome:
    """A good ending with an address in the registers: 48-bit, or 28-bit with DEVICE."""
    if extended:
        return Outcome(lba=lba)
    return Outcome(lba=lba & 0xFFFFFF, device=0x40 | lba >> 24 & 0xF)


def refused(outcome: Outcome = ABORTED, *, lba: int = 0) -> Outcome:
    return replace(outcome, lba=lba)


@dataclass(frozen=True)
class Command:
    """One command as it arrived at the drive, and how it ended."""

    op: int
    feature: int
    count: int
    lba: int
    status: int
    error: int
    data: bytes = field(default=b"", repr=False)  # what came with it, up to 512 bytes

    @property
    def name(self) -> str:
        return next((one.name for one in Op if one == self.op), f"{self.op:02X}h")
