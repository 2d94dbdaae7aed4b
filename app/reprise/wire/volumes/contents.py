"""What is inside one partition: which reader fits, and what it found."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from reprise.domain.drives.volumes import Volume, VolumeKind, by_format
from reprise.domain.pc.hardware import Partition
from reprise.wire.volumes.ext import Ext
from reprise.wire.volumes.ntfs import Ntfs
from reprise.wire.volumes.reading import Read
from reprise.wire.volumes.superblocks import USED
from reprise.wire.volumes.windows import windows_on

T = TypeVar("T")
_OS_RELEASE = (("usr", "lib", "os-release"), ("etc", "os-release"))
_BOOT_FOLDERS = ("grub", "grub2", "loader")
_MOST_OS_RELEASE = 4096
_MOST_LETTERS = 40


def is_read(part: Partition) -> bool:
    """Whether anything can be learnt inside it."""
    return part.fs_type in (*USED, "ntfs", "ext2", "ext3", "ext4")


def look_inside(part: Partition, read: Read) -> Volume:
    """Raises ValueError where it is not what it says, and what `read` raises. What a damaged one
    does not tell is left out: it is never said to hold no system because none could be read."""
    counter = USED.get(part.fs_type or "")
    if counter is not None:
        return Volume(part.node, by_format(part.fs_type), "", counter(read))
    volume = Ntfs(read) if part.fs_type == "ntfs" else Ext(read)
    used = _told(volume.used_bytes, None)
    if isinstance(volume, Ntfs):
        kind, system = _told(lambda: _windows(volume), (VolumeKind.WINDOWS, ""))
    else:
        kind, system = _told(lambda: _linux(volume), (VolumeKind.LINUX, ""))
    return Volume(part.node, kind, system, used)


def _told(ask: Callable[[], T], otherwise: T) -> T:
    try:
        return ask()
    except ValueError:
        return otherwise


def _windows(volume: Ntfs) -> tuple[VolumeKind, str]:
    system = windows_on(volume)
    if system is not None:
        return VolumeKind.WINDOWS, system
    if volume.find("bootmgr") is not None or volume.find("ntldr") is not None:
        return VolumeKind.BOOT, ""
    if volume.find("Recovery", "WindowsRE") is not None:
        return VolumeKind.RECOVERY, ""
    return VolumeKind.WINDOWS_DATA, ""


def _linux(volume: Ext) -> tuple[VolumeKind, str]:
    for path in _OS_RELEASE:
        number = volume.find(*path)
        name = "" if number is None else _release(volume, number)
        if name:
            return VolumeKind.LINUX, name
    if volume.find("etc") is not None:
        return VolumeKind.LINUX, ""  # a system that does not tell its name
    if any(volume.find(name) is not None for name in _BOOT_FOLDERS):
        return VolumeKind.BOOT, ""
    return VolumeKind.LINUX_DATA, ""


def _release(volume: Ext, number: int) -> str:
    try:
        return pretty_name(volume.text(number, _MOST_OS_RELEASE))
    except ValueError:
        return ""  # a link to nowhere that we follow, or stored in another way


def pretty_name(text: bytes) -> str:
    """PRETTY_NAME of os-release(5), printable and of bounded length; "" where there is none."""
    match = re.search(rb"^PRETTY_NAME=(.*)$", text, re.MULTILINE)
    if match is None:
        return ""
    name = match[1].decode("utf-8", "replace").strip().strip("\"'")
    return "".join(letter for letter in name if letter.isprintable())[:_MOST_LETTERS].strip()
