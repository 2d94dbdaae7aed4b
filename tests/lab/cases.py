"""The table of cases: each lab test of the product says what it met and how that ended. The page
docs/sanitization.md is made from these rows (see lab.table)."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

UNSEEN = " (no host can see it)"  # in a trap: every read and every status is an honest drive's
STRICTLY = ", and the policy takes no drive's word"
WHERE = "REPRISE_LAB_CASES"  # environment: the file that takes the rows, one JSON object a line


@dataclass(frozen=True, order=True)
class Case:
    """`drive`: "ATA SSD", "NVMe" …; `trap`: what the drive or the bench does; `technique`: of
    reprise.domain.planning.techniques; `verdict`: the state of the drive in the report; `achieved`:
    Clear, Purge or none; `seen`: the observations or refusals that decided."""

    drive: str
    technique: str
    trap: str
    verdict: str
    achieved: str
    seen: str


def record(
    *, drive: str, technique: str, trap: str, verdict: str, achieved: str, seen: str
) -> None:
    """Append one row where the run asks for them; the test has asserted it before."""
    path = os.environ.get(WHERE)
    if path is None:
        return
    row = Case(drive, technique, trap, verdict, achieved, seen)
    with Path(path).open("a", encoding="utf-8") as out:
        out.write(json.dumps(asdict(row), ensure_ascii=False, sort_keys=True) + "\n")


def read(path: Path) -> tuple[Case, ...]:
    """All rows of a run, sorted, none twice."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return tuple(sorted({Case(**json.loads(line)) for line in lines}))
