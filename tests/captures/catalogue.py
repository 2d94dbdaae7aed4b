"""The captures beside the repository: the tables of their READMEs say what each file holds.
They are read in place and never copied."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

CAPTURES = Path(__file__).resolve().parents[2].parent / "shared/captures"
WHY_SKIPPED = "the captures (../shared/captures) are not on this machine"


@dataclass(frozen=True)
class Row:
    """One line of a README's table; `cells` by the heading of the column."""

    path: Path
    cells: dict[str, str]

    @property
    def text(self) -> str:
        return self.path.read_bytes().decode("utf-8", "replace")


def rows(readme: str, folder: str) -> list[Row]:
    """All rows of a README whose first column is a file of `folder`."""
    path = CAPTURES / readme
    if not path.exists():
        return []
    found: list[Row] = []
    heads: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| file |"):
            heads = cells
        elif heads and cells[0].endswith(".txt"):
            found.append(Row(CAPTURES / folder / cells[0], dict(zip(heads, cells, strict=True))))
    return found


def parameters(found: list[Row]) -> list[object]:
    """For pytest: one case a row, or one that is skipped with the reason."""
    if not found:
        mark = pytest.mark.skip(reason=WHY_SKIPPED)
        return [pytest.param(None, marks=mark, id="no-captures")]
    return [pytest.param(row, id=row.path.stem) for row in found]
