"""How fast the overwrite is, against dd, shred and Debian's nwipe, all in one run.

    python tests/bench/bench.py [--against REV] [--mib 2560] [--quick] [--json FILE]        (root)

Loop devices over files in memory (/dev/shm), of two sizes: the difference gives the marginal rate,
free of what a program needs to start. The part in memory runs with all of the processor's features,
without AES-NI and without SSSE3 (processors.py). Ratios within one run are what counts; the best of
several turns is taken. Exit code 1 where a promise is not kept.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

if not __package__:  # run as a script: its own folder would make bench.py the package `bench`
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from bench import nwipe
from bench.devices import MIB, disk
from bench.earlier import Earlier, unpacked
from bench.many_drives import COUNTS, side_by_side
from bench.one_drive import in_memory
from bench.processors import ALL, PROCESSORS
from bench.rates import Pair
from bench.result import Result
from bench.running import Under
from bench.throttled import on_throttled
from bench.verify_parts import what_bounds

_LARGE_MIB = 2560
# The other devices, as divisors of the large one: 512; 64 and 1024; 128 and 640; 256 MiB.
_SMALL = 5
_NWIPE = (40, 2.5)
_THROTTLED = (20, 4)
_EACH_OF_MANY = 10
_STEP_MIB = 320  # every device is a multiple of 8 MiB, which is what dd moves


def measure(folder: Path, size: int, turns: int, earlier: Earlier | None, *, quick: bool) -> Result:
    """`size`: of the large device in memory, bytes."""
    result = Result()
    data = folder / "data"
    with disk(folder, size // _SMALL) as small, disk(folder, size) as large:
        pair = Pair([small], [large], turns)
        for processor in PROCESSORS:
            rates = in_memory(result, pair, data, Under(processor), earlier)
            if processor is ALL:
                what_bounds(result, large, rates)
    if quick:
        result.not_measured.append("nwipe: --quick")
    elif nwipe.is_there(result):
        _against_nwipe(result, folder, data, size)
    on_throttled(result, folder, turns, [size // part for part in _THROTTLED])
    with ExitStack() as stack:
        disks = [
            stack.enter_context(disk(folder, size // _EACH_OF_MANY, f"many{number}-"))
            for number in range(max(COUNTS))
        ]
        side_by_side(result, disks, turns)
    return result


def _against_nwipe(result: Result, folder: Path, data: Path, size: int) -> None:
    few, more = (int(size / part) for part in _NWIPE)
    with disk(folder, few) as small, disk(folder, more) as large:
        generator = nwipe.fastest_generator(result, large)
        pair = Pair([small], [large], 1)
        for processor in PROCESSORS:
            nwipe.against_nwipe(result, pair, data, Under(processor), generator)


def _mib(given: str) -> int:
    """Raises ValueError for a size that does not divide."""
    value = int(given)
    if value <= 0 or value % _STEP_MIB:
        raise ValueError(given)
    return value


def main() -> int:
    parser = argparse.ArgumentParser(description="Rates of the overwrite, as ratios.")
    parser.add_argument("--against", metavar="REV", help="an earlier commit to compare with")
    parser.add_argument("--mib", type=_mib, default=_LARGE_MIB, help="size of the large device")
    parser.add_argument("--turns", type=int, default=3, help="how often each is run")
    parser.add_argument("--quick", action="store_true", help="without nwipe, which takes minutes")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"))
    args = parser.parse_args()
    if os.geteuid() != 0:
        raise SystemExit("bench: loop devices need root")
    # leave by the normal way, so that no loop device stays behind
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    with tempfile.TemporaryDirectory(
        dir="/dev/shm", prefix=f"reprise-bench-{os.getpid()}-"
    ) as made:
        folder = Path(made)
        earlier = unpacked(args.against, folder) if args.against else None
        result = measure(folder, args.mib * MIB, args.turns, earlier, quick=args.quick)
    print(result.show())
    result.write(args.json)
    return 0 if result.kept else 1


if __name__ == "__main__":
    sys.exit(main())
