"""An exFAT with files on it, as no tool writes one without the kernel's own driver; what fsck.exfat
says of it is tested. By the exFAT file system specification; its sections are named."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

_SECTOR = 512
_LETTERS = 15  # of an entry of a name
_FOLDER, _FILE = 0x10, 0x20


def exfat(
    path: Path,
    size: int,
    files: Mapping[str, bytes | Path],
    *,
    cluster: int = 4096,
    chained: bool = False,
) -> Path:
    """`files`: path on it -> content. `chained`: files and folders are told by the table (FAT), one
    cluster after the other, and not as being in one piece."""
    with path.open("wb") as image:
        image.truncate(size)
    subprocess.run(["mkfs.exfat", "-q", "-c", str(cluster), path], check=True, capture_output=True)
    with path.open("r+b") as image:
        _Volume(image, cluster, chained=chained).put(files)
    return path


@dataclass
class _Folder:
    files: dict[str, bytes | Path] = field(default_factory=dict)
    folders: dict[str, _Folder] = field(default_factory=dict)


class _Volume:
    def __init__(self, image: BinaryIO, cluster: int, *, chained: bool) -> None:
        self._image, self._cluster, self._chained = image, cluster, chained
        self._table, self._heap, self._root = (self._number(at) for at in (80, 88, 96))  # §3.1
        self._free = self._root + 1  # mkfs.exfat makes it last
        entries = self._read(self._place(self._root), cluster)
        bitmap = next(at for at in range(0, cluster, 32) if entries[at] == 0x81)  # §7.1
        self._bitmap = self._place(int.from_bytes(entries[bitmap + 20 : bitmap + 24], "little"))
        self._end = next(at for at in range(0, cluster, 32) if entries[at] == 0)

    def put(self, files: Mapping[str, bytes | Path]) -> None:
        root = _Folder()
        for name, content in files.items():
            folder, *names = root, *name.split("/")
            for part in names[:-1]:
                folder = folder.folders.setdefault(part, _Folder())
            folder.files[names[-1]] = content
        data = self._entries(root)
        assert self._end + len(data) < self._cluster, "more than the root has room for"
        self._write(self._place(self._root) + self._end, data)

    def _entries(self, folder: _Folder) -> bytes:
        entries = b""
        for name, content in folder.files.items():
            length = content.stat().st_size if isinstance(content, Path) else len(content)
            entries += self._entry(name, _FILE, self._allocated(length), length)
            self._fill(content)
        for name, inner in folder.folders.items():
            data = self._entries(inner)
            data += bytes(-(len(data) + 1) % self._cluster + 1)  # an end, and whole clusters
            entries += self._entry(name, _FOLDER, self._allocated(len(data)), len(data))
            self._fill(data)
        return entries

    def _allocated(self, length: int) -> int:
        count, first = -(-length // self._cluster), self._free
        self._free += count
        for number in range(first, first + count):
            bit = number - 2
            at = self._bitmap + bit // 8
            self._write(at, bytes([self._read(at, 1)[0] | 1 << bit % 8]))
            if self._chained:
                after = 0xFFFFFFFF if number == first + count - 1 else number + 1
                self._write(self._table * _SECTOR + number * 4, after.to_bytes(4, "little"))
        self._last = first
        return first if count else 0

    def _fill(self, content: bytes | Path) -> None:
        self._image.seek(self._place(self._last))
        if isinstance(content, Path):
            with content.open("rb") as source:
                shutil.copyfileobj(source, self._image, 1 << 20)
        else:
            self._image.write(content)

    def _entry(self, name: str, attribute: int, first: int, length: int) -> bytes:
        """A file's set: §7.4, 7.6, 7.7, with the sums of §6.3.3 and §7.6.4."""
        letters = name.encode("utf-16-le")
        parts = -(-len(name) // _LETTERS)
        entries = bytearray(32 * (2 + parts))
        entries[0], entries[1], entries[4] = 0x85, 1 + parts, attribute
        entries[32], entries[33], entries[35] = (
            0xC0,
            1 if self._chained or not first else 3,
            len(name),
        )
        entries[36:38] = _sum(name.upper().encode("utf-16-le")).to_bytes(2, "little")
        entries[40:48] = entries[56:64] = length.to_bytes(8, "little")
        entries[52:56] = first.to_bytes(4, "little")
        for part in range(parts):
            some = letters[part * 2 * _LETTERS :][: 2 * _LETTERS]
            at = 64 + 32 * part
            entries[at] = 0xC1
            entries[at + 2 : at + 2 + len(some)] = some
        entries[2:4] = _sum(entries[:2] + entries[4:]).to_bytes(2, "little")
        return bytes(entries)

    def _place(self, cluster: int) -> int:
        return self._heap * _SECTOR + (cluster - 2) * self._cluster

    def _number(self, at: int) -> int:
        return int.from_bytes(self._read(at, 4), "little")

    def _read(self, at: int, length: int) -> bytes:
        self._image.seek(at)
        return self._image.read(length)

    def _write(self, at: int, data: bytes) -> None:
        self._image.seek(at)
        self._image.write(data)


def _sum(data: bytes | bytearray) -> int:
    total = 0
    for byte in data:
        total = ((total << 15) | (total >> 1)) + byte & 0xFFFF
    return total
