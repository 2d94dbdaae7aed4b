"""How fast the overwrite is, against dd, shred + cmp and Debian's nwipe, all in one run.

    python tests/bench/bench.py [--gib 4] [--json FILE]        (root)

Loop devices over files in memory (/dev/shm), of two sizes: the difference gives the marginal rate,
free of what a program needs to start. Every program is run on warm memory; the best of three
runs counts. Exit code 1 where a promise is not kept.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

GIB = 1 << 30
MIB = 1 << 20
RUNS = 3
LEAST_OF_DD = 0.5
LEAST_OF_SHRED = 3.0
MOST_RSS_MIB = 200.0


@dataclass(frozen=True)
class Rate:
    """One program. Seconds for the small and the large device; MiB of the drive per second, write
    and read-back together."""

    name: str
    small_s: float
    large_s: float
    whole_mib_s: float
    marginal_mib_s: float
    peak_rss_mib: float


@dataclass(frozen=True)
class Disk:
    file: Path
    node: str
    size: int


@contextmanager
def disk(folder: Path, size: int) -> Iterator[Disk]:
    file = folder / f"disk{size}"
    with file.open("wb") as raw:
        raw.truncate(size)
    made = subprocess.run(
        ["losetup", "--find", "--show", str(file)], check=True, capture_output=True, text=True
    )
    node = made.stdout.strip()
    try:
        subprocess.run(dd(f"of={node}", "if=/dev/zero", size, "oflag=direct"), check=True)
        yield Disk(file, node, size)
    finally:
        subprocess.run(["losetup", "--detach", node], check=False)


def dd(target: str, source: str, size: int, flag: str) -> list[str]:
    return ["dd", source, target, "bs=8M", f"count={size // (8 * MIB)}", flag, "status=none"]


def run(argvs: Sequence[Sequence[str]]) -> tuple[float, float]:
    """Seconds, and the peak resident MiB of the hungriest process."""
    began, peak = time.monotonic(), 0
    for argv in argvs:
        process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert process.stderr is not None
        told = process.stderr.read()
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stderr.close()
        if process.returncode:
            raise SystemExit(f"{argv[0]} failed: {told.decode('utf-8', 'replace')[-500:]}")
        peak = max(peak, usage.ru_maxrss)
    return time.monotonic() - began, peak / 1024


Commands = Callable[[Disk], Sequence[Sequence[str]]]


def measure(programs: Mapping[str, Commands], small: Disk, large: Disk) -> list[Rate]:
    """All programs in turn, several times over, so that a busy moment of this machine does not
    fall on one of them alone; the best run of each counts."""
    found: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for turn in range(RUNS):
        for name, commands in programs.items():
            print(f"run {turn + 1} of {RUNS}: {name} …", file=sys.stderr, flush=True)
            for one in (small, large):
                found.setdefault((name, one.size), []).append(run(commands(one)))
    return [
        _rate(name, found[name, small.size], found[name, large.size], small, large)
        for name in programs
    ]


def _rate(
    name: str,
    on_small: Sequence[tuple[float, float]],
    on_large: Sequence[tuple[float, float]],
    small: Disk,
    large: Disk,
) -> Rate:
    small_s = min(seconds for seconds, _rss in on_small)
    large_s = min(seconds for seconds, _rss in on_large)
    return Rate(
        name=name,
        small_s=round(small_s, 3),
        large_s=round(large_s, 3),
        whole_mib_s=round(large.size / MIB / large_s, 1),
        marginal_mib_s=round((large.size - small.size) / MIB / max(large_s - small_s, 1e-6), 1),
        peak_rss_mib=round(max(rss for _seconds, rss in (*on_small, *on_large)), 1),
    )


def dd_commands(one: Disk) -> Sequence[Sequence[str]]:
    return [
        dd(f"of={one.node}", "if=/dev/zero", one.size, "oflag=direct"),
        dd("of=/dev/null", f"if={one.node}", one.size, "iflag=direct"),
    ]


def shred_commands(one: Disk) -> Sequence[Sequence[str]]:
    return [["shred", "-n1", one.node], ["cmp", one.node, str(one.file)]]


def nwipe_commands(one: Disk) -> Sequence[Sequence[str]]:
    words = "--autonuke --nogui --nowait --nousb --method=prng --rounds=1 --noblank --verify=last"
    return [["nwipe", *words.split(), "--PDFreportpath=noPDF", "--logfile=/dev/null", one.node]]


def reprise_commands(data: Path) -> Commands:
    def commands(one: Disk) -> Sequence[Sequence[str]]:
        words = ["erase", "--drive", one.node, "--confirm", str(one.file)]
        return [[sys.executable, "-m", "reprise", "--data", str(data), *words]]

    return commands


def table(rates: Sequence[Rate]) -> str:
    lines = [f"{'':24}{'small s':>9}{'large s':>9}{'MiB/s':>9}{'marginal':>10}{'RSS MiB':>9}"]
    lines += [
        f"{rate.name:24}{rate.small_s:9.2f}{rate.large_s:9.2f}{rate.whole_mib_s:9.0f}"
        f"{rate.marginal_mib_s:10.0f}{rate.peak_rss_mib:9.0f}"
        for rate in rates
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="Rates of the overwrite, as ratios.")
    parser.add_argument("--gib", type=int, default=4, help="size of the large device")
    parser.add_argument("--quick", action="store_true", help="without nwipe, which takes minutes")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"))
    args = parser.parse_args()
    if os.geteuid() != 0:
        raise SystemExit("bench: loop devices need root")
    # leave by the normal way, so that no loop device stays behind
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    with (
        tempfile.TemporaryDirectory(dir="/dev/shm", prefix="reprise-bench-") as made,
        disk(Path(made), GIB // 2) as small,
        disk(Path(made), args.gib * GIB) as large,
    ):
        programs = {
            "dd 8 MiB O_DIRECT": dd_commands,
            "reprise erase (full)": reprise_commands(Path(made, "data")),
            "shred -n1 + cmp": shred_commands,
        }
        rates = measure(programs, small, large)
        if shutil.which("nwipe") and not args.quick:
            rates += measure({"nwipe prng + verify": nwipe_commands}, small, large)
    dd_rate, ours, shred = rates[:3]
    ratios = {
        rate.name: round(ours.marginal_mib_s / rate.marginal_mib_s, 2)
        for rate in rates
        if rate is not ours
    }
    ratios["dd, whole process"] = round(ours.whole_mib_s / dd_rate.whole_mib_s, 2)
    print(table(rates))
    for name, ratio in ratios.items():
        print(f"reprise / {name}: {ratio}")
    args.json.parent.mkdir(parents=True, exist_ok=True)
    args.json.write_text(
        json.dumps({"rates": [asdict(rate) for rate in rates], "ratios": ratios}, indent=2) + "\n"
    )
    kept = (
        ratios[dd_rate.name] >= LEAST_OF_DD
        and ratios[shred.name] >= LEAST_OF_SHRED
        and ours.peak_rss_mib <= MOST_RSS_MIB
    )
    print("all promises kept" if kept else "A PROMISE IS NOT KEPT")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
