"""The keyboard as text: keys in their places, green once they were seen."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from reprise.domain.checks.keyboard import Rows, rows_for
from reprise.tui.drawing import paint
from reprise.wording.keys import key_label

# Keys with one sign on them, which stand in the alphabet's part of the keyboard.
_PLACES = (
    *"1234567890QWERTYUIOPASDFGHJKLZXCVBNM",
    *("MINUS", "EQUAL", "LEFTBRACE", "RIGHTBRACE", "SEMICOLON", "APOSTROPHE", "GRAVE"),
    *("BACKSLASH", "102ND", "COMMA", "DOT", "SLASH"),
)


_SEEN = "ansi_black on ansi_green"
_NOT_YET = "ansi_black on ansi_white"
_WIDE = 4  # cells of a letter key; 3 where 4 do not fit

# Textual's words for keys that type no letter -> the kernel's.
_NAMED = {
    **{"escape": "ESC", "tab": "TAB", "enter": "ENTER", "space": "SPACE", "backspace": "BACKSPACE"},
    **{name: name.upper() for name in ("up", "down", "left", "right", "home", "end", "insert")},
    **{name: name.upper() for name in ("delete", "pageup", "pagedown")},
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}


def typed_key(key: str, character: str | None, french: bool) -> str:
    """The kernel's name of the key that types this, also with Shift; "" where that is not known.
    `key` is Textual's word for it."""
    short = _NAMED.get(key, "")
    if not short and character:
        wanted = character.upper() if character.upper().isalpha() else character
        places = {key_label(name, french): name for name in _PLACES}
        short = places.get(wanted) or places.get(character) or (wanted if wanted.isdigit() else "")
    return f"KEY_{short}" if short else ""


def picture(seen: Collection[str], room: int, french: bool) -> paint.Text:
    rows = rows_for(seen)
    wide = max(sum(key.width for key in row) for row in rows)
    cells = _WIDE if wide * _WIDE <= room else _WIDE - 1
    return paint.lines(_lines(rows, seen, cells, french))


def _lines(rows: Rows, seen: Collection[str], cells: int, french: bool) -> Iterator[paint.Text]:
    for row in rows:
        parts: list[paint.Part] = []
        at = 0.0
        for key in row:
            width = round((at + key.width) * cells) - round(at * cells)
            at += key.width
            if not key.name:
                parts.append(" " * width)
                continue
            label = key_label(key.name, french)[: width - 1]
            style = _SEEN if key.name in seen else _NOT_YET
            parts += [(f"{label:<{width - 1}}", style), " "]
        yield paint.line(*parts)
        yield paint.line("")
