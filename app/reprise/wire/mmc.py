"""eMMC commands as values, and what the device says of itself in EXT_CSD.

Clauses are of JESD84-B51 (eMMC 5.1); EXT_CSD numbers are little-endian. Flags are those of
<linux/mmc/core.h>. Parsers raise ToolError with a code, never anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reprise.domain.drives.capabilities import Support
from reprise.errors import ToolError

EXT_CSD_BYTES = 512  # JESD84-B51, Extended CSD register
SECTOR_BYTES = 512

# JESD84-B51, table of commands.
_SWITCH = 6
_SEND_EXT_CSD = 8
_SEND_STATUS = 13
_ERASE_GROUP_START = 35
_ERASE_GROUP_END = 36
_ERASE = 38

# JESD84-B51, CMD38 argument.
_ARG_ERASE = 0x0000_0000
_ARG_TRIM = 0x0000_0001

# <linux/mmc/core.h>: response present, CRC, opcode echoed (R1), busy (R1b); AC or ADTC command.
_R1 = 1 << 0 | 1 << 2 | 1 << 4
_R1B = _R1 | 1 << 3
_ADTC = 1 << 5

# JESD84-B51, Device status (R1): bits that say that a command was not carried out as told.
# WP_ERASE_SKIP: only the part that is not write protected was erased.
_STATUS_BITS = {
    31: "ADDRESS_OUT_OF_RANGE",
    30: "ADDRESS_MISALIGN",
    29: "BLOCK_LEN_ERROR",
    28: "ERASE_SEQ_ERROR",
    27: "ERASE_PARAM",
    26: "WP_VIOLATION",
    25: "DEVICE_IS_LOCKED",
    24: "LOCK_UNLOCK_FAILED",
    23: "COM_CRC_ERROR",
    22: "ILLEGAL_COMMAND",
    21: "DEVICE_ECC_FAILED",
    20: "CC_ERROR",
    19: "ERROR",
    16: "CSD_OVERWRITE",
    15: "WP_ERASE_SKIP",
    13: "ERASE_RESET",
    7: "SWITCH_ERROR",
}

# JESD84-B51, EXT_CSD fields by their first byte.
_SANITIZE_START = 165
_GP_SIZE_MULT, _GP_AREAS = 143, 4
_EXT_CSD_REV = 192
_SEC_COUNT = 212
_ERASE_TIMEOUT_MULT = 223
_BOOT_SIZE_MULT = 226
_SEC_FEATURE_SUPPORT = 231
_TRIM_MULT = 232
_TIMEOUT_UNIT_MS = 300  # of ERASE_TIMEOUT_MULT and TRIM_MULT, for one erase group
_BOOT_UNIT_BYTES = 128 << 10  # of BOOT_SIZE_MULT
# JESD84-B51, addressing: by sector on devices of more than 2 GiB, else by byte.
_BYTE_ADDRESSED_MAX = 2 << 30
# JESD84-B51, Device status: CURRENT_STATE (bits 12:9) 4, transfer, and READY_FOR_DATA (8).
_STATE_MASK = 0x1F00
_AT_REST = 4 << 9 | 1 << 8


@dataclass(frozen=True, slots=True)
class MmcCommand:
    """One command. `read_bytes`: a data block that the device sends."""

    name: str
    opcode: int
    argument: int
    flags: int
    read_bytes: int = 0
    timeout_ms: int = 0  # 0: the driver's own

    @property
    def words(self) -> tuple[str, ...]:
        """For the evidence: what was sent."""
        return ("eMMC", self.name, f"CMD{self.opcode}", f"argument={self.argument:08x}")


def send_ext_csd() -> MmcCommand:
    return MmcCommand("SEND_EXT_CSD", _SEND_EXT_CSD, 0, _R1 | _ADTC, EXT_CSD_BYTES)


def send_status() -> MmcCommand:
    """The kernel gives an eMMC the relative address 1."""
    return MmcCommand("SEND_STATUS", _SEND_STATUS, 1 << 16, _R1)


def sanitize(timeout_ms: int) -> MmcCommand:
    """CMD6 SWITCH, access 11b (write byte): EXT_CSD[165] SANITIZE_START = 1. Purges what erase and
    trim have unmapped (JESD84-B51, Sanitize); of *discarded* data it may leave some (Discard)."""
    argument = 0b11 << 24 | _SANITIZE_START << 16 | 1 << 8
    return MmcCommand("SWITCH SANITIZE_START", _SWITCH, argument, _R1B, timeout_ms=timeout_ms)


@dataclass(frozen=True, slots=True)
class ExtCsd:
    """What matters here of the register; sizes in bytes."""

    revision: int
    features: int  # SEC_FEATURE_SUPPORT
    size_bytes: int  # of the user area, from SEC_COUNT; 0 where it is not told
    boot_bytes: int  # of each of the two boot areas
    general_purpose_areas: int
    erase_group_ms: int  # longest time for one erase group, ERASE and TRIM
    trim_group_ms: int

    @property
    def secure_erase(self) -> Support:
        return _bit(self.features, 0)  # SECURE_ER_EN

    @property
    def trim(self) -> Support:
        return _bit(self.features, 4)  # SEC_GB_CL_EN

    @property
    def sanitize(self) -> Support:
        return _bit(self.features, 6)  # SEC_SANITIZE

    @property
    def by_sector(self) -> bool:
        return self.size_bytes > _BYTE_ADDRESSED_MAX


def _bit(value: int, number: int) -> Support:
    return Support.YES if value >> number & 1 else Support.NO


def parse_ext_csd(data: bytes) -> ExtCsd:
    """Raises ToolError where this cannot be a device's register."""
    if len(data) != EXT_CSD_BYTES:
        raise ToolError(f"ext-csd: {len(data)} bytes")
    # all bytes alike is a dead bus; the newest revision known is 8 (5.1)
    if len(set(data)) == 1 or data[_EXT_CSD_REV] > 15:
        raise ToolError("ext-csd: not a register")
    areas = (data[at : at + 3] for at in range(_GP_SIZE_MULT, _GP_SIZE_MULT + 3 * _GP_AREAS, 3))
    return ExtCsd(
        revision=data[_EXT_CSD_REV],
        features=data[_SEC_FEATURE_SUPPORT],
        size_bytes=int.from_bytes(data[_SEC_COUNT : _SEC_COUNT + 4], "little") * SECTOR_BYTES,
        boot_bytes=data[_BOOT_SIZE_MULT] * _BOOT_UNIT_BYTES,
        general_purpose_areas=sum(any(area) for area in areas),
        erase_group_ms=data[_ERASE_TIMEOUT_MULT] * _TIMEOUT_UNIT_MS,
        trim_group_ms=data[_TRIM_MULT] * _TIMEOUT_UNIT_MS,
    )


def parse_ext_csd_text(text: str) -> bytes:
    """What the kernel's debug file shows: 1,024 hexadecimal digits. Raises ToolError."""
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise ToolError("ext-csd: not hexadecimal") from error


def erase(
    first: int, count: int, *, by_sector: bool, trim: bool, ms: int
) -> tuple[MmcCommand, ...]:
    """JESD84-B51, Erase and TRIM: `count` sectors from sector `first`. ERASE rounds to whole erase
    groups, TRIM is exact. Not DISCARD: what that leaves behind, sanitize may leave too."""
    unit = 1 if by_sector else SECTOR_BYTES
    argument = _ARG_TRIM if trim else _ARG_ERASE
    return (
        MmcCommand("ERASE_GROUP_START", _ERASE_GROUP_START, first * unit, _R1),
        MmcCommand("ERASE_GROUP_END", _ERASE_GROUP_END, (first + count - 1) * unit, _R1),
        MmcCommand("TRIM" if trim else "ERASE", _ERASE, argument, _R1B, timeout_ms=ms),
        send_status(),
    )


def complaints(status: int) -> tuple[str, ...]:
    """Names of the error bits in a Device status (R1); empty where the device has none."""
    return tuple(name for bit, name in _STATUS_BITS.items() if status >> bit & 1)


def unfinished(statuses: Sequence[int], sent: int) -> tuple[str, ...]:
    """What else is wrong with the answers to `sent` commands: some are missing; or the last one
    of several (SEND_STATUS after an erase) does not say that the device is done. For a single
    sanitize the kernel waits itself, and fills in no response (drivers/mmc/core/block.c)."""
    if len(statuses) != sent:
        return ("NO_RESPONSE",)
    if sent <= 1 or statuses[-1] & _STATE_MASK == _AT_REST:
        return ()
    return ("NOT_READY",)
