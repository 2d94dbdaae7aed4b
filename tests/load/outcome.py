"""What became of a server that suffered one fault, and whether it kept what it promises."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from load.figures import MIB

_HEALTH_MS = 1000
_AGAIN_S = 30  # that a station waits for a server which nobody looks after
_MEMORY_MIB = 300


@dataclass
class Outcome:
    """Of one fault. `wanted`, `made`: how often it was to be made, and truly was. `unnoticed`:
    meanwhile no report may be refused, and the server is well."""

    name: str
    wanted: int = 0
    made: int = 0
    unnoticed: bool = False
    acknowledged: int = 0
    missing: int = 0  # of what was acknowledged, in the database or when asked for
    altered: int = 0  # other bytes than those that were sent, or a receipt for others
    left: int = 0  # sent, and still not acknowledged a minute after it was over
    refused: Counter[str] = field(default_factory=Counter)  # by status, or by what failed
    health_ms: list[float] = field(default_factory=list)  # while the server is meant to be up
    unwell: int = 0  # how often it was not
    again_s: list[float] = field(default_factory=list)  # to the first 201, of each time
    memory: int = 0  # most bytes of one process
    papers: int = 0  # asked for
    unmade: int = 0  # of these, a minute after it was over
    skipped: str = ""  # why it was not made at all
    failed: str = ""  # what ended it before its end

    def row(self) -> str:
        if self.skipped:
            return f"| {self.name} | not made: {self.skipped} |" + " |" * 8
        told = ", ".join(f"{status} × {count}" for status, count in sorted(self.refused.items()))
        slowest = max(self.health_ms, default=math.nan)
        cells = [
            self.name,
            f"{self.made}",
            f"{self.acknowledged:,}",
            f"{self.missing}",
            f"{self.altered}",
            f"{self.left}",
            f"{slowest:,.0f} ({len(self.health_ms):,}, {self.unwell})",
            f"{max(self.again_s, default=math.nan):.1f}",
            f"{self.memory / MIB:,.0f}",
            told,
        ]
        return f"| {' | '.join(cells)} |"

    def broken(self, patience: float = 1) -> list[str]:
        """What it did not keep; also where nothing was measured. `patience`: all may take so many
        times longer, on a machine that does other work, too."""
        if self.skipped:
            return []
        health_ms, again_s = _HEALTH_MS * patience, _AGAIN_S * patience
        slowest = max(self.health_ms, default=math.inf)
        again = max(self.again_s, default=math.inf)
        if self.failed:
            return [f"{self.name}: it ended with {self.failed}"]
        found = {
            f"it was made {self.made} times, not {self.wanted}": not 0 < self.wanted <= self.made,
            "no report was acknowledged": self.acknowledged == 0,
            f"{self.missing} acknowledged reports are missing": self.missing > 0,
            f"{self.altered} reports are altered": self.altered > 0,
            f"{self.left} reports were not taken afterwards": self.left > 0,
            f"its health took {slowest:.0f} ms, not {health_ms:g}": slowest > health_ms,
            f"{again:.0f} s to the next report, not {again_s:g}": again > again_s,
            f"{self.memory / MIB:.0f} MiB in one process, not 1 to {_MEMORY_MIB}": not 0
            < self.memory
            <= _MEMORY_MIB * MIB,
            f"{self.refused.total()} reports were refused": self.unnoticed and bool(self.refused),
            f"it said {self.unwell} times that it is not well": self.unnoticed and self.unwell > 0,
            f"{self.unmade} of {self.papers} papers were not made": self.unmade > 0,
        }
        return [f"{self.name}: {what}" for what, is_so in found.items() if is_so]


def table(outcomes: Sequence[Outcome]) -> str:
    head = (
        *("fault", "times", "acknowledged", "missing", "altered", "left"),
        *(
            "slowest health, ms (asked, not well)",
            "s to the first 201",
            "most MiB",
            "refused meanwhile",
        ),
    )
    rows = [f"| {' | '.join(head)} |", "| --- " * len(head) + "|"]
    return "\n".join([*rows, *(outcome.row() for outcome in outcomes)])
