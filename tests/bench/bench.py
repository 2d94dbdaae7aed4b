"""How fast the overwrite is, against dd, shred and Debian's nwipe, all in one run.

    python tests/bench/bench.py [--mib 2560] [--quick] [--json FILE]        (root)

Loop devices over files in memory (/dev/shm), of two sizes: the difference gives the marginal rate,
free of what a program needs to start. Ratios within one run are what counts; the best of several
turns is taken. Exit code 1 where a promise is not kept.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from devices import MIB, CannotThrottleError, disk, throttle
from many_drives import COUNTS, side_by_side
from one_drive import against_nwipe, in_memory, throttled
from result import Result

_SMALL = 512 * MIB
_THROTTLED = (128 * MIB, 640 * MIB)
_THROTTLE_BYTES_S = 400_000_000  # a SATA SSD's write rate
_NWIPE = (64 * MIB, 512 * MIB)
_EACH_OF_MANY = 256 * MIB


def measure(folder: Path, large_bytes: int, turns: int, *, quick: bool) -> Result:
    result = Result()
    data = folder / "data"
    with disk(folder, _SMALL) as small, disk(folder, large_bytes) as large:
        in_memory(result, small, large, data, turns)
    if quick:
        result.not_measured.append("nwipe: --quick")
    else:
        with disk(folder, _NWIPE[0]) as small, disk(folder, _NWIPE[1]) as large:
            against_nwipe(result, small, large, data)
    _throttled(result, folder, turns)
    with ExitStack() as stack:
        disks = [
            stack.enter_context(disk(folder, _EACH_OF_MANY, f"many{number}-"))
            for number in range(max(COUNTS))
        ]
        side_by_side(result, disks, turns)
    return result


def _throttled(result: Result, folder: Path, turns: int) -> None:
    with disk(folder, _THROTTLED[0]) as small, disk(folder, _THROTTLED[1]) as large:
        try:
            with throttle([small.node, large.node], _THROTTLE_BYTES_S) as limit:
                throttled(result, small, large, limit.enter, _THROTTLE_BYTES_S, turns)
        except CannotThrottleError as error:
            result.not_measured.append(f"a throttled device: no cgroup for it here ({error})")


def main() -> int:
    parser = argparse.ArgumentParser(description="Rates of the overwrite, as ratios.")
    parser.add_argument("--mib", type=int, default=2560, help="size of the large device")
    parser.add_argument("--turns", type=int, default=3, help="how often each is run")
    parser.add_argument("--quick", action="store_true", help="without nwipe, which takes minutes")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"))
    args = parser.parse_args()
    if os.geteuid() != 0:
        raise SystemExit("bench: loop devices need root")
    # leave by the normal way, so that no loop device stays behind
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="reprise-bench-") as made:
        result = measure(Path(made), args.mib * MIB, args.turns, quick=args.quick)
    print(result.show())
    result.write(args.json)
    return 0 if result.kept else 1


if __name__ == "__main__":
    sys.exit(main())
