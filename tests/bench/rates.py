"""Marginal rates: programs take turns on a small and a large device, the best of each counts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench import programs
from bench.devices import GIB, MIB, Disk
from bench.programs import Phases
from bench.result import Result
from bench.running import Cost, Under, together

Disks = Sequence[Disk]  # those that are worked on at once, all of one size


@dataclass(frozen=True)
class Rates:
    """Best of several runs; `marginal`: large less small, so free of what a start needs."""

    wall_s: float
    cpu_s_per_gib: float
    mib_s: float
    peak_mib: float


def marginal(small: list[Cost], large: list[Cost], sizes: tuple[int, int]) -> Rates:
    """The best wall time and the best processor time of each size: on a machine that others use,
    a run can only be slowed down. Where all small runs were slowed down more than the large ones
    took, the large one with its start stands for the rate: less than the truth, never more."""
    span = sizes[1] - sizes[0]
    whole = min(one.wall_s for one in large)
    more = whole - min(one.wall_s for one in small)
    cpu = min(one.cpu_s for one in large) - min(one.cpu_s for one in small)
    return Rates(
        wall_s=whole,
        cpu_s_per_gib=max(cpu, 0.0) * GIB / span,
        mib_s=(span / more if more > 0 else sizes[1] / whole) / MIB,
        peak_mib=max(one.peak_mib for one in large),
    )


Commands = Mapping[str, Callable[[Disks], Cost]]
Runs = dict[str, tuple[list[Cost], list[Cost]]]


@dataclass(frozen=True)
class Pair:
    """What all is run on: the small devices and the large ones, as many of each."""

    small: Disks
    large: Disks
    turns: int

    @property
    def sizes(self) -> tuple[int, int]:
        """Bytes, of all devices together."""
        return sum(one.size for one in self.small), sum(one.size for one in self.large)

    @property
    def said(self) -> str:
        small, large = self.small[0].size // MIB, self.large[0].size // MIB
        return f"{small} and {large} MiB"

    def rates(self, runs: Runs) -> dict[str, Rates]:
        return {name: marginal(*costs, self.sizes) for name, costs in runs.items()}


def tell(what: str) -> None:
    print(f"bench: {what} …", file=sys.stderr, flush=True)


def collect(commands: Commands, pair: Pair, where: str) -> Runs:
    """All in turn, several times over: a busy moment must not fall on one of them alone."""
    found: Runs = {name: ([], []) for name in commands}
    for turn in range(pair.turns):
        for name, once in commands.items():
            tell(f"{where}, turn {turn + 1} of {pair.turns}: {name}")
            found[name][0].append(once(pair.small))
            found[name][1].append(once(pair.large))
    return found


def phases(
    pair: Pair, under: Under, where: str, others: Commands | None = None
) -> tuple[Runs, list[Phases]]:
    """dd and ours on the same devices, in turn; ours cut into its two phases."""
    seen: list[Phases] = []

    def overwrite(disks: Disks) -> Cost:
        seen.append(programs.ours([disk.node for disk in disks], under))
        return seen[-1].whole

    commands = {
        "dd write": lambda disks: together([programs.dd_write(one) for one in disks], under),
        "dd read": lambda disks: together([programs.dd_read(one) for one in disks], under),
        "reprise write + verify": overwrite,
        **(others or {}),
    }
    found = collect(commands, pair, where)
    on_small, on_large = seen[0::2], seen[1::2]
    found["reprise write"] = ([one.write for one in on_small], [one.write for one in on_large])
    found["reprise verify"] = ([one.verify for one in on_small], [one.verify for one in on_large])
    return found, seen


def over(rates: Mapping[str, Rates], one: str, other: str) -> float:
    return rates[one].mib_s / rates[other].mib_s


def rows(result: Result, table: str, rates: Mapping[str, Rates]) -> None:
    for name, rate in rates.items():
        result.row(
            table,
            program=name,
            **{
                "seconds": rate.wall_s,
                "MiB/s": rate.mib_s,
                "CPU s/GiB": rate.cpu_s_per_gib,
                # Linux hands the peak on over exec: of a small program it is that of this bench
                "peak MiB": rate.peak_mib if name.startswith("reprise") else "",
            },
        )
