"""Devices to measure on: loop devices over files in memory, at full speed or throttled."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20
GIB = 1 << 30
_V1 = Path("/sys/fs/cgroup/blkio")
_V2 = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Disk:
    file: Path
    node: str
    size: int


@contextmanager
def disk(folder: Path, size: int, name: str = "disk") -> Iterator[Disk]:
    """A loop device whose memory is allocated: the first write to a new file is slower."""
    file = folder / f"{name}{size}"
    try:
        with file.open("wb") as raw:
            raw.truncate(size)
        node = _told("losetup", "--find", "--show", str(file))
        subprocess.run(
            [
                *("dd", "if=/dev/zero", f"of={node}", "bs=8M", "oflag=direct", "status=none"),
                f"count={-(-size // (8 * MIB))}",
            ],
            check=True,
        )
        yield Disk(file, node, size)
    finally:
        # by its file: whoever interrupts losetup may have a device whose name nobody heard
        for node in _told("losetup", "--associated", str(file), "--output", "NAME", "-n").split():
            subprocess.run(["losetup", "--detach", node], check=False)
        file.unlink(missing_ok=True)


def _told(*argv: str) -> str:
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()


class CannotThrottleError(Exception):
    """This kernel has no cgroup that limits a device's rate."""


@dataclass(frozen=True)
class Throttle:
    """A cgroup: what runs in it is limited on the devices that were named."""

    procs: Path

    def enter(self) -> None:
        """Move this process in; for the child, between fork and exec."""
        self.procs.write_text("0")


@contextmanager
def throttle(nodes: list[str], bytes_s: int) -> Iterator[Throttle]:
    """Reads and writes of each node at most `bytes_s`. Raises CannotThrottleError.

    The kernel's Documentation/admin-guide/cgroup-v1/blkio-controller.rst, cgroup-v2.rst (io.max).
    """
    numbers = [Path("/sys/block", Path(node).name, "dev").read_text().strip() for node in nodes]
    version1 = (_V1 / "blkio.throttle.read_bps_device").exists()
    group = (_V1 if version1 else _V2) / f"reprise-bench-{os.getpid()}"
    try:
        try:
            _limit(group, numbers, bytes_s, version1=version1)
        except OSError as error:
            raise CannotThrottleError(str(error)) from error
        yield Throttle(group / "cgroup.procs")
    finally:
        if group.exists():
            group.rmdir()


def _limit(group: Path, numbers: list[str], bytes_s: int, *, version1: bool) -> None:
    if not version1:
        (_V2 / "cgroup.subtree_control").write_text("+io")
    group.mkdir()
    for number in numbers:
        if version1:
            for way in ("read", "write"):
                rule = group / f"blkio.throttle.{way}_bps_device"
                rule.write_text(f"{number} {bytes_s}")
        else:
            (group / "io.max").write_text(f"{number} rbps={bytes_s} wbps={bytes_s}")
