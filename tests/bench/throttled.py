"""Devices of a drive's speed, where nothing but the drive may be the limit."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.devices import CannotThrottleError, disk, throttle
from bench.processors import ALL, NO_AES_NI, Processor
from bench.rates import Pair, over, phases, rows
from bench.result import Result
from bench.running import Under


@dataclass(frozen=True)
class Case:
    """`least`: what each phase must reach of dd on as many drives at once."""

    processor: Processor
    drives: int
    bytes_s: int
    least: float

    @property
    def name(self) -> str:
        return f"{self.processor.name}, {self.drives} x {self.bytes_s / 1e6:.0f} MB/s"


_CASES = (
    Case(ALL, 1, 400_000_000, 0.95),  # a SATA SSD's write rate
    Case(NO_AES_NI, 1, 500_000_000, 0.95),
    Case(NO_AES_NI, 2, 500_000_000, 0.9),
)


def on_throttled(result: Result, folder: Path, turns: int, sizes: Sequence[int]) -> None:
    """`sizes` of the small and of the large devices, bytes."""
    for case in _CASES:
        try:
            _one(result, folder, turns, sizes, case)
        except CannotThrottleError as error:
            result.not_measured.append(f"throttled devices: no cgroup for them here ({error})")
            return


def _one(result: Result, folder: Path, turns: int, sizes: Sequence[int], case: Case) -> None:
    with ExitStack() as stack:
        small, large = (
            [stack.enter_context(disk(folder, size, f"slow{at}-")) for at in range(case.drives)]
            for size in sizes
        )
        nodes = [one.node for one in (*small, *large)]
        limit = stack.enter_context(throttle(nodes, case.bytes_s))
        pair = Pair(small, large, turns)
        found, _seen = phases(pair, Under(case.processor, limit.enter), case.name)
        rates = pair.rates(found)
        rows(result, f"Throttled: {case.name} ({pair.said})", rates)
        for ours, theirs in (("reprise write", "dd write"), ("reprise verify", "dd read")):
            ratio = over(rates, ours, theirs)
            result.at_least(f"{case.name}: {ours} / {theirs}", ratio, case.least)
