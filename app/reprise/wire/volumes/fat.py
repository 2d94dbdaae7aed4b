"""Which files lie on FAT and exFAT, and how these lay out a volume: the Microsoft FAT specification
(fatgen103) and the exFAT file system specification, as the numbers of their sections say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from reprise.wire.volumes.reading import Read, little, power_of_two

_ENTRY_BYTES = 32
_STEP = 16 << 10
_MOST_FOLDER_BYTES = 8 << 20  # FAT: 65,536 entries, 2 MiB
_LABEL, _FOLDER, _LONG_NAME = 0x08, 0x10, 0x0F  # attributes
_FILE, _STREAM, _NAME = 0x85, 0xC0, 0xC1  # types of exFAT's entries (§7.4, 7.6, 7.7)
_CONTIGUOUS = 2  # NoFatChain


@dataclass(frozen=True, slots=True)
class FatShape:
    """Of a FAT volume: places and sizes in bytes. `bits`: of an entry of its table."""

    sector: int
    cluster: int
    table: int
    root: int  # of FAT12 and FAT16
    data: int
    clusters: int
    bits: int


def fat_shape(boot: bytes) -> FatShape:
    """From its first sector (the "BPB"). Which FAT it is, is told as by Linux, which starts from it
    (fs/fat/inode.c): FAT32 where the field of the older ones is 0. Raises ValueError."""
    sector = power_of_two(little(boot, 11, 2), 512, 4096)
    cluster = power_of_two(little(boot, 13, 1), 1, 128) * sector
    table, tables, older = little(boot, 14, 2) * sector, little(boot, 16, 1), little(boot, 22, 2)
    root = table + tables * (older or little(boot, 36, 4)) * sector
    data = root + -(-little(boot, 17, 2) * _ENTRY_BYTES // sector) * sector
    clusters = ((little(boot, 19, 2) or little(boot, 32, 4)) * sector - data) // cluster
    if not 0 < table < root or not 0 < clusters < (65525 if older else 1 << 28):
        raise ValueError("FAT: sizes out of range")
    bits = 32 if not older else 12 if clusters < 4085 else 16
    return FatShape(sector, cluster, table, root, data, clusters, bits)


@dataclass(frozen=True, slots=True)
class ExfatShape:
    """As FatShape. `root`: its first cluster."""

    cluster: int
    table: int
    data: int
    clusters: int
    root: int

    def place(self, number: int) -> int:
        """Where a cluster begins. Raises ValueError where there is none."""
        if not 2 <= number < self.clusters + 2:
            raise ValueError(f"no cluster {number}")
        return self.data + (number - 2) * self.cluster


def exfat_shape(boot: bytes) -> ExfatShape:
    """From its first sector (§3.1). Raises ValueError."""
    if boot[3:11] != b"EXFAT   ":
        raise ValueError("no exFAT")
    if not (9 <= boot[108] <= 12 and boot[108] + boot[109] <= 25):
        raise ValueError("exFAT: sizes out of range")
    sector = 1 << boot[108]
    table, heap, clusters, root = (little(boot, at, 4) for at in (80, 88, 92, 96))
    return ExfatShape(sector << boot[109], table * sector, heap * sector, clusters, root)


class _Found(NamedTuple):
    """What a folder says of a file. `length`: in bytes, where it lies in one piece."""

    first: int
    is_folder: bool
    length: int | None = None


class _Volume(Protocol):
    def find(self, folder: _Found | None, name: str) -> _Found | None:
        """In the root where `folder` is None; whether capitals or not."""
        ...


def has_file(read: Read, kind: str, *path: str) -> bool:
    """Whether a FAT ("vfat") or exFAT has it; each name is a plain one of 8 characters or fewer.
    Raises ValueError where it is damaged, and what `read` raises."""
    volume: _Volume = _Exfat(read) if kind == "exfat" else _Fat(read)
    file: _Found | None = None
    for name in path:
        if file is not None and not file.is_folder:
            return False
        file = volume.find(file, name)
        if file is None:
            return False
    return True


class _Fat:
    def __init__(self, read: Read) -> None:
        boot = read(0, 512)
        self._read, self._shape = read, fat_shape(boot)
        self._first = little(boot, 44, 4)

    def find(self, folder: _Found | None, name: str) -> _Found | None:
        """By its short name: one of 8 characters has no other (fatgen103, "The Basis-Name
        Generation Algorithm"). FAT12 is for less room than a system of ours takes."""
        if self._shape.bits == 12:
            return None
        short = name.upper().ljust(11).encode("ascii")
        for entry in _entries(self._read, self._pieces(folder)):
            kind = entry[11]
            if entry[:11] == short and not kind & _LABEL:
                first = little(entry, 20, 2) << 16 if self._shape.bits == 32 else 0
                return _Found(first | little(entry, 26, 2), bool(kind & _FOLDER))
        return None

    def _pieces(self, folder: _Found | None) -> Iterator[tuple[int, int]]:
        shape = self._shape
        if folder is None and shape.bits == 16:
            yield shape.root, shape.data - shape.root
            return
        number, width = folder.first if folder else self._first, shape.bits // 8
        end = 0x0FFFFFF8 if shape.bits == 32 else 0xFFF8
        while True:  # the table alone tells an end: what begins with one is damaged
            if not 2 <= number < shape.clusters + 2:
                raise ValueError(f"FAT: no cluster {number}")
            yield shape.data + (number - 2) * shape.cluster, shape.cluster
            number = little(self._read(shape.table + number * width, width), 0, width) & 0x0FFFFFFF
            if number >= end:
                return


class _Exfat:
    def __init__(self, read: Read) -> None:
        self._read, self._shape = read, exfat_shape(read(0, 512))

    def find(self, folder: _Found | None, name: str) -> _Found | None:
        entries = _entries(self._read, self._pieces(folder))
        for entry in entries:
            if entry[0] != _FILE:
                continue
            more = [next(entries, b"\0") for _number in range(entry[1])]
            if len(more) < 2 or more[0][0] != _STREAM or more[1][0] != _NAME:
                raise ValueError("exFAT: a file without a name")
            stream, letters = more[0], more[1][2 : 2 + 2 * more[0][3]]
            if letters.decode("utf-16-le", "replace").casefold() == name.casefold():
                length = little(stream, 24, 8) if stream[1] & _CONTIGUOUS else None
                folder_bit = bool(little(entry, 4, 2) & _FOLDER)
                return _Found(little(stream, 20, 4), folder_bit, length)
        return None

    def _pieces(self, folder: _Found | None) -> Iterator[tuple[int, int]]:
        number = folder.first if folder else self._shape.root
        if folder is not None and folder.length is not None:
            if folder.length:
                yield self._shape.place(number), folder.length
            return
        while True:  # as in _Fat
            yield self._shape.place(number), self._shape.cluster
            number = little(self._read(self._shape.table + number * 4, 4), 0, 4)
            if number == 0xFFFFFFFF:
                return


def _entries(read: Read, pieces: Iterable[tuple[int, int]]) -> Iterator[bytes]:
    """A folder's, up to its end. Raises ValueError where it is larger
    than fit: it may go round in circles."""
    left = _MOST_FOLDER_BYTES
    for offset, length in pieces:
        for at in range(0, length, _STEP):
            block = read(offset + at, min(_STEP, length - at))
            left -= len(block)
            if left < 0:
                raise ValueError("a folder that is larger than fit")
            for here in range(0, len(block) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
                if not block[here]:
                    return
                yield block[here : here + _ENTRY_BYTES]
