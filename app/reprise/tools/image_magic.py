"""What a file is that somebody offers as a system to install, from its first bytes. Pure.

squashfs: Linux, Documentation/filesystems/squashfs.rst and fs/squashfs/squashfs_fs.h. tar: POSIX
pax, "ustar Interchange Format". zstd: RFC 8878, 3.1.1. gzip: RFC 1952, 2.3.1. xz: The .xz File
Format 1.2.1, 2.1.1.1. ISO 9660: ECMA-119, 8.4. GPT: UEFI Specification 2.10, 5.3.2.
"""

from __future__ import annotations

from enum import StrEnum

HEAD_BYTES = 36864  # reaches behind an ISO's volume descriptor


class Packing(StrEnum):
    """Around an image; the value is what it adds to the file's name."""

    NONE = ""
    GZIP = ".gz"
    XZ = ".xz"
    ZSTD = ".zst"


class Content(StrEnum):
    SQUASHFS = "squashfs"
    TAR = "tar"
    DISK = "disk"  # a partition table in sector 0
    DISK_4K = "disk-4k"  # one of a drive whose sectors have 4096 bytes
    ISO = "iso"  # also the hybrid ones that have a partition table
    VIRTUAL_DISK = "virtual-disk"  # in a virtual machine's own format
    UNKNOWN = "unknown"


_PACKED = (
    (b"\x1f\x8b\x08", Packing.GZIP),
    (b"\xfd7zXZ\x00", Packing.XZ),
    (b"\x28\xb5\x2f\xfd", Packing.ZSTD),
)
# QEMU docs/interop/qcow2.txt; VMware "Virtual Disk Format 5.0"; VirtualBox VDICore.h;
# Microsoft [MS-VHDX] 2.2.1.
_VIRTUAL = ((0, b"QFI\xfb"), (0, b"KDMV"), (0, b"# Disk DescriptorFile"), (0, b"vhdxfile"))
_VDI = (64, b"\x7f\x10\xda\xbe")

# Unpacks stdin to stdout, on all cores where the tool can.
_UNPACK = {
    Packing.GZIP: ("gzip", "-dcq"),
    Packing.XZ: ("xz", "-dcq", "-T0"),
    Packing.ZSTD: ("zstd", "-dcq", "-T0"),
}


def packing_of(head: bytes) -> Packing:
    return next((kind for magic, kind in _PACKED if head.startswith(magic)), Packing.NONE)


def argv_unpack(packing: Packing) -> tuple[str, ...]:
    """Raises KeyError for NONE."""
    return _UNPACK[packing]


def content_of(head: bytes) -> Content:
    """From the first HEAD_BYTES of what is not packed (any more)."""
    if head[:4] == b"hsqs":
        return Content.SQUASHFS
    if head[257:262] == b"ustar":
        return Content.TAR
    if head[32768:32774] == b"\x01CD001":
        return Content.ISO
    if any(head[at : at + len(magic)] == magic for at, magic in (*_VIRTUAL, _VDI)):
        return Content.VIRTUAL_DISK
    return _disk(head)


def _disk(head: bytes) -> Content:
    if head[510:512] != b"\x55\xaa":
        return Content.UNKNOWN
    if has_gpt(head, 4096) and not has_gpt(head, 512):
        return Content.DISK_4K
    table = head[446:510]
    entries = [table[at : at + 16] for at in range(0, 64, 16)]
    # A boot sector of FAT or NTFS has the signature, too, and code where the entries would be.
    sound = all(entry[0] in (0, 0x80) for entry in entries)
    return Content.DISK if sound and any(entry[4] for entry in entries) else Content.UNKNOWN


def has_gpt(head: bytes, sector_bytes: int) -> bool:
    return head[sector_bytes : sector_bytes + 8] == b"EFI PART"
