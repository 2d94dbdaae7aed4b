"""Recorded file systems, and how the readers get at their bytes."""

from __future__ import annotations

import lzma
from functools import cache

from reprise.domain.pc.hardware import Partition
from reprise.wire.volumes.reading import Read
from station_kit.places import RECORDED

KEY = ("Microsoft", "Windows NT", "CurrentVersion")


@cache
def recorded(name: str) -> bytes:
    path = RECORDED / f"{name}.xz"
    return lzma.decompress(path.read_bytes())


def read_of(data: bytes) -> Read:
    def read(offset: int, length: int, /) -> bytes:
        if offset < 0 or length < 0 or offset + length > len(data):
            raise ValueError("outside")
        return bytes(data[offset : offset + length])

    return read


def part(kind: str) -> Partition:
    return Partition("/dev/sda1", 1, kind)
