"""Screens kept as text: what stands where, then in which colours. Renewed by `make snapshots`."""

from __future__ import annotations

import re
from difflib import unified_diff
from pathlib import Path

from tui.cells import Cell, runs, text_rows

FOLDER = Path(__file__).parent / "snapshots"
# What is another one in every run, replaced by as many other characters.
CHANGING = (
    re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"),  # a report
    re.compile(r"(?<=  )[0-9a-f]{8}(?=  )"),  # a row of the reports
    re.compile(r"(?<=empreinte )[0-9a-f]{12}\b|(?<=digest )[0-9a-f]{12}\b"),
    re.compile(r"(?<=noter sur le PC\u00a0: )[0-9a-f]{8}\b|(?<=Write on the PC: )[0-9a-f]{8}\b"),
)

# The held clock's threads each have a time of their own, so that this is only nearly the same.
TIMES = (
    re.compile(r"\b\d\d:\d\d(?= {2,}[0-9a-fx]{8}  )"),  # a row of the reports
    re.compile(r"(?<=[àt] )\d\d:\d\d\b"),  # "at 17:05"
)


def rendered(rows: list[list[Cell]]) -> str:
    """Text of a snapshot; as short as it can be read."""
    text = "\n".join(text_rows(rows)).rstrip("\n")
    for pattern in (*CHANGING, *TIMES):
        text = pattern.sub(lambda found: re.sub("[0-9a-f]", "x", found[0]), text)
    colours = [
        f"{number:>3}  " + "  ".join(f"{a}-{b} {look.words()}" for a, b, look in runs(row))
        for number, row in enumerate(rows)
        if any(True for _run in runs(row))
    ]
    return "\n".join([text, "---", *colours, ""])


def path_of(scene: str, language: str, size: tuple[int, int]) -> Path:
    return FOLDER / f"{scene}.{language}.{size[0]}x{size[1]}.txt"


def compared(path: Path, shown: str, *, renew: bool) -> list[str]:
    """What differs from the kept screen, if anything; nothing once it is renewed."""
    if renew:
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, "utf-8")
    kept = path.read_text("utf-8") if path.exists() else ""
    if kept == shown:
        return []
    lines = unified_diff(kept.splitlines(), shown.splitlines(), "kept", "shown", lineterm="", n=1)
    return [f"is not as in {path.name} (make snapshots renews it):", *lines]
