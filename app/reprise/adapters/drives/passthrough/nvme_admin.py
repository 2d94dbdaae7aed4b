"""NVMe admin commands through the kernel, on the descriptor of the namespace that was identified.

<linux/nvme_ioctl.h>, struct nvme_passthru_cmd.
"""

from __future__ import annotations

import ctypes
import struct
import time
from dataclasses import dataclass
from typing import Protocol

from reprise.adapters.drives.blockio import BlockFile
from reprise.wire.nvme import AdminCommand

# in this order: opcode, flags, reserved, nsid, cdw2 and 3, metadata, addr, both their lengths,
# cdw10 to 15, timeout_ms, result
_COMMAND = struct.Struct("=BBHIIIQQIIIIIIIIII")
_ADMIN_CMD = 0xC0484E41  # _IOWR('N', 0x41, struct nvme_passthru_cmd), 72 bytes
_IO_CMD = 0xC0484E43  # _IOWR('N', 0x43, struct nvme_passthru_cmd)
_FLUSH = 0x00  # NVM Express Base 2.0, Flush: NVM command set, opcode 00h
_QUICK_MS = 10_000  # reading commands; the kernel's own default for admin commands is 60 s


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from the drive. `status`: the Status Field (see wire.nvme_status), 0 where
    it did as told; `dword0`: of the completion; `data`: what it sent."""

    status: int
    dword0: int
    data: bytes
    duration_s: float

    @property
    def ok(self) -> bool:
        return self.status == 0


class NvmeAdmin(Protocol):
    """The way to one open NVMe namespace. Every call raises OSError where the kernel, not the
    drive, said no (or the drive is gone)."""

    def namespace_id(self, device: BlockFile) -> int: ...

    def send(
        self, device: BlockFile, command: AdminCommand, timeout_ms: int = _QUICK_MS
    ) -> Answer: ...


class KernelNvmeAdmin:
    """Implements NvmeAdmin on the real thing. Blocks: call it beside (surface.pipeline)."""

    def namespace_id(self, device: BlockFile) -> int:
        return device.nvme_namespace_id()

    def send(self, device: BlockFile, command: AdminCommand, timeout_ms: int = _QUICK_MS) -> Answer:
        """At the time-out the kernel aborts the command and may reset the controller."""
        data = bytearray(command.payload or command.data_bytes)  # the opcode says which way
        address = ctypes.addressof(ctypes.c_char.from_buffer(data)) if data else 0
        packed = bytearray(
            _COMMAND.pack(
                command.opcode,
                *(0, 0, command.namespace_id, 0, 0),
                *(0, address, 0, len(data)),
                *(command.cdw10, command.cdw11, 0, 0, 0, 0),
                *(timeout_ms, 0),
            )
        )
        began = time.monotonic()
        status = device.ioctl(_ADMIN_CMD, packed)
        took_s = time.monotonic() - began
        came = b"" if command.payload else bytes(data)
        return Answer(status, _COMMAND.unpack(packed)[-1], came, took_s)


class NvmeFlush(Protocol):
    """Empties the volatile cache of one open namespace. Gives the status, 0 where it did; raises
    OSError where the kernel, not the drive, said no."""

    def flush(self, device: BlockFile, timeout_ms: int) -> int: ...


class KernelNvmeFlush:
    """Implements NvmeFlush on the real thing."""

    def flush(self, device: BlockFile, timeout_ms: int) -> int:
        namespace = device.nvme_namespace_id()
        packed = bytearray(
            _COMMAND.pack(_FLUSH, 0, 0, namespace, *(0,) * 12, timeout_ms, 0),
        )
        return device.ioctl(_IO_CMD, packed)
