"""Text on its way into a document: visible stand-ins, escaped markup.

The fonts are Bitstream Vera, which reportlab carries itself: the same on every station and server
(decision record 0060). What they cannot draw is shown as its code point, never dropped.
"""

from __future__ import annotations

import html
import unicodedata

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "Vera"
BOLD = "VeraBd"
ITALIC = "VeraIt"
_SPACES = {"\u202f": "\u00a0", "\u2009": "\u00a0", "\u2007": "\u00a0", "\t": " ", "\n": " "}


def register_fonts() -> None:
    """Once per process; reportlab keeps them."""
    for name, bold, italic in ((REGULAR, 0, 0), (BOLD, 1, 0), (ITALIC, 0, 1)):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
        addMapping(REGULAR, bold, italic, name)
    addMapping(REGULAR, 1, 1, BOLD)


def _drawable(character: str) -> bool:
    return ord(character) in pdfmetrics.getFont(REGULAR).face.charToGlyph


def _stand_in(character: str) -> str:
    if character in _SPACES:
        return _SPACES[character]
    return f"‹U+{ord(character):04X}›"


def visible(text: str) -> str:
    """The text with what the fonts lack shown as ‹U+XXXX›, control characters included."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(c if _drawable(c) else _stand_in(c) for c in composed)


def lacks_glyphs(text: str) -> bool:
    """Whether any character of `text` would be shown by a stand-in."""
    composed = unicodedata.normalize("NFC", text)
    return any(not _drawable(c) and c not in _SPACES for c in composed)


def escaped(text: str) -> str:
    """Data or plain text, safe inside a reportlab paragraph."""
    return html.escape(visible(text), quote=False)


def bold(text: str) -> str:
    """Plain text -> paragraph markup in bold."""
    return f'<font name="{BOLD}">{escaped(text)}</font>'


def grouped(hexadecimal: str) -> str:
    """A digest in groups of eight, so that people can compare it and lines can break."""
    return " ".join(hexadecimal[i : i + 8] for i in range(0, len(hexadecimal), 8))
