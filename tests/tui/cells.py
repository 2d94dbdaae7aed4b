"""The screen as the console has it: one character and sixteen colours a cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.color import Color, ColorType
from rich.style import Style
from textual.app import App

COLOURS = (
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "bright_black", "bright_red", "bright_green", "bright_yellow",
    "bright_blue", "bright_magenta", "bright_cyan", "bright_white",
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """Colours by their number (None: the terminal's own)."""

    ink: int | None = None
    ground: int | None = None
    bold: bool = False
    reverse: bool = False

    def words(self) -> str:
        ink = "" if self.ink is None else COLOURS[self.ink]
        ground = "" if self.ground is None else f"on {COLOURS[self.ground]}"
        parts = (ink, ground, "bold" * self.bold, "reverse" * self.reverse)
        return " ".join(part for part in parts if part) or "plain"


@dataclass(frozen=True)
class Cell:
    char: str
    look: Look


def cells(app: App[None]) -> list[list[Cell]]:
    """Every row of the screen, as wide as the screen. Raises AssertionError on a colour that the
    console does not have."""
    rows = []
    for strip in app.screen._compositor.render_strips():
        row = [Cell(char, _look(s.style)) for s in strip for char in s.text]
        assert len(row) == app.size.width, (len(row), "".join(cell.char for cell in row))
        rows.append(row)
    return rows


def _look(style: Style | None) -> Look:
    if style is None:
        return Look()
    reverse, bold = bool(style.reverse), bool(style.bold)
    return Look(_number(style.color), _number(style.bgcolor), bold, reverse)


def _number(colour: Color | None) -> int | None:
    if colour is None or colour.type is ColorType.DEFAULT:
        return None
    assert colour.number is not None, f"{colour} is none of the sixteen"
    assert colour.number < len(COLOURS), f"{colour} is none of the sixteen"
    return colour.number


def text_rows(rows: list[list[Cell]]) -> list[str]:
    return ["".join(cell.char for cell in row).rstrip() for row in rows]


def runs(row: list[Cell]) -> Iterator[tuple[int, int, Look]]:
    """(first, last, look) of what is not plain. A blank has no ink: it goes with its neighbours."""
    begin, end, look = 0, -1, Look()
    for at, cell in enumerate(row):
        seen = _seen(cell, look)
        if seen != look:
            if look != Look():
                yield begin, end, look
            begin, look = at, seen
        if cell.char != " " or look.ground is not None or look.reverse:
            end = at
    if look != Look():
        yield begin, end, look


def _seen(cell: Cell, before: Look) -> Look:
    if cell.char != " ":
        return cell.look
    same = (cell.look.ground, cell.look.reverse) == (before.ground, before.reverse)
    return before if same else Look(ground=cell.look.ground, reverse=cell.look.reverse)
