"""What is written after the files of a system, and beside them: read back from the drive. It is
what starts the PC, and other programs write it, through the kernel's memory."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from reprise.adapters.drives.blockio import BlockFile, aligned_buffer
from reprise.adapters.install.steps import InstallProblem
from reprise.domain.install.images import InstallFailure

# Boot code, partition table and GRUB's core image, which ends with its partition at 2 MiB (see
# tools.sfdisk). At the end the table's second copy, entries and header (UEFI Specification 2.10,
# 5.3): nothing more, as a file system that is still at work may reach up to there.
_HEAD_BYTES = 2 << 20
_ENTRIES_BYTES = 128 * 128
# Kernels, initramfs and boot menu; accounts, names, and how the root is opened; the first start.
_MADE_IN = ("boot", "etc", "var/lib/reprise")


@dataclass(frozen=True, slots=True)
class BootArea:
    """Both ends of a drive as they were written: of the kernel's memory, so to be taken as soon as
    they are, while they are still there."""

    node: str
    spans: tuple[tuple[int, bytes], ...]  # where it begins in bytes, and what stands there

    def check(self) -> None:
        """Raises InstallProblem where the drive does not give that back, OSError."""
        with BlockFile(self.node, writable=False, exclusive=False) as device:
            device.flush()
            device.drop_cache()
            for offset, written in self.spans:
                found = aligned_buffer(len(written))
                device.read_into(offset, found)
                if found != written:
                    raise InstallProblem(InstallFailure.NOT_AS_WRITTEN, f"{self.node}: {offset}")


def boot_area(node: str) -> BootArea:
    """Raises OSError."""
    with BlockFile(node, writable=False, exclusive=False) as device:
        tail = _ENTRIES_BYTES + device.logical_bytes
        places = ((0, _HEAD_BYTES), (device.size_bytes - tail, tail))
    with Path(node).open("rb") as cached:
        return BootArea(node, tuple((at, _cached(cached, at, length)) for at, length in places))


def _cached(file: BinaryIO, at: int, length: int) -> bytes:
    file.seek(at)
    return file.read(length)


@dataclass(frozen=True, slots=True)
class MadeFiles:
    """Files that are not as the image has them: what was configured, and made by the system's own
    programs; by their names under the root."""

    digests: Mapping[str, bytes]

    def check(self, root: Path) -> None:
        """`root`: mounted anew, so that they come from the drive. Raises InstallProblem."""
        found = made_files(root).digests
        for name in sorted(self.digests.keys() | found.keys()):
            if self.digests.get(name) != found.get(name):
                raise InstallProblem(InstallFailure.NOT_AS_WRITTEN, f"/{name}")


def made_files(root: Path) -> MadeFiles:
    """Of the folders that hold what a start needs; links by where they lead. Raises OSError."""
    digests = {}
    for folder in _MADE_IN:
        for path in (root / folder).rglob("*"):
            kind = path.lstat().st_mode
            if stat.S_ISLNK(kind):
                told = os.fsencode(path.readlink())
            elif stat.S_ISREG(kind):
                with path.open("rb") as file:
                    told = hashlib.file_digest(file, "sha256").digest()
            else:
                continue
            digests[str(path.relative_to(root))] = told
    return MadeFiles(digests)
