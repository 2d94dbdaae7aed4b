"""The keyboard as text: keys in their places, green once they were seen."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from reprise.domain.keyboard_keys import Rows, rows_for
from reprise.i18n import _
from reprise.tui import paint

# Keys with one sign on them, which stand in the alphabet's part of the keyboard.
_PLACES = (
    *"1234567890QWERTYUIOPASDFGHJKLZXCVBNM",
    *("MINUS", "EQUAL", "LEFTBRACE", "RIGHTBRACE", "SEMICOLON", "APOSTROPHE", "GRAVE"),
    *("BACKSLASH", "102ND", "COMMA", "DOT", "SLASH"),
)


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    return msgid


_SEEN = "ansi_black on ansi_green"
_NOT_YET = "ansi_black on ansi_white"
_WIDE = 4  # cells of a letter key; 3 where 4 do not fit

# Words on keys, short enough for them.
_WORDS = {
    **{"ESC": N_("Esc"), "TAB": N_("Tab"), "ENTER": N_("Ent"), "CAPSLOCK": N_("Caps")},
    **{"LEFTSHIFT": N_("Shift"), "LEFTCTRL": N_("Ctrl"), "LEFTALT": N_("Alt")},
    **{"RIGHTSHIFT": N_("Shift"), "RIGHTCTRL": N_("Ctrl"), "RIGHTALT": N_("AltG")},
    **{"LEFTMETA": N_("Win"), "RIGHTMETA": N_("Win"), "COMPOSE": N_("Menu")},
    **{"SYSRQ": N_("Prt"), "SCROLLLOCK": N_("Scr"), "PAUSE": N_("Pau"), "INSERT": N_("Ins")},
    **{"DELETE": N_("Del"), "HOME": N_("Hom"), "END": N_("End"), "PAGEUP": N_("PgU")},
    **{"PAGEDOWN": N_("PgD"), "NUMLOCK": N_("Num"), "KPENTER": N_("Ent")},
}
_SIGNS = {
    **{"BACKSPACE": "<--", "SPACE": "", "UP": "↑", "DOWN": "↓", "LEFT": "←", "RIGHT": "→"},
    **{"KPSLASH": "/", "KPASTERISK": "*", "KPMINUS": "-", "KPPLUS": "+", "KPDOT": "."},
    **{"MINUS": "-", "EQUAL": "=", "LEFTBRACE": "[", "RIGHTBRACE": "]", "SEMICOLON": ";"},
    **{"APOSTROPHE": "'", "GRAVE": "`", "BACKSLASH": "\\", "102ND": "<", "COMMA": ",", "DOT": "."},
    "SLASH": "/",
}
# What a French keyboard has in these places.
_FRENCH = {
    **{"Q": "A", "W": "Z", "A": "Q", "Z": "W", "SEMICOLON": "M", "M": ",", "COMMA": ";"},
    **{"DOT": ":", "SLASH": "!", "GRAVE": "²", "1": "&", "2": "é", "3": '"', "4": "'", "5": "("},
    **{"6": "-", "7": "è", "8": "_", "9": "ç", "0": "à", "MINUS": ")", "LEFTBRACE": "^"},
    **{"RIGHTBRACE": "$", "APOSTROPHE": "ù", "BACKSLASH": "*"},
}


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


def key_label(name: str, french: bool) -> str:
    """What stands on the key (KEY_Q …), in a few letters."""
    short = name.removeprefix("KEY_")
    if short in _WORDS:
        return _(_WORDS[short])
    if french and short in _FRENCH:
        return _FRENCH[short]
    return _SIGNS.get(short, short.removeprefix("KP"))


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


def labels(names: Collection[str], french: bool) -> str:
    """Keys in words, for a list of those that are missing."""
    return "  ".join(key_label(name, french) or "____" for name in names)
