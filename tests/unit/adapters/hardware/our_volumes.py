"""Volumes as Windows makes them, with and without our files; what is seen on them and said of their
drive."""

from __future__ import annotations

import subprocess
from pathlib import Path

from reprise.domain.pc.hardware import Drive, Partition
from reprise.domain.planning.plan import RefusalCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.safety import refusals
from station_kit.exfat_image import exfat
from station_kit.volume_images import MIB, empty, run

ALLOWING = Policy(allow_usb=True)
SIGN = ("reprise", "image-id")
SIZES = {"FAT12": 4, "FAT16": 32, "FAT32": 64, "exFAT": 16}
STARTING = ("FAT16", "FAT32", "exFAT")  # what a system of ours has room on


def fat(path: Path, kind: str, *names: str) -> Path:
    """With a file for each of `names`; folders are made as needed."""
    run("mkfs.fat", "-F", kind[3:], empty(path, SIZES[kind] * MIB))
    for name in names:
        *folders, _file = name.split("/")
        for end in range(1, len(folders) + 1):
            argv = ("mmd", "-D", "s", "-i", str(path), "::" + "/".join(folders[:end]))
            subprocess.run(argv, capture_output=True, check=False)  # it may be there
        run("mcopy", "-i", path, "-", f"::{name}", input=b"build 1\n")
    return path


def exfat_of(path: Path, *names: str, chained: bool = False) -> Path:
    """The same."""
    files = dict.fromkeys(names, b"build 1\n")
    return exfat(path, SIZES["exFAT"] * MIB, files, chained=chained)


def volume(path: Path, kind: str, *names: str) -> Path:
    return exfat_of(path, *names) if kind == "exFAT" else fat(path, kind, *names)


def linux(kind: str) -> str:
    return "exfat" if kind == "exFAT" else "vfat"


def codes(drive: Drive) -> list[RefusalCode]:
    return [one.code for one in refusals(drive, ALLOWING)]


def at(image: Path) -> Partition:
    return Partition(f"/dev{image}", image.stat().st_size, "vfat")
