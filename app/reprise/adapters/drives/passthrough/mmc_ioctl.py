"""eMMC commands through the kernel, on the open device. <linux/mmc/ioctl.h>, <linux/fs.h>."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Sequence
from typing import Protocol

from reprise.adapters.drives.blockio import BlockFile
from reprise.wire.mmc import MmcCommand

MEMBERS = (
    *("write_flag", "is_acmd", "opcode", "arg", "response", "flags", "blksz", "blocks"),
    *("postsleep_min_us", "postsleep_max_us", "data_timeout_ns", "cmd_timeout_ms", "__pad"),
    "data_ptr",
)
COMMAND = struct.Struct("=iiII4IIIIIIIIIQ")  # struct mmc_ioc_cmd
_RESPONSE = slice(16, 20)  # the first word of "response"
MMC_IOC_CMD = 0xC048B300  # _IOWR(MMC_BLOCK_MAJOR, 0, struct mmc_ioc_cmd)
MMC_IOC_MULTI_CMD = 0xC008B301  # _IOWR(MMC_BLOCK_MAJOR, 1, struct mmc_ioc_multi_cmd)
BLKSECDISCARD = 0x127D  # _IO(0x12, 125), u64 start, u64 length in bytes


class MmcAccess(Protocol):
    """The way to one open eMMC area. Each raises OSError where the kernel or the device said no;
    each may block until the device has done it: call it beside (surface.pipeline)."""

    def read(self, device: BlockFile, command: MmcCommand) -> bytes: ...

    def send(self, device: BlockFile, commands: Sequence[MmcCommand]) -> tuple[int, ...]: ...

    def secure_erase(self, device: BlockFile, offset: int, length: int) -> None: ...


class KernelMmc:
    """Implements MmcAccess. The kernel switches to the area that the device file stands for, and
    waits for the end of a busy command."""

    def read(self, device: BlockFile, command: MmcCommand) -> bytes:
        """The data block that `command` reads."""
        data = bytearray(command.read_bytes)
        packed = bytearray(_pack(command, ctypes.addressof(ctypes.c_char.from_buffer(data))))
        device.ioctl(MMC_IOC_CMD, packed)
        return bytes(data)

    def send(self, device: BlockFile, commands: Sequence[MmcCommand]) -> tuple[int, ...]:
        """Commands without data, one after the other with nothing in between. Gives the first
        word of each response: the Device status (R1)."""
        packed = bytearray(struct.pack("=Q", len(commands)))
        for command in commands:
            packed += _pack(command)
        device.ioctl(MMC_IOC_MULTI_CMD, packed)
        done = (packed[at : at + COMMAND.size] for at in range(8, len(packed), COMMAND.size))
        return tuple(int.from_bytes(answer[_RESPONSE], "little") for answer in done)

    def secure_erase(self, device: BlockFile, offset: int, length: int) -> None:
        """BLKSECDISCARD: the kernel gives SECURE ERASE, or SECURE TRIM where the range does not
        fit erase groups. EOPNOTSUPP where the device is known to do it badly."""
        device.ioctl(BLKSECDISCARD, bytearray(struct.pack("=QQ", offset, length)))


def _pack(command: MmcCommand, address: int = 0) -> bytes:
    blocks = 1 if command.read_bytes else 0
    return COMMAND.pack(
        *(0, 0, command.opcode, command.argument),
        *(0, 0, 0, 0),
        *(command.flags, command.read_bytes, blocks),
        *(0, 0, 0, command.timeout_ms, 0),
        address,
    )
