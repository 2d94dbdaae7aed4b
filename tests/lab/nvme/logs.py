"""Log pages (Base 5.16.1)."""

from __future__ import annotations

import struct

from lab.nvme.codes import Admin, Io, Oacs, Status
from lab.nvme.config import NvmeFault
from lab.nvme.subsystem import Subsystem

_ROOM_TEMPERATURE_K = 300


def smart(subsystem: Subsystem) -> bytes:
    """02h, SMART / Health Information: 512 bytes."""
    data = bytearray(512)
    struct.pack_into("<BHBBB", data, 0, 0, _ROOM_TEMPERATURE_K, 100, 10, 1)
    counters = {
        64: subsystem.io[Io.READ],
        80: subsystem.io[Io.WRITE],
        112: 10 + subsystem.power_cuts,
        128: 100,
        144: subsystem.power_cuts,
        160: subsystem.media_errors,
    }
    for offset, value in counters.items():
        data[offset : offset + 16] = value.to_bytes(16, "little")
    return bytes(data)


def firmware(subsystem: Subsystem) -> bytes:
    """03h, Firmware Slot Information."""
    return (b"\1".ljust(8, b"\0") + subsystem.config.firmware.encode().ljust(8)).ljust(512, b"\0")


def changed(subsystem: Subsystem) -> bytes:
    """04h, Changed Namespace List; reading clears it."""
    numbers = sorted(set(subsystem.changed))
    subsystem.changed.clear()
    return struct.pack(f"<{len(numbers)}I", *numbers).ljust(4096, b"\0")


def effects(subsystem: Subsystem) -> bytes:
    """05h, Commands Supported and Effects: b0 supported, b1 LBA content, b2 namespace
    capabilities, b3 namespace inventory, b18:16 not beside other commands."""
    config, admin, io = subsystem.config, [0] * 256, [0] * 256
    for opcode in Admin:
        admin[opcode] = 1
    admin[Admin.FORMAT_NVM] = 0b111 | 0b010 << 16 if config.oacs & Oacs.FORMAT else 0
    admin[Admin.SANITIZE] = 0b011 | 0b010 << 16 if config.sanicap & 7 else 0
    for opcode in (Admin.NAMESPACE_MANAGEMENT, Admin.NAMESPACE_ATTACHMENT):
        admin[opcode] = 0b1001 if config.oacs & Oacs.NAMESPACE_MANAGEMENT else 0
    for command in Io:
        io[command] = 0b01 if command in (Io.READ, Io.FLUSH) else 0b11
    return struct.pack("<512I", *admin, *io).ljust(4096, b"\0")


def sanitize_status(subsystem: Subsystem) -> bytes:
    """81h, Sanitize Status: SPROG, SSTAT, SCDW10, estimated times."""
    now, times = subsystem.sanitizing, subsystem.config.sanitize_estimates_s
    head = struct.pack("<HHI", now.sprog, now.sstat, now.order.cdw10)
    return (head + struct.pack("<6I", *times, *times)).ljust(512, b"\0")


def log_page(subsystem: Subsystem, page: int) -> bytes | Status:
    """The whole page, or why not."""
    makers = {
        0x01: lambda _subsystem: bytes(64 * 16),
        0x02: smart,
        0x03: firmware,
        0x04: changed,
        0x05: effects,
    }
    no_sanitize = subsystem.faulty(NvmeFault.NO_SANITIZE_LOG) or not subsystem.config.sanicap & 7
    if not no_sanitize:
        makers[0x81] = sanitize_status
    maker = makers.get(page)
    return Status.INVALID_LOG_PAGE if maker is None else maker(subsystem)
