"""Only glyphs that the console font has (Debian's Lat15 fonts, 512 glyphs): anything else would
come out as a diamond."""

from __future__ import annotations

import unicodedata

_ASCII = "".join(chr(c) for c in range(0x20, 0x7F))
_LATIN_1 = "".join(chr(c) for c in range(0xA0, 0x100))
_LATIN_9 = "€ŠšŽžŒœŸ"
_DRAWING = "─│┌┐└┘├┤┬┴┼═║█░▒"
_TYPOGRAPHY = "…–—’‘“”•←↑→↓"

ALLOWED = frozenset(_ASCII + _LATIN_1 + _LATIN_9 + _DRAWING + _TYPOGRAPHY)

FULL_BLOCK = "█"
LIGHT_BLOCK = "░"
SHADES = " ░▒█"  # from nothing to full
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
    """A progress bar: `part` of 0 to 1. Full only at 1."""
    done = min(max(int(part * width), 0), width)
    return FULL_BLOCK * done + LIGHT_BLOCK * (width - done)
