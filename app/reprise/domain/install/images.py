"""The light systems that can be installed, and every way in which an install can fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# Firmware and graphics take their part of the memory that is built in, and the kernel counts the
# rest: a PC of 2 GiB has some 1.9 GiB for it, and 1.5 GiB where the graphics take 512 MiB.
_LEFT_OF_MEMORY = (7, 10)


class ImageKind(StrEnum):
    """What the file of an image is."""

    SQUASHFS = "squashfs"  # a root file system
    TAR = "tar"  # a root file system; may be packed with gzip, xz or zstd
    RAW = "raw"  # a whole drive, partition table and boot loader with it; may be packed, too


@dataclass(frozen=True, slots=True, kw_only=True)
class OsImage:
    """One entry of the images' catalogue (images.toml beside the images).

    `file` lies in the catalogue's folder; `sha256` (hex) and `size_bytes` are of that file,
    `unpacked_bytes` is what its content takes on a drive, `min_memory_bytes` what must be built
    into the PC. `title` and `summary` are keyed by
    language ("fr", "en"). `first_start`: the system asks for its user's and its own name when it
    starts for the first time.
    """

    name: str
    file: str
    version: str
    sha256: str
    size_bytes: int
    unpacked_bytes: int
    min_drive_bytes: int
    min_memory_bytes: int
    licence: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    kind: ImageKind = ImageKind.SQUASHFS
    first_start: bool = False

    def has_memory(self, counted_bytes: int) -> bool:
        """`counted_bytes`: of the PC's memory, as its kernel counts it (MemTotal)."""
        part, whole = _LEFT_OF_MEMORY
        return counted_bytes * whole >= self.min_memory_bytes * part

    @property
    def asks_owner(self) -> bool:
        """A whole-drive image is not set up here, so its drive is not encrypted here either."""
        return self.first_start and self.kind is not ImageKind.RAW


@dataclass(frozen=True, slots=True)
class Catalogue:
    image: tuple[OsImage, ...] = ()


class InstallFailure(StrEnum):
    """The code at the start of InstallFinished.detail; data may follow after ": "."""

    IMAGE_UNREADABLE = "image-unreadable"  # also in the middle: the drive may be written to by then
    DIGEST_MISMATCH = "digest-mismatch"  # before anything was written
    UNSUITABLE = "unsuitable-image"  # the image lacks what a PC needs to start; data: what
    DRIVE_TOO_SMALL = "drive-too-small"
    MEMORY_TOO_SMALL = "memory-too-small"
    SECTORS = "sectors-not-512"  # a whole-drive image fits drives with sectors of 512 bytes only
    REFUSED = "refused"
    ANOTHER_DRIVE = "another-drive"  # by its word, or by what it holds; data: what was told, and is
    SILENT_DRIVE = "silent-drive"  # it told who it is, and does not any more
    DRIVE_BUSY = "drive-busy"
    NO_PARTITIONS = "no-partitions"  # the kernel did not show the partitions just written
    TOOL_FAILED = "tool-failed"
    DRIVE_GONE = "drive-gone"  # unplugged; also in the middle
    DRIVE_ERROR = "drive-error"
    NOT_CLEAN = "not-clean"  # the finished file system does not pass its check
    NOT_AS_WRITTEN = "not-as-written"  # read back, it is not what the image holds; data: where
    STOPPED = "stopped"


class InstallCheck(StrEnum):
    """InstallFinished.detail of an install that went well: how what was written was looked at."""

    WHOLE = "compared-whole"
    WHOLE_ENCRYPTED = "compared-whole-encrypted"  # and the root is in a LUKS2 volume
    WHOLE_FOR_OWNER = "compared-whole-for-owner"  # the same, and its owner gives the passphrase
    WHOLE_AS_IT_IS = "compared-whole-as-it-is"  # a whole-drive image: its own names and users


def split_detail(detail: str) -> tuple[InstallFailure, str]:
    """InstallFinished.detail of a failed install -> its code and its data.

    Raises ValueError where it starts with no known code.
    """
    code, _separator, data = detail.partition(": ")
    return InstallFailure(code), data
