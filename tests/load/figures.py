"""What a load run measured, and whether it keeps what the server promises."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

MIB = 1024 * 1024


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest rank. NaN of nothing."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


@dataclass
class Kind:
    """One kind of request: milliseconds from when it was due to its whole answer."""

    ms: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)  # by status, or by what failed

    def row(self, name: str, seconds: float) -> str:
        told = ", ".join(f"{status} × {count}" for status, count in sorted(self.answers.items()))
        figures = (percentile(self.ms, share) for share in (0.5, 0.95, 0.99, 1.0))
        cells = " | ".join(f"{value:,.0f}" for value in figures)
        return f"| {name} | {len(self.ms) / seconds:,.1f} | {cells} | {told} |"


@dataclass
class Figures:
    seconds: float
    kinds: dict[str, Kind] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)  # most bytes of each process
    acknowledged: int = 0
    missing: int = 0  # of what was acknowledged

    def of(self, name: str) -> Kind:
        return self.kinds.setdefault(name, Kind())

    def table(self) -> str:
        rows = [
            "| request | a second | p50 ms | p95 | p99 | most | answers |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            *(kind.row(name, self.seconds) for name, kind in sorted(self.kinds.items())),
            "",
            "| process | most memory |",
            "| --- | --- |",
            *(f"| {name} | {size / MIB:,.0f} MiB |" for name, size in sorted(self.memory.items())),
            "",
            f"{self.acknowledged} reports acknowledged, {self.missing} of them missing afterwards.",
        ]
        return "\n".join(rows)


@dataclass(frozen=True)
class Promise:
    """`rate`: reports a second that all must be taken at; `p99_ms` of them."""

    rate: float
    p99_ms: float
    memory_mib: float = 300

    def broken(self, figures: Figures) -> list[str]:
        reports = figures.of("report")
        refused = sum(n for status, n in reports.answers.items() if status != "201")
        taken = len(reports.ms) - refused
        found = []
        if taken < self.rate * figures.seconds * 0.99:
            found.append(f"{taken / figures.seconds:.1f} reports a second, not {self.rate:g}")
        p99 = percentile(reports.ms, 0.99)
        if not p99 <= self.p99_ms:
            found.append(f"p99 of a report is {p99:.0f} ms, not {self.p99_ms:g}")
        if figures.missing:
            found.append(f"{figures.missing} acknowledged reports are missing")
        for name, size in figures.memory.items():
            if size > self.memory_mib * MIB:
                found.append(f"{name} took {size / MIB:.0f} MiB, not {self.memory_mib:g}")
        return found


def tell(told: Sequence[str], broken: Sequence[str], out: Path | None) -> int:
    """What was measured, and which promises were not kept: printed, and written where it is asked
    for. The exit code."""
    text = "\n\n".join([*told, *(f"NOT KEPT: {what}" for what in broken)])
    print(text)
    if out:
        out.write_text(text + "\n", "utf-8")
    return 1 if broken else 0
