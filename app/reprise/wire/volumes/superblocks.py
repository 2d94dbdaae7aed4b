"""How full a file system is, where its first blocks tell. Sizes in bytes; None: not told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reprise.wire.volumes.fat import FatShape, exfat_shape, fat_shape
from reprise.wire.volumes.reading import MOST_AT_ONCE, Read, big, little, power_of_two, used_of

_NOT_KNOWN = 0xFFFFFFFF  # of FSInfo
_MOST_BITMAP_BYTES = 64 << 20


def xfs_used(read: Read) -> int | None:
    """Linux 6.12, fs/xfs/libxfs/xfs_format.h, struct xfs_dsb."""
    block = read(0, 512)
    _expect(block[:4], b"XFSB")
    size = power_of_two(big(block, 4, 4), 512, 65536)
    total, log = big(block, 8, 8), big(block, 96, 4)
    return used_of(total - log, big(block, 144, 8), size)


def btrfs_used(read: Read) -> int | None:
    """Linux 6.12, include/uapi/linux/btrfs_tree.h, struct btrfs_super_block. Of a file system on
    several devices it tells the sum alone."""
    block = read(0x10000, 4096)
    _expect(block[0x40:0x48], b"_BHRfS_M")
    total, used, devices = (little(block, at, 8) for at in (0x70, 0x78, 0x88))
    if devices != 1:
        return None
    return used_of(total, total - used, 1)


def fat_used(read: Read) -> int | None:
    """FSInfo of FAT32, or the table itself of FAT16. None of FAT12: floppies."""
    boot = read(0, 512)
    shape = fat_shape(boot)
    if shape.bits == 12:
        return None
    if shape.bits == 32:
        return _fat32_used(read, little(boot, 48, 2) * shape.sector, shape)
    table = read(shape.table, (shape.clusters + 2) * 2)
    free = sum(not any(table[at : at + 2]) for at in range(4, len(table), 2))
    return used_of(shape.clusters, free, shape.cluster)


def _fat32_used(read: Read, info_at: int, shape: FatShape) -> int | None:
    info = read(info_at, 512)
    _expect(info[:4] + info[484:488], b"RRaArrAa")
    free = little(info, 488, 4)
    return None if free == _NOT_KNOWN else used_of(shape.clusters, free, shape.cluster)


def exfat_used(read: Read) -> int | None:
    """Microsoft exFAT specification, 7.1 (allocation bitmap), which every formatter writes in one
    piece."""
    shape = exfat_shape(read(0, 512))
    entries = read(shape.place(shape.root), min(shape.cluster, 4096))
    for at in range(0, len(entries), 32):
        if entries[at] == 0x81:
            first = shape.place(little(entries, at + 20, 4))
            return bits_set(read, first, shape.clusters) * shape.cluster
        if entries[at] == 0:
            break
    return None


def hfsplus_used(read: Read) -> int | None:
    """Apple TN1150, volume header."""
    header = read(1024, 512)
    if header[:2] not in (b"H+", b"HX"):
        raise ValueError("HFS+: no volume header")
    size = power_of_two(big(header, 40, 4), 512, 1 << 20)
    return used_of(big(header, 44, 4), big(header, 48, 4), size)


# By libblkid's name of the file system. NTFS and ext have readers of their own.
USED: Mapping[str, Callable[[Read], int | None]] = {
    "xfs": xfs_used,
    "btrfs": btrfs_used,
    "vfat": fat_used,
    "exfat": exfat_used,
    "hfsplus": hfsplus_used,
}


def bits_set(read: Read, offset: int, count: int) -> int:
    """Of `count` bits from there. Raises ValueError where that is more than a drive has."""
    length = -(-count // 8)
    if length > _MOST_BITMAP_BYTES:
        raise ValueError(f"a bitmap of {length} bytes")
    bits = 0
    for at in range(0, length, MOST_AT_ONCE):
        part = int.from_bytes(read(offset + at, min(MOST_AT_ONCE, length - at)), "little")
        left = count - at * 8
        bits += (part & ((1 << left) - 1) if left < MOST_AT_ONCE * 8 else part).bit_count()
    return bits


def _expect(found: bytes, magic: bytes) -> None:
    if found != magic:
        raise ValueError(f"{magic!r} expected")
