"""Only glyphs that the console font has (Debian's Terminus, 512 glyphs, to which
live-build/console_font.py adds block elements): anything else would come out as a diamond."""

from __future__ import annotations

import unicodedata

_ASCII = "".join(chr(c) for c in range(0x20, 0x7F))
_LATIN_1 = "".join(chr(c) for c in range(0xA0, 0x100))
_LATIN_9 = "€ŠšŽžŒœŸ"
_DRAWING = "─│┌┐└┘├┤┬┴┼═║"
_BLOCKS = "▀▁▂▃▄▅▆▇█▉▊▋▌▍▎▏▐░▒"
_SIGNS = "✓✗"
_TYPOGRAPHY = "…–—’‘“”•←↑→↓"

ALLOWED = frozenset(_ASCII + _LATIN_1 + _LATIN_9 + _DRAWING + _BLOCKS + _SIGNS + _TYPOGRAPHY)

FULL_BLOCK = "█"
LIGHT_BLOCK = "░"
UPPER_HALF, LOWER_HALF = "▀", "▄"
LEVELS = " ▁▂▃▄▅▆▇█"  # from nothing to full, upwards
_EIGHTHS = " ▏▎▍▌▋▊▉"  # from nothing to nearly full, to the right
NO_BAR = str.maketrans(dict.fromkeys(_BLOCKS, " "))  # leaves bars out of a text
TICK, CROSS = "✓", "✗"
RULE = "─"
DOT = "·"


def safe(text: str) -> str:
    """The same text with what the font lacks replaced: narrow spaces by spaces, letters by
    their base letter, the rest by "?". Line ends stay."""
    if all(c in ALLOWED or c == "\n" for c in text):
        return text
    return "".join(_one(c) for c in text)


def _one(char: str) -> str:
    if char in ALLOWED or char == "\n":
        return char
    if char.isspace():
        return " "
    base = unicodedata.normalize("NFKD", char)[:1]
    return base if base in ALLOWED else "?"


def bar(part: float, width: int) -> str:
    """A progress bar in eighths of a cell: `part` of 0 to 1. Full only at 1."""
    eighths = min(max(int(part * width * 8), 0), width * 8)
    full, rest = divmod(eighths, 8)
    begun = _EIGHTHS[rest] if rest else ""
    return FULL_BLOCK * full + begun + LIGHT_BLOCK * (width - full - len(begun))
