"""Systems to install for the tests: small trees that have all the names that a system needs, and
raw images of a drive. No program in them runs."""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

from disks.rig import tool

MIB = 1 << 20
NEEDED = (
    "boot/vmlinuz-6.1",
    "boot/initrd.img-6.1",
    "usr/sbin/update-grub",
    "usr/sbin/grub-install",
    "usr/sbin/useradd",
    "usr/lib/grub/i386-pc/boot.img",
    "usr/lib/shim/shimx64.efi.signed",
    "usr/lib/shim/mmx64.efi.signed",
    "usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed",
)


def make_tree(root: Path, *, without: Sequence[str] = (), also: Sequence[str] = ()) -> Path:
    for name in (*NEEDED, *also):
        if name not in without:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(os.urandom(3000))
    (root / "etc/default").mkdir(parents=True)
    for name in ("passwd", "group"):
        (root / "etc" / name).write_text("root:x:0:\n")
    (root / "usr/lib/os-release").write_text("NAME=Toy\nID=toy\nID_LIKE=debian\n")
    (root / "etc/os-release").symlink_to("../usr/lib/os-release")
    (root / "srv").mkdir()
    (root / "srv/odd\\x2d name\n").symlink_to("odd\\x2d target")
    (root / "srv/large").write_bytes(os.urandom(3 * MIB + 17))
    os.link(root / "srv/large", root / "srv/hard link")
    (root / "srv/owned").write_text("x")
    os.chown(root / "srv/owned", 12345, 23456)
    (root / "srv/owned").chmod(0o4750)
    return root


def make_squashfs(tree: Path, file: Path, *options: str) -> Path:
    tool("mksquashfs", str(tree), str(file), "-noappend", "-quiet", "-no-progress", *options)
    return file


def make_tar(tree: Path, file: Path, *options: str) -> Path:
    tool("tar", "--create", *options, "--file", str(file), "--directory", str(tree), ".")
    return file


def make_disk(file: Path, size: int = 48 * MIB) -> Path:
    """A GPT with one partition, boot code, and other bytes all through."""
    with file.open("wb") as raw:
        while raw.tell() < size:
            raw.write(os.urandom(MIB))
        raw.seek(0)
        raw.write(bytes(MIB))
        raw.seek(size - MIB)
        raw.write(bytes(MIB))
    script = b"label: gpt\nstart=2048, type=L\n"
    subprocess.run(["sfdisk", "--quiet", str(file)], input=script, check=True, capture_output=True)
    with file.open("r+b") as raw:
        raw.write(b"\xeb\x63BOOT CODE")
    return file


def make_iso_like(file: Path) -> Path:
    """The head of a hybrid ISO: a volume descriptor, and a partition table before it."""
    head = bytearray(40960)
    head[446:462] = struct.pack("<B3sB3sII", 0x80, b"\0\0\0", 0x17, b"\0\0\0", 64, 1000)
    head[510:512] = b"\x55\xaa"
    head[32768:32774] = b"\x01CD001"
    file.write_bytes(head)
    return file


def make_wrong(what: str, folder: Path) -> Path:
    """A file that is nothing to install; `what`: why."""
    file, tree = folder / what, folder / "tree"
    without = ["boot/vmlinuz-6.1"] if what == "bare" else []
    also = ["usr/share/initramfs-tools/scripts/casper"] if what == "live" else []
    make_tree(tree, without=without, also=also)
    if what == "foreign":
        (tree / "usr/lib/os-release").write_text("ID=fedora\n")
    if what in ("live", "bare", "cut.squashfs"):
        make_squashfs(tree, file)
    elif what in ("foreign", "cut"):
        make_tar(tree, file, *(["--zstd"] if what == "cut" else []))
    elif what == "out":
        make_tar(tree, file, "--transform", "s,^./srv/large,../../evil,", "-P")
    elif what == "squashfs.gz":
        tool("gzip", str(make_squashfs(tree, folder / "squashfs")))
    elif what != "nothing":
        _other(what, file)
    if what.startswith("cut"):
        os.truncate(file, file.stat().st_size - 5000)
    return file


def _other(what: str, file: Path) -> None:
    if what == "iso":
        make_iso_like(file)
    elif what == "qcow2":
        file.write_bytes(b"QFI\xfb" + bytes(65536))
    else:
        with file.open("wb") as raw:
            raw.truncate(16 * MIB)
        tool("mkfs.ext4", "-q", str(file))
