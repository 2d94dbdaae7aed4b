"""python -m liars [--altered N] [--seed S]: whether one that contradicts itself is called
erased."""

from __future__ import annotations

import argparse
import secrets
import sys

from liars.genuine import genuine
from liars.lying import search

SEEDS = 150  # of the simulation


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="liars")
    parser.add_argument("--altered", type=int, default=50_000, help="reports")
    parser.add_argument("--seed", type=int, default=None)
    args = parser.parse_args(argv)
    seed = secrets.randbelow(1 << 40) if args.seed is None else args.seed
    true = genuine(seed % 100_000, SEEDS)
    print(f"seed {seed}: {len(true)} true reports", flush=True)
    found = search(true, seed, args.altered)
    for wrong, times in sorted(found.reached.items()):
        print(f"{times:8d}  {wrong}")
    print(*found.believed[:20], sep="\n")
    print(
        f"{found.judged} altered reports, {found.erased} of them called erased,"
        f" {len(found.believed)} of those contradict themselves"
    )
    return 1 if found.believed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
