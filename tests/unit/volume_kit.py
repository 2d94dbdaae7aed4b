"""Recorded file systems, and how the readers get at their bytes."""

from __future__ import annotations

import lzma
from functools import cache
from pathlib import Path

from reprise.domain.hardware import Partition
from reprise.wire.volumes.reading import Read

KEY = ("Microsoft", "Windows NT", "CurrentVersion")


@cache
def recorded(name: str) -> bytes:
    path = Path(__file__).with_name("recorded") / f"{name}.xz"
    return lzma.decompress(path.read_bytes())


def read_of(data: bytes) -> Read:
    def read(offset: int, length: int, /) -> bytes:
        if offset < 0 or length < 0 or offset + length > len(data):
            raise ValueError("outside")
        return bytes(data[offset : offset + length])

    return read


def part(kind: str) -> Partition:
    return Partition("/dev/sda1", 1, kind)
