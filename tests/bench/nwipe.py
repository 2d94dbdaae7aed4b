"""Debian's nwipe with its own fastest generator, everything verified."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from bench import programs
from bench.devices import Disk
from bench.one_drive import ERASE, LEAST_OF_OTHERS
from bench.rates import Pair, collect, over, rows, tell
from bench.result import Result
from bench.running import Cost, Under, run

# It looks once a second whether its threads have ended. What two of its runs differ by may so be a
# second too long: that is given back.
_LOOKS_EACH_S = 1.0


def is_there(result: Result) -> bool:
    there = shutil.which("nwipe") is not None
    if not there:
        result.not_measured.append("nwipe: it is not installed")
    return there


def fastest_generator(result: Result, disk: Disk) -> str:
    """By the processor's seconds of a whole run: by the clock, one looks like the other (above)."""
    cpu_s: dict[str, float] = {}
    for generator in programs.NWIPE_GENERATORS:
        tell(f"nwipe, {generator}")
        cost = run(programs.nwipe(disk, generator))
        cpu_s[generator] = cost.cpu_s
        result.row(
            f"nwipe's generators ({disk.size >> 20} MiB, written and verified)",
            generator=generator,
            **{"CPU s": cost.cpu_s, "seconds": cost.wall_s},
        )
    return min(cpu_s, key=lambda generator: cpu_s[generator])


def against_nwipe(result: Result, pair: Pair, data: Path, under: Under, generator: str) -> None:
    """nwipe takes minutes for what others do in seconds: smaller devices, one turn."""
    name = under.processor.name
    theirs = f"nwipe {generator} + verify"

    def nwipe(disk: Disk) -> Cost:
        cost = run(programs.nwipe(disk, generator), under)
        given_back = _LOOKS_EACH_S if disk in pair.large else 0.0
        return replace(cost, wall_s=cost.wall_s - given_back)

    commands = {
        theirs: lambda disks: nwipe(disks[0]),
        ERASE: lambda disks: run(programs.reprise(disks[0], data), under),
    }
    rates = pair.rates(collect(commands, pair, name))
    rows(result, f"Against nwipe, {name} ({pair.said})", rates)
    result.at_least(f"{name}: {ERASE} / nwipe", over(rates, ERASE, theirs), LEAST_OF_OTHERS)
