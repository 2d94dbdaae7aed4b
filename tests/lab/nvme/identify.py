"""Data of the Identify command (Base 5.17, NVM 4.1.5)."""

from __future__ import annotations

import struct

from lab.nvme.codes import Status
from lab.nvme.config import LBA_FORMATS, NvmeConfig
from lab.nvme.subsystem import SECTOR, Namespace, Subsystem

BYTES = 4096
CONTROLLER_ID = 1
VERSION = 0x0001_0400  # 1.4: a host then asks for no structure that came with 2.0
MDTS = 8  # maximum data transfer: 2^8 pages of 4 KiB
IN_CAPSULE_BYTES = 8192  # of an I/O command's capsule (NVMe/TCP 1.0, 3.3.1.1)
MAX_NAMESPACES = 32


def _put(data: bytearray, offset: int, kind: str, *values: int) -> None:
    struct.pack_into(f"<{kind}", data, offset, *values)


def _text(data: bytearray, offset: int, width: int, text: str) -> None:
    data[offset : offset + width] = text.encode("ascii").ljust(width)[:width]


def controller(subsystem: Subsystem) -> bytes:
    """CNS 01h, figure "Identify Controller Data Structure"."""
    config, data = subsystem.config, bytearray(BYTES)
    _text(data, 4, 20, subsystem.serial)
    _text(data, 24, 40, config.model)
    _text(data, 64, 8, config.firmware)
    _put(data, 77, "B", MDTS)
    _put(data, 78, "H", CONTROLLER_ID)
    _put(data, 80, "I", VERSION)
    _put(data, 92, "I", 1 << 8)  # OAES: Namespace Attribute Notices
    data[111] = 1  # CNTRLTYPE: I/O controller
    _put(data, 256, "H", config.oacs)
    data[258] = data[259] = 3  # ACL, AERL: four each
    data[260], data[261] = 0b11, 0b110  # FRMW: one slot, read-only; LPA: effects, extended data
    data[262] = 15  # ELPE
    _put(data, 266, "HH", 358, 368)  # WCTEMP, CCTEMP, kelvins
    _capacity(data, 280, subsystem)
    _put(data, 320, "H", 10)  # KAS: units of 100 ms
    _put(data, 328, "I", config.sanicap)
    data[512], data[513] = 0x66, 0x44  # SQES, CQES: 64 and 16 bytes
    _put(data, 514, "H", 128)  # MAXCMD
    _put(data, 516, "I", MAX_NAMESPACES)
    _put(data, 520, "H", 0b1100)  # ONCS: Dataset Management, Write Zeroes
    data[524] = config.fna
    data[525] = 0b111  # VWC: present; Flush takes the broadcast NSID
    _put(data, 536, "I", 1 << 20 | 1)  # SGLS: offset in the capsule; dword granularity
    data[768 : 768 + 256] = config.subnqn.encode().ljust(256, b"\0")
    _put(data, 1792, "II", (64 + IN_CAPSULE_BYTES) // 16, 1)  # IOCCSZ, IORCSZ: 16 bytes each
    data[1803] = 1  # MSDBD
    _put(data, 2048, "H", 800)  # PSD0: 8 W
    return bytes(data)


def _capacity(data: bytearray, offset: int, subsystem: Subsystem) -> None:
    """TNVMCAP and UNVMCAP, 16 bytes each."""
    parts = [one.media for one in subsystem.namespaces.values()] + [subsystem.unallocated]
    total = sum(media.sectors for media in parts) * SECTOR
    data[offset : offset + 16] = total.to_bytes(16, "little")
    left = subsystem.unallocated.sectors * SECTOR
    data[offset + 16 : offset + 32] = left.to_bytes(16, "little")


def namespace(config: NvmeConfig, one: Namespace) -> bytes:
    """CNS 00h and 11h, figure "Identify Namespace Data Structure"."""
    data = bytearray(BYTES)
    _put(data, 0, "QQQ", one.sectors, one.sectors, one.sectors)
    data[25], data[26] = len(LBA_FORMATS) - 1, one.lba_format
    data[32] = 0x80 | (50 if one.formatting else 0)  # FPI: percent that remains
    data[33] = config.dlfeat
    data[99] = one.write_protected  # NSATTR bit 0
    size = one.sectors * one.sector_bytes
    data[48:64] = size.to_bytes(16, "little")
    data[104:120] = config.nguid(one.nsid)
    for index, width in enumerate(LBA_FORMATS):
        data[128 + 4 * index + 2] = width.bit_length() - 1  # LBADS
    return bytes(data)


def descriptors(config: NvmeConfig, one: Namespace) -> bytes:
    """CNS 03h: the NGUID, then the end."""
    return (b"\2\x10\0\0" + config.nguid(one.nsid)).ljust(BYTES, b"\0")


def number_list(numbers: list[int], kind: str = "I") -> bytes:
    return struct.pack(f"<{len(numbers)}{kind}", *numbers).ljust(BYTES, b"\0")


def identify(subsystem: Subsystem, cns: int, nsid: int) -> bytes | Status:
    """The data, or why not."""
    every = sorted(subsystem.namespaces)
    active = [number for number in every if subsystem.namespaces[number].attached]
    if cns == 0x01:
        return controller(subsystem)
    if cns in (0x02, 0x10):
        return number_list([n for n in (active if cns == 0x02 else every) if n > nsid])
    if cns in (0x12, 0x13):
        attached = cns == 0x13 or nsid in active
        return number_list([1, CONTROLLER_ID] if attached else [0], "H")
    if cns == 0x06:
        return bytes(BYTES)  # no limits but MDTS
    return _of_namespace(subsystem, cns, nsid)


def _of_namespace(subsystem: Subsystem, cns: int, nsid: int) -> bytes | Status:
    if cns not in (0x00, 0x03, 0x11):
        return Status.INVALID_FIELD
    if cns == 0x00 and nsid == 0xFFFF_FFFF:
        common = Namespace(nsid, subsystem.unallocated, 0)
        data = bytearray(namespace(subsystem.config, common))
        data[0:24], data[48:64], data[104:120] = bytes(24), bytes(16), bytes(16)
        return bytes(data)
    if not 1 <= nsid <= MAX_NAMESPACES:
        return Status.INVALID_NAMESPACE
    one = subsystem.namespaces.get(nsid)
    if one is None or (cns != 0x11 and not one.attached):
        return bytes(BYTES) if cns != 0x03 else Status.INVALID_FIELD
    if cns == 0x03:
        return descriptors(subsystem.config, one)
    return namespace(subsystem.config, one)
