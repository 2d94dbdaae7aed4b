"""What was found: rows to read, claims with a limit, and a file for machines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Claim:
    """One promise. `least`: the value must not be below the limit, else not above it."""

    name: str
    value: float
    limit: float
    least: bool
    unit: str = ""

    @property
    def kept(self) -> bool:
        return self.value >= self.limit if self.least else self.value <= self.limit

    def line(self) -> str:
        sign = ">=" if self.least else "<="
        verdict = "pass" if self.kept else "FAIL"
        unit = f" {self.unit}" if self.unit else ""
        return f"  {verdict}  {self.name:58}{self.value:8.2f}  must be {sign} {self.limit:g}{unit}"


@dataclass
class Result:
    tables: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    not_measured: list[str] = field(default_factory=list)

    def row(self, table: str, **values: object) -> None:
        self.tables.setdefault(table, []).append(values)

    def at_least(self, name: str, value: float, limit: float, unit: str = "") -> None:
        self.claims.append(Claim(name, round(value, 3), limit, True, unit))

    def at_most(self, name: str, value: float, limit: float, unit: str = "") -> None:
        self.claims.append(Claim(name, round(value, 3), limit, False, unit))

    @property
    def kept(self) -> bool:
        return all(claim.kept for claim in self.claims)

    def show(self) -> str:
        lines: list[str] = []
        for name, rows in self.tables.items():
            lines += [name, *_table(rows), ""]
        lines += ["Promises", *(claim.line() for claim in self.claims)]
        lines += [f"  not measured: {what}" for what in self.not_measured]
        lines.append("all promises kept" if self.kept else "A PROMISE IS NOT KEPT")
        return "\n".join(lines)

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        claims = [{**asdict(claim), "kept": claim.kept} for claim in self.claims]
        whole = {
            "kept": self.kept,
            "claims": claims,
            "not_measured": self.not_measured,
            "tables": self.tables,
        }
        path.write_text(json.dumps(whole, indent=2) + "\n")


def _table(rows: list[dict[str, object]]) -> list[str]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names, *([_cell(row.get(name, "")) for name in names] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(names))]
    return [
        "  "
        + line[0].ljust(widths[0])
        + "".join(f"  {cell:>{width}}" for cell, width in zip(line[1:], widths[1:], strict=True))
        for line in cells
    ]


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
    return str(value)
