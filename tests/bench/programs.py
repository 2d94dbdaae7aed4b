"""The programs that are compared: their command lines, and what they tell of themselves."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.devices import GIB, MIB, Disk
from bench.running import Cost, Under, run_and_read

_HERE = Path(__file__).resolve().parent
_CHUNK = 8 * MIB
# The two ciphers that the overwrite has, by openssl's names.
CIPHERS = ("aes-256-ctr", "chacha20")
# Debian's nwipe 0.38; all that `nwipe --help` names.
NWIPE_GENERATORS = ("mersenne", "isaac", "isaac64", "add_lagg_fibonacci_prng")


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


def nwipe(disk: Disk, generator: str) -> list[str]:
    words = "--autonuke --nogui --nowait --nousb --method=prng --rounds=1 --noblank --verify=last"
    return [
        *("nwipe", *words.split(), f"--prng={generator}"),
        *("--PDFreportpath=noPDF", "--logfile=/dev/null", disk.node),
    ]


def reprise(disk: Disk, data: Path, app: Path | None = None) -> list[str]:
    """The whole product: session, plan, erase, full read-back, signed report. `app`: where its
    modules are taken from, else this checkout's."""
    words = ["erase", "--drive", disk.node, "--confirm", str(disk.file)]
    return [*python(app), "-m", "reprise", "--data", str(data), *words]


def python(app: Path | None) -> list[str]:
    """The same interpreter with the same packages, for another commit's modules, too."""
    return [sys.executable] if app is None else ["env", f"PYTHONPATH={app}", sys.executable]


@dataclass(frozen=True)
class Phases:
    """What ours.py tells of one run on one or more drives; see there."""

    stream: str  # one of CIPHERS
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

    @property
    def whole(self) -> Cost:
        return Cost(self.wall_s, self.cpu_s, self.peak_mib)

    @property
    def write(self) -> Cost:
        return Cost(self.write_s, self.write_cpu_s, self.peak_mib)

    @property
    def verify(self) -> Cost:
        return Cost(self.verify_s, self.verify_cpu_s, self.peak_mib)


def ours(nodes: Sequence[str], under: Under) -> Phases:
    _cost, told = run_and_read([sys.executable, str(_HERE / "ours.py"), *nodes], under)
    values = json.loads(told)
    found = Phases(**{**values, "verdicts": tuple(values["verdicts"])})
    if set(found.verdicts) != {"verified"}:
        raise SystemExit(f"ours: {found.verdicts}")
    return found


def openssl_cpu_s_per_gib(cipher: str, under: Under) -> float:
    """The processor's seconds (openssl's own count) for a GiB of the stream, without any I/O."""
    argv = ["openssl", "speed", "-mr", "-seconds", "1", "-bytes", "16384", "-evp", cipher]
    _cost, told = run_and_read(argv, under)
    rates = [line.split(":")[3] for line in told.splitlines() if line.startswith("+F:")]
    return GIB / float(rates[0])
