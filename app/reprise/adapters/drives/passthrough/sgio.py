"""SCSI commands through the kernel, on the open device. <scsi/sg.h>, struct sg_io_hdr (version 3).

Root may send any command: the kernel's filter (block/scsi_ioctl.c) lets CAP_SYS_RAWIO pass.
"""

from __future__ import annotations

import ctypes
import struct
import time
from dataclasses import dataclass
from typing import Protocol

from reprise.adapters.drives.blockio import BlockFile

_SG_IO = 0x2285
MEMBERS = (
    *("interface_id", "dxfer_direction", "cmd_len", "mx_sb_len", "iovec_count", "dxfer_len"),
    *("dxferp", "cmdp", "sbp", "timeout", "flags", "pack_id", "usr_ptr", "status"),
    *("masked_status", "msg_status", "sb_len_wr", "host_status", "driver_status", "resid"),
    *("duration", "info"),
)
HEADER = struct.Struct("@iiBBHIPPPIIiPBBBBHHiII0P")
_INTERFACE = ord("S")
_NONE, _TO_DEVICE, _FROM_DEVICE = -1, -2, -3
_SENSE_BYTES = 64
_LONGEST_MS = 0xFFFF_FFFF  # the field is an unsigned int: 49 days

GOOD, CHECK_CONDITION = 0x00, 0x02  # SAM-5, status codes
DRIVER_SENSE = 0x08  # <scsi/sg.h>: sense data is there
# <scsi/scsi_status.h>, what the host adapter's driver says
DID_OK, DID_TIME_OUT = 0x00, 0x03


@dataclass(frozen=True, slots=True)
class ScsiAnswer:
    """What came back. `status`: SCSI status; `host_status`, `driver_status`: the kernel's words
    on the way there; `data`: what the drive sent, without what it left unsent (`resid` bytes)."""

    status: int
    host_status: int
    driver_status: int
    sense: bytes
    data: bytes
    resid: int
    duration_s: float

    @property
    def ok(self) -> bool:
        """The command arrived, and was carried out without a remark."""
        return self.status == GOOD and self.arrived

    @property
    def arrived(self) -> bool:
        """The drive itself answered, well or badly."""
        return self.host_status == DID_OK and self.driver_status in (0, DRIVER_SENSE)

    @property
    def timed_out(self) -> bool:
        return self.host_status == DID_TIME_OUT

    @property
    def text(self) -> str:
        """For the evidence."""
        words = [f"status={self.status:02x}"]
        if self.host_status or self.driver_status not in (0, DRIVER_SENSE):
            words.append(f"host={self.host_status:02x} driver={self.driver_status:02x}")
        if self.sense:
            words.append(f"sense={self.sense.hex()}")
        return " ".join(words)


class Device(Protocol):
    """What takes SG_IO: a drive's block node or its generic one."""

    def ioctl(self, request: int, argument: bytearray | int = 0) -> int: ...


class ScsiAccess(Protocol):
    """The way to one open drive that takes SCSI commands. Raises OSError where the kernel, not
    the drive, said no (or the drive is gone). Blocks: call it beside (surface.pipeline)."""

    def send(
        self,
        device: BlockFile,
        cdb: bytes,
        *,
        data_in: int = 0,
        data_out: bytes = b"",
        timeout_ms: int = 60_000,
    ) -> ScsiAnswer:
        """`data_in`: how many bytes the drive may send; `data_out`: what it is sent; not both."""
        ...


class KernelScsi:
    """Implements ScsiAccess by the ioctl SG_IO."""

    def send(
        self,
        device: Device,
        cdb: bytes,
        *,
        data_in: int = 0,
        data_out: bytes = b"",
        timeout_ms: int = 60_000,
    ) -> ScsiAnswer:
        """At the time-out the kernel aborts the command and may reset the drive."""
        # kept alive by this frame until the kernel is done with them
        command, sense = bytearray(cdb), bytearray(_SENSE_BYTES)
        data = bytearray(data_out) if data_out else bytearray(data_in)
        header = bytearray(
            HEADER.pack(
                *(_INTERFACE, _direction(data_in, data_out), len(cdb), _SENSE_BYTES, 0, len(data)),
                *(_address(data), _address(command), _address(sense)),
                *(min(timeout_ms, _LONGEST_MS), 0, 0, 0),
                *(0, 0, 0, 0, 0, 0, 0, 0, 0),
            )
        )
        began = time.monotonic()
        device.ioctl(_SG_IO, header)
        took_s = time.monotonic() - began
        status, _masked, _message, sense_length, host, driver, resid = HEADER.unpack(header)[13:20]
        got = max(0, data_in - max(0, resid)) if data_in else 0
        return ScsiAnswer(
            status=status,
            host_status=host,
            driver_status=driver,
            sense=bytes(sense[:sense_length]),
            data=bytes(data[:got]),
            resid=resid,
            duration_s=took_s,
        )


def _address(buffer: bytearray) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(buffer)) if buffer else 0


def _direction(data_in: int, data_out: bytes) -> int:
    if data_in and data_out:
        raise ValueError("a SCSI command moves data one way")
    if data_out:
        return _TO_DEVICE
    return _FROM_DEVICE if data_in else _NONE
