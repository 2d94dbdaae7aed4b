"""What differs between two images, file by file: python differences.py ONE.iso OTHER.iso (root)."""

from __future__ import annotations

import hashlib
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

_SQUASHFS = "live/filesystem.squashfs"


def _fact(path: Path) -> tuple[object, ...]:
    """All of a file that goes into an image."""
    seen = path.lstat()
    facts = (stat.filemode(seen.st_mode), seen.st_uid, seen.st_gid, int(seen.st_mtime))
    if stat.S_ISLNK(seen.st_mode):
        return (*facts, str(path.readlink()))
    if stat.S_ISREG(seen.st_mode):
        with path.open("rb") as file:
            return (*facts, hashlib.file_digest(file, "sha256").hexdigest())
    return facts


def _tree(root: Path) -> dict[str, tuple[object, ...]]:
    return {str(path.relative_to(root)): _fact(path) for path in root.rglob("*")}


def trees(one: Path, other: Path) -> Iterator[str]:
    left, right = _tree(one), _tree(other)
    for name in sorted({*left, *right}):
        if left.get(name) != right.get(name):
            yield f"{name}: {left.get(name)} | {right.get(name)}"


def _extracted(iso: Path, to: Path) -> Path:
    argv = ["xorriso", "-osirrox", "on", "-indev", str(iso), "-extract", "/", str(to)]
    subprocess.run(argv, check=True, capture_output=True)
    return to


def _unpacked(squashfs: Path, to: Path) -> Path:
    argv = ["unsquashfs", "-quiet", "-no-progress", "-dest", str(to), str(squashfs)]
    subprocess.run(argv, check=True, capture_output=True)
    return to


def systems(one: Path, other: Path) -> Iterator[str]:
    """Of the files in two squashfs images."""
    with tempfile.TemporaryDirectory(dir=one.parent) as name:
        folders = Path(name) / "one", Path(name) / "other"
        inside = (_unpacked(i, f) for i, f in zip((one, other), folders, strict=True))
        yield from trees(*inside)


def isos(one: Path, other: Path) -> Iterator[str]:
    """Of the ISOs' files, then of the files in the station's file system. Nothing where only the
    layout differs."""
    with tempfile.TemporaryDirectory(dir=one.parent) as name:
        folders = Path(name) / "one", Path(name) / "other"
        left, right = (_extracted(i, f) for i, f in zip((one, other), folders, strict=True))
        yield from trees(left, right)
        yield from systems(*(folder / _SQUASHFS for folder in (left, right)))


if __name__ == "__main__":
    for line in isos(Path(sys.argv[1]), Path(sys.argv[2])):
        print(line)
