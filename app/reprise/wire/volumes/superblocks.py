"""How full a file system is, where its first blocks tell. Sizes in bytes; None: not told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
    """Microsoft FAT specification (fatgen103): the BPB, and FSInfo of FAT32 or the table itself of
    FAT16."""
    boot = read(0, 512)
    sector = power_of_two(little(boot, 11, 2), 512, 4096)
    cluster = power_of_two(little(boot, 13, 1), 1, 128) * sector
    reserved, tables = little(boot, 14, 2), little(boot, 16, 1)
    table_sectors = little(boot, 22, 2) or little(boot, 36, 4)
    sectors = little(boot, 19, 2) or little(boot, 32, 4)
    root = -(-little(boot, 17, 2) * 32 // sector)
    clusters = (sectors - reserved - tables * table_sectors - root) * sector // cluster
    if clusters < 4085:  # FAT12: floppies
        return None
    if clusters >= 65525:
        return _fat32_used(read, little(boot, 48, 2) * sector, clusters, cluster)
    table = read(reserved * sector, (clusters + 2) * 2)
    free = sum(not any(table[at : at + 2]) for at in range(4, len(table), 2))
    return used_of(clusters, free, cluster)


def _fat32_used(read: Read, info_at: int, clusters: int, cluster: int) -> int | None:
    info = read(info_at, 512)
    _expect(info[:4] + info[484:488], b"RRaArrAa")
    free = little(info, 488, 4)
    return None if free == _NOT_KNOWN else used_of(clusters, free, cluster)


def exfat_used(read: Read) -> int | None:
    """Microsoft exFAT specification, 3.1 (boot sector) and 7.1 (allocation bitmap), which every
    formatter writes in one piece."""
    boot = read(0, 512)
    _expect(boot[3:11], b"EXFAT   ")
    if not (9 <= boot[108] <= 12 and boot[108] + boot[109] <= 25):
        raise ValueError("exFAT: sizes out of range")
    sector = 1 << boot[108]
    cluster = sector << boot[109]
    heap, clusters, root = (little(boot, at, 4) for at in (88, 92, 96))

    def place(number: int) -> int:
        if not 2 <= number < clusters + 2:
            raise ValueError(f"exFAT: no cluster {number}")
        return heap * sector + (number - 2) * cluster

    entries = read(place(root), min(cluster, 4096))
    for at in range(0, len(entries), 32):
        if entries[at] == 0x81:
            first = place(little(entries, at + 20, 4))
            return bits_set(read, first, clusters) * cluster
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
    found = 0
    for at in range(0, length, MOST_AT_ONCE):
        part = int.from_bytes(read(offset + at, min(MOST_AT_ONCE, length - at)), "little")
        left = count - at * 8
        found += (part & ((1 << left) - 1) if left < MOST_AT_ONCE * 8 else part).bit_count()
    return found


def _expect(found: bytes, magic: bytes) -> None:
    if found != magic:
        raise ValueError(f"{magic!r} expected")
