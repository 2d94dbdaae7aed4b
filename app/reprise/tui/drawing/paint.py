"""Text with colours for the screen. Styles have names, so that a theme can be changed in one
place; data never passes through markup."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from textual.content import Content

from reprise.tui.drawing.glyphs import safe
from reprise.tui.drawing.pressing import key_named, named_keys, pressing

Text: TypeAlias = Content
Part: TypeAlias = str | tuple[str, str]

PLAIN = ""
STRONG = "bold"
FAINT = "ansi_cyan"
GOOD = "ansi_bright_green bold"
WARN = "ansi_bright_yellow bold"
BAD = "ansi_bright_red bold"
LIGHT = "ansi_bright_white"
KEY = "ansi_white on ansi_black"
CHOSEN = "ansi_black on ansi_white"

GOOD_BLOCK = "ansi_black on ansi_green"
WARN_BLOCK = "ansi_black on ansi_yellow"
BAD_BLOCK = "ansi_bright_white on ansi_red bold"


def line(*parts: Part) -> Text:
    """One paragraph from plain parts and (text, style) parts."""
    return Content.assemble(
        *(safe(p) if isinstance(p, str) else Content.styled(safe(p[0]), p[1]) for p in parts)
    )


def lines(rows: Iterable[Text]) -> Text:
    return Content("\n").join(list(rows))


# Textual breaks a row at a no-break space, too: for the time of wrapping this stands for it (a
# private character, as wide).
_NO_BREAK, _HELD = "\u00a0", "\ue000"


def indent(text: Text, width: int, by: int = 2) -> Text:
    """The paragraph wrapped to `width` cells, every row moved right by `by`. A number stays with
    its unit, a colon with its word."""
    room = max(width - by, 20)
    rows = _replaced(text, _NO_BREAK, _HELD).wrap(room)
    return lines(_replaced(row, _HELD, _NO_BREAK).pad_left(by) for row in rows)


def hanging(text: Text, width: int, by: int = 2) -> Text:
    """The same, but for the first row."""
    return indent(text, width, by)[by:]


def _replaced(text: Text, old: str, new: str) -> Text:
    return Content(text.plain.replace(old, new), list(text.spans))


def shortened(text: str, width: int) -> str:
    """In at most `width` cells."""
    return text if len(text) <= width else text[: width - 1] + "…"


def keys(pairs: Iterable[tuple[str, str]]) -> Text:
    """The key line: F1 Help  F2 English … A click presses them."""
    parts: list[Content] = []
    for key, text in pairs:
        parts += named_keys(key, line((f" {key} ", KEY)))
        parts += [pressing(line(f" {text}"), key_named(key)), line("  ")]
    return Content.assemble(*parts)
