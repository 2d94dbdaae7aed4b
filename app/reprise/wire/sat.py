"""SCSI / ATA Translation: ATA commands in a CDB, ATA registers in sense data (SAT-4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

from reprise.domain.drives.capabilities import SanitizeState, Support
from reprise.errors import ToolError
from reprise.wire.ata import BLOCK_BYTES, AtaCommand, Protocol

_ATA_INFORMATION = 0x89  # VPD page
_ATA_PASS_THROUGH_16 = 0x85  # SAT-4, 12.2.3
_CK_COND = 0x20  # byte 2: registers are wanted whatever the outcome
_T_DIR_IN = 0x08  # byte 2: from the drive
_BYT_BLOK = 0x04  # byte 2: the length is in blocks …
_T_LENGTH_COUNT = 0x02  # byte 2: … and stands in COUNT
_RETURN_DESCRIPTOR, _RETURN_LENGTH = 0x09, 0x0C  # SAT-4, 12.2.7: ATA Status Return descriptor
# SPC-5: ATA PASS-THROUGH INFORMATION AVAILABLE
_PASS_THROUGH_INFORMATION = (0x00, 0x1D)


class Status(IntFlag):
    """ACS-4, STATUS field."""

    ERROR = 0x01
    DEVICE_FAULT = 0x20
    BUSY = 0x80


ABORT = 0x04  # ACS-4, ERROR field


@dataclass(frozen=True, slots=True)
class AtaReturn:
    """The registers after a command. `whole`: COUNT and LBA are complete; fixed format sense has
    no room for their upper halves."""

    status: int
    error: int
    count: int
    lba: int
    device: int
    whole: bool = True
    count_upper: Support = Support.UNKNOWN  # where it is cut: whether COUNT(15:8) is not zero

    @property
    def ok(self) -> bool:
        return not self.status & (Status.ERROR | Status.DEVICE_FAULT | Status.BUSY)

    @property
    def text(self) -> str:
        """For the evidence."""
        return (
            f"st={self.status:02x} err={self.error:02x} count={self.count:04x} "
            f"lba={self.lba:012x} dev={self.device:02x}" + ("" if self.whole else " cut")
        )

    def address(self, *, extended: bool) -> int | None:
        """The LBA of a command that answers with one; None where it is not complete."""
        if not self.whole:
            return None
        return self.lba if extended else (self.device & 0x0F) << 24 | self.lba & 0xFF_FFFF


def pass_through(command: AtaCommand) -> bytes:
    """ATA PASS-THROUGH (16); with CK_COND where the registers are to come back in any case."""
    flags = _CK_COND if command.registers else 0
    if command.protocol is not Protocol.NON_DATA:
        flags |= _BYT_BLOK | _T_LENGTH_COUNT
    if command.protocol is Protocol.PIO_IN:
        flags |= _T_DIR_IN
    feature, count = command.feature.to_bytes(2, "big"), command.count.to_bytes(2, "big")
    lba = command.lba.to_bytes(6, "little")
    return bytes(
        (
            *(_ATA_PASS_THROUGH_16, command.protocol << 1 | command.extended, flags),
            *(*feature, *count),
            *(lba[3], lba[0], lba[4], lba[1], lba[5], lba[2]),
            *(command.device, command.command, 0),
        )
    )


def parse_return(sense: bytes) -> AtaReturn | None:
    """The registers in `sense`; None where it has none. Never raises."""
    if len(sense) < 8:
        return None
    code = sense[0] & 0x7F
    if code == 0x72:
        return _from_descriptors(sense)
    return _from_fixed(sense) if code == 0x70 else None


def _from_descriptors(sense: bytes) -> AtaReturn | None:
    at = 8
    while at + 2 <= len(sense):
        length = sense[at + 1]
        if sense[at] == _RETURN_DESCRIPTOR:
            body = sense[at : at + 2 + length]
            return _registers(body) if len(body) >= 2 + _RETURN_LENGTH else None
        at += 2 + length
    return None


def _registers(body: bytes) -> AtaReturn:
    """SAT-4, 12.2.7: the upper halves stand before the lower ones."""
    extended = body[2] & 1
    high = extended * 0xFF
    lba = (body[7], body[9], body[11], body[6] & high, body[8] & high, body[10] & high)
    return AtaReturn(
        status=body[13],
        error=body[3],
        count=(body[4] & high) << 8 | body[5],
        lba=int.from_bytes(bytes(lba), "little"),
        device=body[12],
    )


def _from_fixed(sense: bytes) -> AtaReturn | None:
    """SAT-4, 12.2.2.7: INFORMATION holds ERROR, STATUS, DEVICE, COUNT(7:0); COMMAND-SPECIFIC
    INFORMATION flags and LBA(23:0). Only trusted where the sense says that this is what it is,
    or STATUS looks like one of a drive that failed a command."""
    if len(sense) < 14:
        return None
    told = (sense[12], sense[13]) == _PASS_THROUGH_INFORMATION
    if not told and not (sense[4] & Status.ERROR and sense[4] & 0x40 and sense[3]):
        return None
    extended, upper_count, upper_lba = sense[8] & 0x80, sense[8] & 0x40, sense[8] & 0x20
    not_zero = Support.YES if upper_count else Support.NO
    return AtaReturn(
        status=sense[4],
        error=sense[3],
        count=sense[6],
        lba=int.from_bytes(sense[9:12], "little"),
        device=sense[5],
        whole=not (upper_count or upper_lba),
        count_upper=not_zero if extended else Support.UNKNOWN,
    )


# SAT-4, 12.4.2, ATA Information VPD page: COMMAND CODE, and what that command told of the drive
_INFORMATION_COMMAND, _INFORMATION_IDENTIFY = 56, 60
INFORMATION_BYTES = _INFORMATION_IDENTIFY + BLOCK_BYTES
_IDENTIFY_DEVICE = 0xEC


def parse_information(data: bytes) -> bytes:
    """The IDENTIFY DEVICE data in VPD page 89h. Raises ToolError where it has none."""
    if len(data) < INFORMATION_BYTES or data[1] != _ATA_INFORMATION:
        raise ToolError(f"vpd-89: {len(data)} bytes")
    if data[_INFORMATION_COMMAND] != _IDENTIFY_DEVICE:
        raise ToolError(f"vpd-89: command {data[_INFORMATION_COMMAND]:02x}")
    return data[_INFORMATION_IDENTIFY:INFORMATION_BYTES]


@dataclass(frozen=True, slots=True)
class SanitizeStatus:
    """What SANITIZE STATUS EXT told. `progress`: 65,536ths, while it runs. `ended`: it does not run
    and did not fail, but which bit stands is not known: it succeeded, or is frozen."""

    state: SanitizeState
    progress: int = 0
    ended: bool = False


# COUNT(15:8) of the normal outputs of SANITIZE DEVICE (ACS-4, 7.36)
_SUCCEEDED, _RUNNING, _FROZEN = 1 << 15, 1 << 14, 1 << 13
_NOT_RUNNING = 0xFFFF  # LBA(15:0) then (ACS-3, 7.36, normal outputs), else the progress
_REASON_UNSUCCESSFUL = 1  # LBA(7:0) of an aborted command: sanitize operation failed


def parse_sanitize_status(registers: AtaReturn | None) -> SanitizeStatus:
    """Raises ToolError where the registers do not tell."""
    if registers is None:
        raise ToolError("SANITIZE STATUS EXT: no registers")
    if not registers.ok:
        failed = registers.error & ABORT and registers.lba & 0xFF == _REASON_UNSUCCESSFUL
        if failed:
            return SanitizeStatus(SanitizeState.FAILED)
        raise ToolError(f"SANITIZE STATUS EXT: {registers.text}")
    if not registers.whole:
        return _from_cut(registers)
    bits = registers.count & (_SUCCEEDED | _RUNNING | _FROZEN)
    states = {
        0: SanitizeState.IDLE,
        _SUCCEEDED: SanitizeState.SUCCEEDED,
        _RUNNING: SanitizeState.RUNNING,
        _FROZEN: SanitizeState.FROZEN,
        _FROZEN | _SUCCEEDED: SanitizeState.FROZEN,
    }
    if bits not in states:
        raise ToolError(f"SANITIZE STATUS EXT: {registers.text}")
    running = bits == _RUNNING
    return SanitizeStatus(states[bits], registers.lba & 0xFFFF if running else 0)


def _from_cut(registers: AtaReturn) -> SanitizeStatus:
    """Fixed format sense has no room for COUNT(15:8), only for whether it is zero; LBA(15:0) is
    there. Raises ToolError where they do not tell."""
    if registers.count_upper is Support.NO:
        return SanitizeStatus(SanitizeState.IDLE)
    if registers.count_upper is Support.UNKNOWN:
        raise ToolError(f"SANITIZE STATUS EXT: {registers.text}")
    progress = registers.lba & 0xFFFF
    if progress == _NOT_RUNNING:
        return SanitizeStatus(SanitizeState.UNKNOWN, ended=True)
    return SanitizeStatus(SanitizeState.RUNNING, progress)
