"""The programs that are compared, and how one run of each is measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from devices import GIB, MIB, Disk

_HERE = Path(__file__).resolve().parent
_CHUNK = 8 * MIB


@dataclass(frozen=True)
class Cost:
    """Of one run. Seconds by the clock and of the processor, peak resident MiB."""

    wall_s: float
    cpu_s: float
    peak_mib: float

    def and_then(self, other: Cost) -> Cost:
        return Cost(
            self.wall_s + other.wall_s,
            self.cpu_s + other.cpu_s,
            max(self.peak_mib, other.peak_mib),
        )


def run(argv: Sequence[str], before: Callable[[], None] | None = None) -> Cost:
    """`before` runs in the child before the program (to enter a cgroup)."""
    return _run(argv, before)[0]


def _run(argv: Sequence[str], before: Callable[[], None] | None) -> tuple[Cost, bytes]:
    began = time.monotonic()
    process = subprocess.Popen(
        argv,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=before,  # noqa: PLW1509 - this process has one thread
    )
    assert process.stdout is not None
    with process.stdout:
        told = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{argv[0]} failed: {told.decode('utf-8', 'replace')[-500:]}")
    cpu_s = usage.ru_utime + usage.ru_stime
    return Cost(time.monotonic() - began, cpu_s, usage.ru_maxrss / 1024), told


def dd_write(disk: Disk) -> list[str]:
    return _dd("if=/dev/zero", f"of={disk.node}", "oflag=direct", disk)


def dd_read(disk: Disk) -> list[str]:
    return _dd(f"if={disk.node}", "of=/dev/null", "iflag=direct", disk)


def _dd(source: str, target: str, flag: str, disk: Disk) -> list[str]:
    return ["dd", source, target, "bs=8M", f"count={disk.size // _CHUNK}", flag, "status=none"]


def shred(disk: Disk) -> list[str]:
    return ["shred", "-n1", disk.node]


def cmp(disk: Disk) -> list[str]:
    """Reading the drive and comparing it with a copy: what a read-back after shred would be."""
    return ["cmp", disk.node, str(disk.file)]


def nwipe(disk: Disk) -> list[str]:
    words = "--autonuke --nogui --nowait --nousb --method=prng --rounds=1 --noblank --verify=last"
    return ["nwipe", *words.split(), "--PDFreportpath=noPDF", "--logfile=/dev/null", disk.node]


def reprise(disk: Disk, data: Path) -> list[str]:
    """The whole product: session, plan, erase, full read-back, signed report."""
    words = ["erase", "--drive", disk.node, "--confirm", str(disk.file)]
    return [sys.executable, "-m", "reprise", "--data", str(data), *words]


@dataclass(frozen=True)
class Phases:
    """What ours.py tells of one run on one or more drives; see there."""

    verdicts: tuple[str, ...]
    wall_s: float
    write_s: float
    verify_s: float
    write_cpu_s: float
    verify_cpu_s: float
    peak_mib: float
    late_p95_s: float
    threads_left: int

    @property
    def cpu_s(self) -> float:
        return self.write_cpu_s + self.verify_cpu_s


def ours(nodes: Sequence[str], before: Callable[[], None] | None = None) -> Phases:
    _cost, told = _run([sys.executable, str(_HERE / "ours.py"), *nodes], before)
    values = json.loads(told)
    found = Phases(**{**values, "verdicts": tuple(values["verdicts"])})
    if set(found.verdicts) != {"verified"}:
        raise SystemExit(f"ours: {found.verdicts}")
    return found


def openssl_cpu_s_per_gib() -> float:
    """The processor's seconds (openssl's own count) for a GiB of the stream, without any I/O."""
    argv = ["openssl", "speed", "-mr", "-seconds", "1", "-bytes", "16384", "-evp", "aes-256-ctr"]
    told = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    rates = [line.split(":")[3] for line in told.splitlines() if line.startswith("+F:")]
    return GIB / float(rates[0])
