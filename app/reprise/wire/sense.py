"""Sense data: what a SCSI device says of a command that did not simply succeed, or of itself.

Clauses are of SCSI Primary Commands 5 (SPC-5); numbers are big-endian.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from reprise.errors import ToolError

# SPC-5, sense data, RESPONSE CODE: current and deferred, in fixed and in descriptor format.
_FIXED = {0x70: False, 0x71: True}
_DESCRIPTOR = {0x72: False, 0x73: True}
_SENSE_KEY_SPECIFIC = 0x02  # SPC-5, descriptor type, length 06h
_SKSV = 0x80  # SPC-5: the sense key specific bytes are valid


class SenseKey(IntEnum):
    """SPC-5, table of sense keys; only those that make a difference here."""

    NO_SENSE = 0x0
    RECOVERED_ERROR = 0x1
    NOT_READY = 0x2
    MEDIUM_ERROR = 0x3
    HARDWARE_ERROR = 0x4
    ILLEGAL_REQUEST = 0x5
    UNIT_ATTENTION = 0x6
    ABORTED_COMMAND = 0xB


# SPC-5 annex F, additional sense codes and qualifiers.
OPERATION_IN_PROGRESS = (0x00, 0x16)
SANITIZE_IN_PROGRESS = (0x04, 0x1B)  # LOGICAL UNIT NOT READY, SANITIZE IN PROGRESS
SANITIZE_COMMAND_FAILED = (0x31, 0x03)
INVALID_FIELD_IN_CDB = (0x24, 0x00)


@dataclass(frozen=True, slots=True)
class Sense:
    """`progress`: 65,536ths of the operation that makes the unit not ready; None: not told."""

    key: int
    asc: int
    ascq: int
    progress: int | None = None
    deferred: bool = False

    @property
    def code(self) -> tuple[int, int]:
        return self.asc, self.ascq

    @property
    def text(self) -> str:
        """As people look it up: key, additional sense code, qualifier."""
        return f"{self.key:X}h {self.asc:02X}h/{self.ascq:02X}h"

    @property
    def sanitizing(self) -> bool:
        return self.key == SenseKey.NOT_READY and self.code == SANITIZE_IN_PROGRESS

    @property
    def sanitize_failed(self) -> bool:
        """Whatever the key: some devices say MEDIUM ERROR, some HARDWARE ERROR."""
        return self.code == SANITIZE_COMMAND_FAILED


def parse_sense(data: bytes) -> Sense:
    """Fixed or descriptor format. Raises ToolError where it is neither, or cut off before the
    sense key."""
    if len(data) < 4:
        raise ToolError(f"sense: {len(data)} bytes")
    code = data[0] & 0x7F
    if code in _FIXED:
        return _fixed(data, deferred=_FIXED[code])
    if code in _DESCRIPTOR:
        return _descriptor(data, deferred=_DESCRIPTOR[code])
    raise ToolError(f"sense: response code {code:02x}h")


def has_code(data: bytes) -> bool:
    """Whether it holds an additional sense code and qualifier that may be believed: bytes 12 and 13
    in fixed format; 2 and 3 in descriptor format, where it is as long as its own header says
    (SPC-5: 8 bytes and ADDITIONAL SENSE LENGTH, byte 7). What was cut off is no answer."""
    if data and data[0] & 0x7F in _DESCRIPTOR:
        return len(data) >= 8 and len(data) >= 8 + data[7]
    return len(data) >= 14


def _fixed(data: bytes, *, deferred: bool) -> Sense:
    """SPC-5, fixed format: bytes behind ADDITIONAL SENSE LENGTH (byte 7) say nothing."""
    end = 8 + data[7] if len(data) > 7 else len(data)
    told = data[:end].ljust(18, b"\0")
    progress = None
    if told[15] & _SKSV:
        progress = int.from_bytes(told[16:18], "big")
    return Sense(data[2] & 0xF, told[12], told[13], _of_not_ready(data[2], progress), deferred)


def _descriptor(data: bytes, *, deferred: bool) -> Sense:
    """SPC-5, descriptor format: a header, then descriptors (type, length, …) in any order."""
    key, asc, ascq = data[1] & 0xF, data[2], data[3]
    told = data[: 8 + data[7]] if len(data) > 7 else b""
    progress, at = None, 8
    while at + 2 <= len(told):
        length = 2 + told[at + 1]
        field = told[at : at + length]
        if field[0] == _SENSE_KEY_SPECIFIC and len(field) >= 7 and field[4] & _SKSV:
            progress = int.from_bytes(field[5:7], "big")
        at += length
    return Sense(key, asc, ascq, _of_not_ready(key, progress), deferred)


def _of_not_ready(key: int, value: int | None) -> int | None:
    """With other sense keys these two bytes mean something else (SPC-5, sense key
    specific sense data descriptor)."""
    if key & 0xF in (SenseKey.NO_SENSE, SenseKey.NOT_READY):
        return value
    return None
