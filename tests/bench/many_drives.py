"""Several drives side by side: does the rate hold, does the screen keep its pace?"""

from __future__ import annotations

from collections.abc import Sequence

from bench import programs
from bench.devices import GIB, MIB, Disk
from bench.programs import Phases
from bench.rates import tell
from bench.result import Result
from bench.running import Under

COUNTS = (1, 2, 4, 8, 12)
# All drives together against the best of fewer: with more threads than processors some is lost to
# caches and switching, and the rest of the machine has its share, but no lock of ours may cost it.
# The processor's seconds per GiB are shown, not promised: twelve drives' buffers fit no cache, and
# letting only as many threads compute as there are processors was measured to win none of it back.
LEAST_OF_BEST = 0.7
MOST_MIB = 40.0
MOST_LATE_S = 0.3


def side_by_side(result: Result, disks: Sequence[Disk], turns: int) -> None:
    table = f"Drives side by side, write + full verify ({disks[0].size // MIB} MiB each)"
    rates: dict[int, float] = {}
    for count in (count for count in COUNTS if count <= len(disks)):
        tell(f"{count} drives")
        nodes = [disk.node for disk in disks[:count]]
        runs = [programs.ours(nodes, Under()) for _turn in range(turns)]
        gib = sum(disk.size for disk in disks[:count]) / GIB
        rates[count] = gib * GIB / MIB / min(run.wall_s for run in runs)
        cpu = min(run.cpu_s for run in runs) / gib
        _row(result, table, count, rates[count], cpu, runs)
    most = max(rates)
    best = max(rates.values())
    result.at_least(f"{most} drives: rate / best rate", rates[most] / best, LEAST_OF_BEST)


def _row(
    result: Result, table: str, count: int, rate: float, cpu: float, runs: Sequence[Phases]
) -> None:
    memory = max(run.peak_mib for run in runs) / count
    late = min(run.late_p95_s for run in runs)
    result.row(
        table,
        drives=count,
        **{
            "MiB/s": rate,
            "CPU s/GiB": cpu,
            "MiB a drive": memory,
            "late p95 ms": late * 1000,
        },
    )
    if count > 1:
        result.at_most(f"{count} drives: memory a drive", memory, MOST_MIB, "MiB")
        result.at_most(f"{count} drives: screen late, 95 of 100 times", late, MOST_LATE_S, "s")
