"""A drive in memory, for what needs no kernel: what a BlockFile offers to those above it."""

from __future__ import annotations

import errno
import os

from reprise.adapters.drives.blockio import GONE, BlockFile, DriveGoneError

SECTOR = 512


class MemoryDevice(BlockFile):
    """`bad_writes`, `bad_reads`: sectors that fail; `lost`: sectors that take a write and keep
    nothing. `cache_dropped`: how often; `there`: still plugged in."""

    node = "/dev/memory"
    logical_bytes = physical_bytes = SECTOR
    read_only = False

    def __init__(self, size_bytes: int, fill: bytes = b"\0") -> None:
        self.size_bytes = size_bytes
        self.data = bytearray(fill * (size_bytes // len(fill)))
        self.bad_writes: set[int] = set()
        self.bad_reads: set[int] = set()
        self.lost: set[int] = set()
        self.told: list[str] = []
        self.there = True
        self.flush_fails = 0

    def _fail(self, offset: int, length: int, bad: set[int]) -> None:
        if not self.there:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        if not bad.isdisjoint(range(offset // SECTOR, (offset + length) // SECTOR)):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def read_into(self, offset: int, buffer: memoryview) -> None:
        self._fail(offset, len(buffer), self.bad_reads)
        buffer[:] = self.data[offset : offset + len(buffer)]

    def write_from(self, offset: int, buffer: memoryview) -> None:
        self._fail(offset, len(buffer), self.bad_writes)
        for at in range(0, len(buffer), SECTOR):
            if (offset + at) // SECTOR not in self.lost:
                self.data[offset + at : offset + at + SECTOR] = buffer[at : at + SECTOR]

    def flush(self) -> None:
        self.told.append("flush")
        if self.flush_fails:
            raise OSError(self.flush_fails, os.strerror(self.flush_fails))

    def drop_cache(self) -> None:
        self.told.append("drop_cache")

    def is_there(self) -> bool:
        return self.there

    def check_there(self, error: OSError) -> None:
        if error.errno in GONE or not self.there:
            raise DriveGoneError(self.node) from error

    def close(self) -> None:
        self.told.append("close")
