"""What the tests of emulated drives share: run a tool, read and write past the page cache."""

from __future__ import annotations

import mmap
import os
import subprocess
from pathlib import Path

import pytest

from lab.media import Media

MIB = 1 << 20
# A case of `make lab` only: `make test` has another that goes the same way through the product.
thorough = pytest.mark.thorough
NEEDLE = b"donor's letter, 1 March 2019: private! "
DANGER = "--yes-i-know-what-i-am-doing"


def run(*argv: str | Path, ok: bool | None = True, timeout_s: float = 120.0) -> str:
    """stdout and stderr together. `ok`: whether it has to exit with 0; None: either will do."""
    done = subprocess.run(
        [str(word) for word in argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=timeout_s,
        check=False,
    )
    said = done.stdout.decode(errors="replace")
    if ok is not None:
        assert (done.returncode == 0) == ok, f"{argv[0]} ended with {done.returncode}: {said}"
    return said


def run_alone(node: Path, *argv: str | Path, ok: bool | None = True) -> str:
    """`run`, while udev is kept out of the drive: it looks into one that was just closed, and some
    commands (PREPARE and ERASE UNIT, READ NATIVE MAX and SET MAX) must follow each other."""
    return run("udevadm", "lock", f"--device={node}", *argv, ok=ok)


def read_direct(node: Path, offset: int, size: int) -> bytes:
    """Straight from the device. Raises OSError where a sector cannot be read."""
    buffer = mmap.mmap(-1, size)
    fd = os.open(node, os.O_RDONLY | os.O_DIRECT | os.O_CLOEXEC)
    try:
        got = os.preadv(fd, [buffer], offset)
    finally:
        os.close(fd)
    return buffer[:got]


def write_direct(node: Path, offset: int, data: bytes) -> int:
    buffer = mmap.mmap(-1, len(data))
    buffer[:] = data
    fd = os.open(node, os.O_WRONLY | os.O_DIRECT | os.O_CLOEXEC)
    try:
        return os.pwritev(fd, [buffer], offset)
    finally:
        os.close(fd)


def fill(media: Media, needle: bytes = NEEDLE) -> None:
    """Every sector holds the needle; a solid state drive gets stale copies of it as well."""
    block = needle.ljust(media.sector_bytes, b".") * 2048
    for _ in range(2):
        for lba in range(0, media.sectors, 2048):
            count = min(2048, media.sectors - lba)
            media.write(lba, memoryview(block)[: count * media.sector_bytes])
