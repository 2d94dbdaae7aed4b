"""What tests of emulated NVMe drives do with them: nvme-cli, and reads past the page cache."""

from __future__ import annotations

import json
import mmap
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lab.nvme.attached import NvmeDrive
from lab.nvme.codes import SanitizeStatus
from lab.nvme.config import NamespaceConfig, NvmeConfig

NEEDLE = b"PRIVATE-OLD-DATA"
BLOCK = 4096
OLD = NEEDLE.ljust(BLOCK, b".")
PLACES = (0, 1024, 2047)  # of 4 KiB; the last two are in the middle and at the end of 8 MiB


def nvme(*words: str | Path, ok: bool = True) -> str:
    argv = ["nvme", *(str(word) for word in words)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode == 0) is ok, f"{argv}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout if ok else done.stdout + done.stderr


def seen(*words: str | Path) -> Any:
    return json.loads(nvme(*words, "-o", "json"))


def direct(node: Path, place: int, data: bytes | None = None) -> bytes:
    """Read or write 4 KiB past the page cache. The buffer is anonymous memory, not the node."""
    flags = os.O_DIRECT | (os.O_RDONLY if data is None else os.O_WRONLY)
    handle = os.open(node, flags)
    try:
        with mmap.mmap(-1, BLOCK) as buffer:
            if data is None:
                assert os.preadv(handle, [buffer], place * BLOCK) == BLOCK
            else:
                buffer[:] = data
                assert os.pwritev(handle, [buffer], place * BLOCK) == BLOCK
            return buffer[:]
    finally:
        os.close(handle)


def plant(node: Path, places: tuple[int, ...] = PLACES) -> None:
    """Written twice: a flash drive then has an older copy of each in its spare area."""
    for _time in range(2):
        for place in places:
            direct(node, place, OLD)


def wait(done: Callable[[], bool], timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)


def sanitize_log(drive: NvmeDrive) -> tuple[int, int]:
    """SPROG, SSTAT bits 2:0, out of the raw log page."""
    argv = ["nvme", "sanitize-log", str(drive.controller), "-b"]
    raw = subprocess.run(argv, capture_output=True, check=True, timeout=60).stdout
    return int.from_bytes(raw[:2], "little"), raw[2] & 7


def ended(drive: NvmeDrive) -> int:
    wait(lambda: sanitize_log(drive)[1] != SanitizeStatus.RUNNING)
    return sanitize_log(drive)[1]


def config(serial: str, **words: Any) -> NvmeConfig:
    """A drive with one namespace of 8 MiB, unless told otherwise."""
    return NvmeConfig(serial=serial, **{"namespaces": (NamespaceConfig(1, mib=8),), **words})
