"""The partition table of the stick (MBR) and the labels of what lies on it, from raw bytes.

MBR: UEFI Specification 2.10 §5.2.1. ISO 9660 primary volume descriptor: ECMA-119 §8.4.
FAT32 boot sector: Microsoft FAT specification 1.03, "BPB" and "FAT32 structure from offset 36".
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from reprise.domain.station.stick import SECTOR_BYTES

MBR_BYTES = 512
PVD_OFFSET_BYTES = 16 * 2048
PVD_BYTES = 2048
TYPE_FAT32_LBA = 0x0C
_PROTECTIVE = 0xEE  # a GPT lies behind: not the image's own table
_TABLE, _ENTRY_BYTES, _ENTRIES = 446, 16, 4
_ALIGN = 2048  # sectors: 1 MiB, a multiple of every flash block we know of
# CHS of a partition that is only addressed by LBA, as partitioning tools write it.
_CHS_UNUSED = b"\xfe\xff\xff"


@dataclass(frozen=True, slots=True)
class MbrEntry:
    number: int  # 1…4
    kind: int  # type byte; 0: empty
    start: int  # sectors of 512 bytes
    sectors: int

    @property
    def end(self) -> int:
        return self.start + self.sectors


@dataclass(frozen=True, slots=True)
class IsoVolume:
    """`uuid` as blkid writes it: the modification time, e.g. 2026-11-24-16-05-00-00."""

    label: str
    sectors: int  # of 512 bytes
    uuid: str


def parse_mbr(sector: bytes) -> tuple[MbrEntry, ...] | None:
    """The four entries; None where this is no MBR, or only the cover of a GPT."""
    if len(sector) < MBR_BYTES or sector[510:512] != b"\x55\xaa":
        return None
    entries = []
    for index in range(_ENTRIES):
        raw = sector[_TABLE + index * _ENTRY_BYTES :][:_ENTRY_BYTES]
        start, sectors = struct.unpack("<II", raw[8:16])
        entries.append(MbrEntry(index + 1, raw[4], start, sectors))
    if any(entry.kind == _PROTECTIVE for entry in entries):
        return None
    return tuple(entries)


def free_room(entries: tuple[MbrEntry, ...], used_sectors: int, disk_sectors: int) -> MbrEntry:
    """What is unallocated behind everything on the disk, on whole MiB; 0 sectors: nothing.

    `used_sectors`: how far the ISO itself reaches, whatever the table says. MBR addresses 2**32
    sectors; what lies behind stays unused.
    """
    after = end_of_contents(entries, used_sectors)
    start = -(-after // _ALIGN) * _ALIGN
    end = min(disk_sectors, 2**32 - 1) // _ALIGN * _ALIGN
    return MbrEntry(0, TYPE_FAT32_LBA, start, max(0, end - start))


def end_of_contents(entries: tuple[MbrEntry, ...], used_sectors: int) -> int:
    """The first sector behind everything; `used_sectors` as above."""
    return max([used_sectors, 1, *(entry.end for entry in entries if entry.kind)])


def with_entry(sector: bytes, entry: MbrEntry) -> bytes:
    """The same MBR with one more entry. Raises ValueError where its place is taken."""
    at = _TABLE + (entry.number - 1) * _ENTRY_BYTES
    if any(sector[at : at + _ENTRY_BYTES]):
        raise ValueError(f"entry {entry.number} is in use")
    raw = b"\0" + _CHS_UNUSED + bytes([entry.kind]) + _CHS_UNUSED
    raw += struct.pack("<II", entry.start, entry.sectors)
    return sector[:at] + raw + sector[at + _ENTRY_BYTES :]


def parse_iso(descriptor: bytes) -> IsoVolume | None:
    """From the 2048 bytes at PVD_OFFSET_BYTES; None where there is no ISO 9660 volume."""
    if len(descriptor) < PVD_BYTES or descriptor[:6] != b"\x01CD001":
        return None
    label = descriptor[40:72].decode("ascii", "replace").rstrip(" \0")
    blocks, block_bytes = struct.unpack("<I", descriptor[80:84])[0], 2048
    stamp = descriptor[830:846].decode("ascii", "replace")
    parts = (stamp[:4], *(stamp[i : i + 2] for i in range(4, 16, 2)))
    return IsoVolume(label, blocks * block_bytes // SECTOR_BYTES, "-".join(parts))


# Where each has its name and its serial number: the specification as above, and exFAT's (Microsoft,
# exFAT file system specification, §3.1). By libblkid's names.
_FATS = (
    ("vfat", 82, b"FAT32   ", 67),
    ("vfat", 54, b"FAT16   ", 39),
    ("vfat", 54, b"FAT12   ", 39),
    ("exfat", 3, b"EXFAT   ", 100),
)


def _fat(sector: bytes) -> tuple[str, int] | None:
    if len(sector) < MBR_BYTES or sector[510:512] != b"\x55\xaa":
        return None
    matches = ((kind, serial) for kind, at, name, serial in _FATS if sector[at : at + 8] == name)
    return next(matches, None)


def parse_fat_kind(sector: bytes) -> str | None:
    """As blkid calls it: "vfat" or "exfat"; None where it bears neither's name."""
    fat = _fat(sector)
    return fat[0] if fat else None


def parse_fat_serial(sector: bytes) -> str | None:
    """The volume's serial number as blkid writes it (ABCD-1234), which is its UUID there. None
    where this is no boot sector of FAT or exFAT."""
    fat = _fat(sector)
    if fat is None:
        return None
    number = struct.unpack("<I", sector[fat[1] : fat[1] + 4])[0]
    return f"{number >> 16:04X}-{number & 0xFFFF:04X}"


def parse_fat32_label(sector: bytes) -> str | None:
    """None where this is no FAT32 boot sector."""
    if len(sector) < 512 or sector[510:512] != b"\x55\xaa" or sector[82:90] != b"FAT32   ":
        return None
    return sector[71:82].decode("ascii", "replace").rstrip(" \0")
