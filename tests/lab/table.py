"""docs/sanitization.md: its table of cases is what the lab's last run gave."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lab.cases import UNSEEN, Case

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sanitization.md"
_BEGIN, _END = "<!-- cases: made by make lab -->", "<!-- end of cases -->"
_HEAD = ("Drive", "Technique", "What the drive or the bench does", "Verdict", "Reached", "Because")


_UNSEEN = (
    "These drives lie in a way that no host can see: every status and every read is that of an"
    " honest drive, and the lab knows only because it looks into the cells. With the policy as"
    " shipped they end SANITIZED, with these limitations printed: the proof rests on the drive's"
    " own word, and zeros may be unmapped blocks. A policy that does not take a drive's word"
    " (`not_accepted` in policy.toml) makes them UNVERIFIED, and every honest drive's firmware"
    " erase with them."
)


def render(rows: Sequence[Case]) -> str:
    """Two Markdown tables, one row a case: what can be seen from outside, and what cannot."""
    seen = [row for row in rows if UNSEEN not in row.trap]
    unseen = [row for row in rows if UNSEEN in row.trap]
    return "\n".join([*_table(seen), "", _UNSEEN, "", *_table(unseen)])


def _table(rows: Sequence[Case]) -> list[str]:
    lines = [_line(_HEAD), _line(["---"] * len(_HEAD))]
    for row in rows:
        technique, seen = _codes(row.technique), _codes(row.seen)
        shown = (row.drive, technique, row.trap, row.verdict.upper(), row.achieved, seen)
        lines.append(_line([cell.replace("|", "/") for cell in shown]))
    return lines


def _codes(listed: str) -> str:
    """They are the report's, and not to be read as words."""
    return listed if listed == "-" else ", ".join(f"`{code}`" for code in listed.split(", "))


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def written(page: Path = PAGE) -> str:
    """The table that stands in the page. Raises ValueError where the page has no place for it."""
    text = page.read_text("utf-8")
    if _BEGIN not in text or _END not in text:
        raise ValueError(f"{page.name} has no table of cases")
    return text.partition(_BEGIN)[2].partition(_END)[0].strip()


def write(rows: Sequence[Case], page: Path = PAGE) -> None:
    text = page.read_text("utf-8")
    before, after = text.partition(_BEGIN)[0], text.partition(_END)[2]
    page.write_text(f"{before}{_BEGIN}\n\n{render(rows)}\n\n{_END}{after}", "utf-8")
