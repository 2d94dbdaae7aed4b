"""SCSI status and sense data (SPC-4 4.5)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

GOOD, CHECK_CONDITION, TASK_ABORTED = 0x00, 0x02, 0x40  # SAM-5 5.3.1

NO_SENSE, RECOVERED, NOT_READY, MEDIUM_ERROR, HARDWARE_ERROR, ILLEGAL_REQUEST = 0, 1, 2, 3, 4, 5
UNIT_ATTENTION, DATA_PROTECT, ABORTED_COMMAND = 6, 7, 0xB


@dataclass(frozen=True)
class Sense:
    """`code` is ASC and ASCQ. `information`: an LBA. `progress`: of 65536."""

    key: int
    code: int = 0
    information: int | None = None
    progress: int | None = None
    descriptors: bytes = b""

    def fixed(self) -> bytes:
        """18 bytes, response code 70h (SPC-4 4.5.3)."""
        fits = self.information is not None and self.information < 1 << 32
        specific = b"\0\0\0"
        if self.progress is not None:
            specific = struct.pack(">BH", 0x80, self.progress)
        information = (self.information or 0) if fits else 0
        code = 0xF0 if fits else 0x70
        head = struct.pack(">BBBIB4xHB", code, 0, self.key, information, 10, self.code, 0)
        return head + specific

    def descriptor(self) -> bytes:
        """Response code 72h (SPC-4 4.5.2)."""
        parts = self.descriptors
        if self.information is not None:
            parts += struct.pack(">BBBxQ", 0x00, 0x0A, 0x80, self.information)
        if self.progress is not None:
            parts += struct.pack(">BB2xBHx", 0x02, 0x06, 0x80, self.progress)
        return struct.pack(">BBH3xB", 0x72, self.key, self.code, len(parts)) + parts


@dataclass(frozen=True)
class Reply:
    """What goes back to the initiator: status, Data-In, sense data."""

    status: int = GOOD
    data: bytes = field(default=b"", repr=False)
    sense: bytes = b""


def check(sense: Sense, data: bytes = b"") -> Reply:
    """CHECK CONDITION; in descriptor format where there is more to say than the fixed one can."""
    raw = sense.descriptor() if sense.descriptors else sense.fixed()
    return Reply(CHECK_CONDITION, data, raw)


class ScsiError(Exception):
    """A command ends in CHECK CONDITION."""

    def __init__(self, sense: Sense) -> None:
        super().__init__(f"{sense.key:X}/{sense.code:04X}")
        self.sense = sense


def invalid_opcode() -> ScsiError:
    return ScsiError(Sense(ILLEGAL_REQUEST, 0x2000))


def invalid_field() -> ScsiError:
    return ScsiError(Sense(ILLEGAL_REQUEST, 0x2400))


def invalid_parameter() -> ScsiError:
    return ScsiError(Sense(ILLEGAL_REQUEST, 0x2600))


def out_of_range(lba: int) -> ScsiError:
    return ScsiError(Sense(ILLEGAL_REQUEST, 0x2100, information=lba))


def medium_error(lba: int, *, writing: bool) -> ScsiError:
    """03/11/00 unrecovered read error, 03/0C/00 write error."""
    return ScsiError(Sense(MEDIUM_ERROR, 0x0C00 if writing else 0x1100, information=lba))
