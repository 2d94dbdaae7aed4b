"""An ext2, ext3 or ext4 file system: how full it is, and small files on it (Linux 6.12,
Documentation/filesystems/ext4)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from reprise.wire.volumes.reading import Read, little, power_of_two, used_of

_ROOT = 2
_BIG, _META_GROUPS = 0x80, 0x10  # of the incompatible features
_EXTENTS, _NOT_PLAIN = 0x80000, 0x10000800  # inode flags; encrypted, or inside the inode
_FOLDER, _FILE, _KIND = 0x4000, 0x8000, 0xF000
_MOST_FOLDER_BLOCKS = 256
_DEEPEST = 5  # of a tree of extents


class _OtherKindError(ValueError):
    """A file where a folder was expected, or the other way round."""


class Ext:
    """Raises ValueError where it is none."""

    def __init__(self, read: Read) -> None:
        sb = read(1024, 1024)
        if little(sb, 0x38, 2) != 0xEF53:
            raise ValueError("no ext file system")
        self._read, self._sb = read, sb
        self._block = power_of_two(1024 << min(little(sb, 0x18, 4), 16), 1024, 1 << 16)
        self._features = little(sb, 0x60, 4)
        self._inodes = little(sb, 0x28, 4)  # of a group
        dynamic = little(sb, 0x4C, 4) > 0
        self._inode_bytes = power_of_two(little(sb, 0x58, 2) if dynamic else 128, 128, 1 << 16)

    def used_bytes(self) -> int:
        """As df counts: without the file system's own tables, where it says how large they are."""
        total, free = self._count(0x04, 0x150), self._count(0x0C, 0x158)
        own = little(self._sb, 0x248, 4)
        return used_of(total - own if own <= total - free else total, free, self._block)

    def _count(self, low: int, high: int) -> int:
        more = little(self._sb, high, 4) << 32 if self._features & _BIG else 0
        return little(self._sb, low, 4) + more

    def find(self, *path: str) -> int | None:
        """The inode of a file or folder; symbolic links are not followed."""
        number: int | None = _ROOT
        for name in path:
            number = None if number is None else self._child(number, name.encode())
        return number

    def text(self, number: int, most_bytes: int) -> bytes:
        """The beginning of a file. Raises ValueError where it is none, or not stored plainly."""
        inode = self._inode(number, _FILE)
        size = min(little(inode, 4, 4), most_bytes)
        blocks = islice(self._blocks(inode), -(-size // self._block))
        return b"".join(self._at(block, self._block) for block in blocks)[:size]

    def _at(self, block: int, length: int, offset: int = 0) -> bytes:
        return self._read(block * self._block + offset, length)

    def _inode(self, number: int, kind: int) -> bytes:
        if self._features & _META_GROUPS or number < 1 or self._inodes < 1:
            raise ValueError("ext: inodes that are not found")
        group, index = divmod(number - 1, self._inodes)
        size = power_of_two(little(self._sb, 0xFE, 2), 32, 1024) if self._features & _BIG else 32
        first = little(self._sb, 0x14, 4) + 1
        row = self._at(first, size, group * size)
        table = little(row, 0x08, 4) + (little(row, 0x28, 4) << 32 if size >= 64 else 0)
        inode = self._at(table, 128, index * self._inode_bytes)
        if little(inode, 0, 2) & _KIND != kind:
            raise _OtherKindError("ext: not what it should be")
        if little(inode, 0x20, 4) & _NOT_PLAIN:
            raise ValueError("ext: encrypted, or stored in its inode")
        return inode

    def _child(self, folder: int, name: bytes) -> int | None:
        try:
            inode = self._inode(folder, _FOLDER)
        except _OtherKindError:
            return None  # a file, or a link
        for block in islice(self._blocks(inode), _MOST_FOLDER_BLOCKS):
            for number, entry in self._entries(self._at(block, self._block)):
                if entry == name and number:
                    return number
        return None

    def _entries(self, block: bytes) -> Iterator[tuple[int, bytes]]:
        at = 0
        while at + 8 <= len(block):
            length, letters = little(block, at + 4, 2), little(block, at + 6, 1)
            if length < 8:
                raise ValueError("ext: a folder without an end")
            yield little(block, at, 4), block[at + 8 : at + 8 + letters]
            at += length

    def _blocks(self, inode: bytes) -> Iterator[int]:
        """Where the file's blocks are, in order. Holes are left out: folders have none."""
        if little(inode, 0x20, 4) & _EXTENTS:
            yield from self._extents(inode[0x28:0x64], _DEEPEST)
            return
        for at in range(12):
            if block := little(inode, 0x28 + at * 4, 4):
                yield block
        if single := little(inode, 0x28 + 48, 4):
            pointers = self._at(single, self._block)
            for at in range(0, self._block, 4):
                if block := little(pointers, at, 4):
                    yield block

    def _extents(self, node: bytes, depth: int) -> Iterator[int]:
        if little(node, 0, 2) != 0xF30A or depth == 0:
            raise ValueError("ext: a broken tree of extents")
        count, level = little(node, 2, 2), little(node, 6, 2)
        for at in range(12, 12 + count * 12, 12):
            if level:
                child = little(node, at + 4, 4) + (little(node, at + 8, 2) << 32)
                yield from self._extents(self._at(child, self._block), depth - 1)
                continue
            first = little(node, at + 8, 4) + (little(node, at + 6, 2) << 32)
            length = little(node, at + 4, 2)
            yield from range(first, first + (length if length <= 32768 else length - 32768))
