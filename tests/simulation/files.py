"""A file system in memory as a power cut finds it: what was synced is there, of the rest a part.

What is written lives at once; it lasts once the file is synced, and its name once the folder is.
At a cut each change of a name that was not synced has happened or not (FAT knows no order), a file
that was renamed and not synced since may be empty (FAT writes the size last), and of bytes that
were not synced some stand, in order or not at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random
from typing import Any

from simulation.baton import Task


class Inode:
    __slots__ = ("data", "durable", "holder", "named_since", "waiters")

    def __init__(self) -> None:
        self.data = bytearray()
        self.durable: bytes | None = None  # None: its size never was written
        self.named_since = False  # renamed after its newest sync
        self.holder: Any = None  # of its lock
        self.waiters: list[Task] = []


class Volume:
    """`trouble(what, path)`: called before anything is done; may raise OSError."""

    def __init__(self, room_bytes: int = 1 << 40) -> None:
        self.names: dict[str, Inode] = {}
        self.durable: dict[str, Inode] = {}
        self.folders: set[str] = {"/"}
        self.links: dict[str, str] = {}
        self.synced = 0  # how often something was
        self.pending: list[tuple[str, Inode | None]] = []  # name -> what it is to become
        self.room_bytes = room_bytes
        self.trouble: Callable[[str, str], None] = lambda _what, _path: None

    def used_bytes(self) -> int:
        return sum(len(one.data) for one in self.names.values())

    def name(self, path: str, node: Inode | None) -> None:
        if node is None:
            self.names.pop(path, None)
        else:
            self.names[path] = node
        self.pending.append((path, node))

    def sync_file(self, node: Inode) -> None:
        self.synced += 1
        node.durable = bytes(node.data)
        node.named_since = False

    def sync_folder(self, folder: str) -> None:
        self.synced += 1
        left: list[tuple[str, Inode | None]] = []
        for path, node in self.pending:
            if path.rpartition("/")[0] == folder.rstrip("/"):
                self._settle(path, node)
            else:
                left.append((path, node))
        self.pending = left

    def _settle(self, path: str, node: Inode | None) -> None:
        if node is None:
            self.durable.pop(path, None)
        else:
            self.durable[path] = node

    def cut(self, random: Random) -> None:
        """The power goes, or the stick is pulled: what is there afterwards."""
        for path, node in self.pending:
            if random.random() < 0.5:
                self._settle(path, node)
        self.pending = []
        left: dict[str, Inode] = {}
        for path, node in self.durable.items():
            kept = left[path] = Inode()
            kept.data = bytearray(self._left_of(node, random))
            kept.durable = bytes(kept.data)
        self.durable, self.names = dict(left), left

    def unmount(self) -> None:
        """In peace: all is written."""
        for _path, node in self.pending:
            if node is not None:
                self.sync_file(node)
        for node in self.names.values():
            self.sync_file(node)
        self.durable, self.pending = dict(self.names), []

    @staticmethod
    def _left_of(node: Inode, random: Random) -> bytes:
        durable, data = node.durable, bytes(node.data)
        if durable is None:
            return b"" if random.random() < 0.7 else data[: random.randrange(len(data) + 1)]
        if node.named_since and random.random() < 0.5:
            return b""
        if durable == data or random.random() < 0.5:
            return durable
        keep = random.randrange(len(data) + 1)
        torn = data[:keep]
        if len(torn) < len(durable):  # cut off in place: what was there is still there
            torn += durable[len(torn) :]
        return torn


def file_error(code: int, path: str) -> OSError:
    return OSError(code, os.strerror(code), path)
