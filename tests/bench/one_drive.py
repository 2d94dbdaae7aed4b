"""One drive against dd, shred and nwipe: marginal rates, processor, memory."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import programs
from devices import GIB, MIB, Disk
from programs import Cost, Phases
from result import Result

LEAST_OF_DD_IN_MEMORY = 0.6
LEAST_OF_DD_ON_A_DRIVE = 0.95
LEAST_OF_OTHERS = 1.0
MOST_CPU = 1.3
MOST_MIB = 40.0
Before = Callable[[], None] | None


def _tell(what: str) -> None:
    print(f"bench: {what} …", file=sys.stderr, flush=True)


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


Commands = Mapping[str, Callable[[Disk], Cost]]
Runs = dict[str, tuple[list[Cost], list[Cost]]]


def _collect(commands: Commands, small: Disk, large: Disk, turns: int) -> Runs:
    """All in turn, several times over: a busy moment must not fall on one of them alone."""
    found: Runs = {name: ([], []) for name in commands}
    for turn in range(turns):
        for name, once in commands.items():
            _tell(f"turn {turn + 1} of {turns}: {name}")
            found[name][0].append(once(small))
            found[name][1].append(once(large))
    return found


def _phases(
    small: Disk, large: Disk, turns: int, before: Before, others: Commands
) -> tuple[Runs, list[Phases]]:
    """dd and ours on the same devices, in turn; ours cut into its two phases."""
    seen: list[Phases] = []

    def overwrite(disk: Disk) -> Cost:
        ran = programs.ours([disk.node], before)
        seen.append(ran)
        return Cost(ran.wall_s, ran.cpu_s, ran.peak_mib)

    commands = {
        "dd write": lambda disk: programs.run(programs.dd_write(disk), before),
        "dd read": lambda disk: programs.run(programs.dd_read(disk), before),
        "reprise write + verify": overwrite,
        **others,
    }
    found = _collect(commands, small, large, turns)
    on_small, on_large = seen[0::2], seen[1::2]
    found["reprise write"] = ([_write(o) for o in on_small], [_write(o) for o in on_large])
    found["reprise verify"] = ([_verify(o) for o in on_small], [_verify(o) for o in on_large])
    return found, seen


def _write(ran: Phases) -> Cost:
    return Cost(ran.write_s, ran.write_cpu_s, ran.peak_mib)


def _verify(ran: Phases) -> Cost:
    return Cost(ran.verify_s, ran.verify_cpu_s, ran.peak_mib)


def in_memory(result: Result, small: Disk, large: Disk, data: Path, turns: int) -> None:
    """On memory, where the processor is the limit."""
    sizes = (small.size, large.size)
    others = {
        "shred": lambda disk: programs.run(programs.shred(disk)),
        "shred + cmp": lambda disk: programs.run(programs.shred(disk)).and_then(
            programs.run(programs.cmp(disk))
        ),
        "reprise erase": lambda disk: programs.run(programs.reprise(disk, data)),
        "openssl": lambda _disk: Cost(0, programs.openssl_cpu_s_per_gib(), 0),
    }
    found, seen = _phases(small, large, turns, None, others)
    openssl = min(one.cpu_s for one in (*found["openssl"][0], *found["openssl"][1]))
    del found["openssl"]
    rates = {name: marginal(*costs, sizes) for name, costs in found.items()}
    table = f"In memory, one drive ({sizes[0] // MIB} and {sizes[1] // MIB} MiB)"
    _rows(result, table, rates)
    result.row(table, program="openssl speed, aes-256-ctr", **{"CPU s/GiB": openssl})
    for ours, theirs in (("reprise write", "dd write"), ("reprise verify", "dd read")):
        ratio = rates[ours].mib_s / rates[theirs].mib_s
        result.at_least(f"in memory: {ours} / {theirs}", ratio, LEAST_OF_DD_IN_MEMORY)
    _processor(result, rates, openssl)
    result.at_least("write: reprise / shred", _over(rates, "reprise write", "shred"), 1.0)
    result.at_least(
        "write + verify: reprise erase / shred + cmp",
        _over(rates, "reprise erase", "shred + cmp"),
        LEAST_OF_OTHERS,
    )
    result.at_most(
        "memory of one drive beyond the interpreter",
        max(one.peak_mib for one in seen),
        MOST_MIB,
        "MiB",
    )


def _processor(result: Result, rates: Mapping[str, Rates], openssl: float) -> None:
    """What a GiB costs, against making its stream (openssl) and moving its bytes (dd). The
    promise is about a GiB that is written and read back: the stream twice, each way once."""
    table = "Processor seconds per GiB, against openssl + dd"
    needed = {
        "write": openssl + rates["dd write"].cpu_s_per_gib,
        "verify": openssl + rates["dd read"].cpu_s_per_gib,
    }
    needed["write + verify"] = sum(needed.values())
    for phase, need in needed.items():
        spent = rates[f"reprise {phase}"].cpu_s_per_gib
        ratio = spent / need
        result.row(table, phase=phase, reprise=spent, **{"openssl + dd": need, "ratio": ratio})
    result.at_most("CPU: reprise write + verify / (openssl + dd)", ratio, MOST_CPU)


def against_nwipe(result: Result, small: Disk, large: Disk, data: Path) -> None:
    """nwipe takes minutes for what others do in seconds: smaller devices, one turn."""
    if shutil.which("nwipe") is None:
        result.not_measured.append("nwipe: it is not installed")
        return
    commands = {
        "nwipe prng + verify": lambda disk: programs.run(programs.nwipe(disk)),
        "reprise erase": lambda disk: programs.run(programs.reprise(disk, data)),
    }
    found = _collect(commands, small, large, 1)
    sizes = (small.size, large.size)
    rates = {name: marginal(*costs, sizes) for name, costs in found.items()}
    _rows(result, f"Against nwipe ({sizes[0] // MIB} and {sizes[1] // MIB} MiB)", rates)
    ratio = _over(rates, "reprise erase", "nwipe prng + verify")
    result.at_least("write + verify: reprise erase / nwipe", ratio, LEAST_OF_OTHERS)


def throttled(
    result: Result, small: Disk, large: Disk, before: Before, bytes_s: int, turns: int
) -> None:
    """On a device of a drive's speed, where nothing but the drive may be the limit."""
    found, _seen = _phases(small, large, turns, before, {})
    sizes = (small.size, large.size)
    rates = {name: marginal(*costs, sizes) for name, costs in found.items()}
    _rows(result, f"Throttled to {bytes_s / 1e6:.0f} MB/s", rates)
    for ours, theirs in (("reprise write", "dd write"), ("reprise verify", "dd read")):
        result.at_least(
            f"throttled: {ours} / {theirs}", _over(rates, ours, theirs), LEAST_OF_DD_ON_A_DRIVE
        )


def _over(rates: Mapping[str, Rates], one: str, other: str) -> float:
    return rates[one].mib_s / rates[other].mib_s


def _rows(result: Result, table: str, rates: Mapping[str, Rates]) -> None:
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
