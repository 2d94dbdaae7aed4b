"""Block letters that are read from three metres, drawn with the full block alone."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from pkgutil import get_data

from reprise.tui.drawing.glyphs import FULL_BLOCK

_WIDE = 5
_DOTS: Mapping[str, str] = tomllib.loads(
    (get_data("reprise.tui.drawing", "big_letters.toml") or b"").decode()
)
_ACCENTS: Mapping[str, str] = {"\u0301": "02 04", "\u0300": "08 04", "\u0302": "04 0A"}
_NO_ACCENT = "00 00"
# (columns, rows) of one dot, from small to large: a cell of the console is twice as high as wide.
_SCALES = ((1, 1), (1, 2), (2, 1), (2, 2), (3, 2), (4, 2), (4, 3), (5, 3), (6, 3), (6, 4), (8, 4))


def big_rows(words: Sequence[str], width: int, height: int) -> list[str]:
    """The words, one below the other and centred, as large as `width` x `height` cells allow; a
    text of several words is broken where that makes it larger.

    Every row is `width` cells. Empty where even the smallest letters do not fit. A character
    without dots is drawn as a question mark.
    """
    broken = [part for word in words for part in word.split()]
    tries = [[_drawing(word) for word in line] for line in (words, broken)]
    for across, down in reversed(_SCALES):
        for drawings in tries:
            rows = _scaled(drawings, across, down)
            if len(rows) <= height and all(len(row) <= width for row in rows):
                return [row.center(width) for row in rows]
    return []


def _scaled(drawings: Sequence[Sequence[str]], across: int, down: int) -> list[str]:
    rows: list[str] = []
    for drawing in drawings:
        if rows:
            rows += [""] * (2 * down)
        for dots in drawing:
            drawn = "".join(dot * across for dot in dots)
            rows += [drawn] * down
    return rows


def _drawing(word: str) -> list[str]:
    """The dots of a word as rows of full blocks and spaces; two rows more where it has accents."""
    letters = [_letter(char) for char in word.upper()]
    if not any(accent.strip() for accented, _dots in letters for accent in accented):
        letters = [((), dots) for _accented, dots in letters]
    columns = [(*accented, *dots) for accented, dots in letters]
    return [" ".join(rows) for rows in zip(*columns, strict=True)]


def _letter(char: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(rows of its accent, rows of the letter)."""
    parts = unicodedata.normalize("NFD", char)
    accent = next((_ACCENTS[mark] for mark in parts[1:] if mark in _ACCENTS), _NO_ACCENT)
    return _rows(accent), _rows(_DOTS.get(parts[0], _DOTS["?"]))


def _rows(dots: str) -> tuple[str, ...]:
    return tuple(_row(int(number, 16)) for number in dots.split())


def _row(bits: int) -> str:
    return "".join(FULL_BLOCK if bits >> (_WIDE - 1 - n) & 1 else " " for n in range(_WIDE))
