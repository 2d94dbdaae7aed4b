"""The file of a backup: a .tar that any tool can read, and that we read strictly. It holds plain
files alone, no name in it leads out, and none is larger than the file itself says."""

from __future__ import annotations

import hashlib
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from reprise.errors import InputError, StorageError
from reprise.i18n import _

_BLOCK = tarfile.BLOCKSIZE
_MOST_OF_USTAR = 8**11 - 1  # bytes: what its eleven octal digits hold
_MOST_FILES = 10_000_000
PIECE = 1 << 20  # bytes that are read at a time
More = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a backup. `name`: parts between slashes, never one that leads elsewhere."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Found:
    """Where in the box the bytes of a file begin."""

    kept: Kept
    at: int


def is_inside(name: str) -> bool:
    """Whether a name stays in the folder that it is unpacked into."""
    return "\\" not in name and all(
        part not in ("", ".", "..") and part.isprintable() for part in name.split("/")
    )


class Packing:
    """Files are added one after the other; `kept` says what was added."""

    def __init__(self, out: BinaryIO, more: More) -> None:
        self._out, self._more = out, more
        self.kept: list[Kept] = []

    def add(self, name: str, file: BinaryIO, size_bytes: int) -> None:
        """Raises StorageError where `file` is shorter, or its name cannot be kept."""
        self._out.write(_header(name, size_bytes))
        digest, left = hashlib.sha256(), size_bytes
        while left:
            piece = file.read(min(left, PIECE))
            if not piece:
                raise StorageError(
                    _("“{name}” became shorter while it was backed up.").format(name=name),
                    _("Begin again."),
                )
            digest.update(piece)
            self._out.write(piece)
            self._more(len(piece))
            left -= len(piece)
        self._out.write(b"\0" * (-size_bytes % _BLOCK))
        self.kept.append(Kept(name, size_bytes, digest.hexdigest()))

    def end(self) -> None:
        self._out.write(b"\0" * (2 * _BLOCK))


def _header(name: str, size_bytes: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size_bytes, 0o600, int(time.time())
    try:
        if not is_inside(name):
            raise ValueError(name)
        if size_bytes > _MOST_OF_USTAR:
            return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "strict")
        return info.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict")
    except ValueError as error:
        raise StorageError(
            _("“{name}” cannot be kept in a backup: its name is too long, or unreadable.").format(
                name=name[-200:]
            ),
            _("Look at who put it into the data folder."),
        ) from error


def look_through(file: BinaryIO, more: More) -> Iterator[Found]:
    """All that a box holds, read to the last byte. Raises InputError where it is none of ours, or
    breaks off."""
    names: set[str] = set()
    at = 0
    while True:
        file.seek(at)
        block = file.read(_BLOCK)
        if len(block) < _BLOCK:
            raise foreign() if block and not at else _broken_off()
        if not any(block):
            return
        name, count = _read_header(block)
        at += _BLOCK
        if name in names or len(names) > _MOST_FILES:
            raise foreign()
        names.add(name)
        digest = hashlib.sha256()
        for piece in read_at(file, at, count):
            digest.update(piece)
            more(len(piece))
        yield Found(Kept(name, count, digest.hexdigest()), at)
        at += count + -count % _BLOCK


def _read_header(block: bytes) -> tuple[str, int]:
    """(name, bytes). Raises InputError of whatever we never write: links, folders, devices, long
    headers that carry names or sizes of their own."""
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    except (tarfile.HeaderError, ValueError) as error:
        raise foreign() from error
    if info.type != tarfile.REGTYPE or info.size < 0 or not is_inside(info.name):
        raise foreign()
    return info.name, info.size


def read_at(file: BinaryIO, at: int, count: int) -> Iterator[bytes]:
    """Raises InputError where the file ends before."""
    file.seek(at)
    while count:
        piece = file.read(min(count, PIECE))
        if not piece:
            raise _broken_off()
        count -= len(piece)
        yield piece


def foreign() -> InputError:
    return InputError(
        _("This file is no backup that Reprise made."),
        _("Nothing was changed. Give a file that “reprise server backup” wrote."),
    )


def _broken_off() -> InputError:
    return InputError(
        _("This backup breaks off: its end is missing."),
        _("Nothing was changed. Copy it again, or give an older one."),
    )
