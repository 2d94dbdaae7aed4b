"""Sticks for the tests: loop devices with the image's layout (see tools/mbr.py), made and taken
down by the test itself."""

from __future__ import annotations

import hashlib
import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from disks.rig import tool

ISO_SECTORS = 20 * 2048
EFI_SECTORS = 4 * 2048
STAMP = b"2026112416050000"
UUID = "2026-11-24-16-05-00-00"


def make_stick(path: Path, size_mib: int, label: bytes = b"REPRISE_LIVE") -> None:
    """p1 start 64 type 0x17: ISO 9660; p2 type 0xEF; the rest free."""
    image = bytearray(os.urandom((ISO_SECTORS + EFI_SECTORS) * 512))
    entries = ((0x80, 0x17, 64, ISO_SECTORS - 64), (0, 0xEF, ISO_SECTORS, EFI_SECTORS))
    image[446:510] = bytes(64)
    for number, (boot, kind, start, sectors) in enumerate(entries):
        raw = bytes([boot, 0, 2, 0, kind, 0, 2, 0]) + struct.pack("<II", start, sectors)
        image[446 + 16 * number : 462 + 16 * number] = raw
    image[510:512] = b"\x55\xaa"
    volume = bytearray(2048)
    volume[:6] = b"\x01CD001"
    volume[40:72] = label.ljust(32)
    volume[80:84] = struct.pack("<I", ISO_SECTORS // 4)
    volume[830:846] = STAMP
    image[32768 : 32768 + 2048] = volume
    with path.open("wb") as file:
        file.write(image)
        file.truncate(size_mib * 1024 * 1024)


def make_iso(folder: Path, payload_mib: int = 18, label: str = "REPRISE_LIVE") -> Path:
    """An ISO with the layout of the image (live-build/build.sh), and its .sha256 beside it."""
    tree, efi, iso = folder / "tree", folder / "efi.img", folder / "reprise.iso"
    (tree / "live").mkdir(parents=True, exist_ok=True)
    (tree / "live/filesystem.squashfs").write_bytes(os.urandom(payload_mib << 20))
    with efi.open("wb") as file:
        file.truncate(4 << 20)
    tool("mkfs.vfat", "-n", "EFI", str(efi))
    tool(
        *("xorriso", "-as", "mkisofs", "-quiet", "-R", "-J", "-V", label),
        *("-partition_offset", "16", "-iso_mbr_part_type", "0x17", "--mbr-force-bootable"),
        *("-append_partition", "2", "0xef", str(efi)),
        *("-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot"),
        *("-o", str(iso), str(tree)),
    )
    total = hashlib.sha256(iso.read_bytes()).hexdigest()
    iso.with_name("reprise.iso.sha256").write_text(f"{total}  reprise.iso\n")
    return iso


@contextmanager
def looped(path: Path, *, read_only: bool = False) -> Iterator[str]:
    """The loop device's node."""
    argv = ["losetup", "--find", "--show", "--partscan", str(path)]
    if read_only:
        argv.insert(1, "--read-only")
    node = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()
    try:
        # Not every kernel reads MBR tables of loop devices by itself.
        subprocess.run(["partx", "--add", node], check=False, capture_output=True)
        yield node
    finally:
        subprocess.run(["partx", "--delete", node], check=False, capture_output=True)
        subprocess.run(["losetup", "--detach", node], check=True)
