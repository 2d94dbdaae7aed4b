"""Colours, sizes and paragraph styles of all documents: sober, readable in black and white."""

from __future__ import annotations

from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

from reprise.documents.text import BOLD, ITALIC, REGULAR
from reprise.domain.report.outcome import Outcome

PAGE = A4
MARGIN = 17 * mm
WIDTH = PAGE[0] - 2 * MARGIN
# What is written stands between these, from the page's lower edge.
FOOT, HEAD = 19 * mm, PAGE[1] - 14 * mm
HEIGHT = HEAD - FOOT

INK = colors.HexColor("#1d2329")
QUIET = colors.HexColor("#59636e")
RULE = colors.HexColor("#c9d0d6")
PAPER = colors.HexColor("#f4f6f8")
STAMP = colors.HexColor("#c01818")
ACCENT = colors.HexColor("#1f4e79")

# (ink, paper) of each outcome. Never alone: a symbol and a word say the same.
_GREEN = (colors.HexColor("#17663a"), colors.HexColor("#e6f3ea"))
_AMBER = (colors.HexColor("#8a5200"), colors.HexColor("#fdf1dc"))
_RED = (colors.HexColor("#a01c1c"), colors.HexColor("#fbe6e4"))
_GREY = (colors.HexColor("#4a545e"), colors.HexColor("#eceff2"))
COLOURS = {
    Outcome.ERASED: _GREEN,
    Outcome.UNVERIFIED: _AMBER,
    Outcome.INTERRUPTED: _AMBER,
    Outcome.INCOMPLETE: _AMBER,
    Outcome.FAILED: _RED,
    Outcome.NO_DRIVE: _GREY,
}


def _style(name: str, size: float, **more: object) -> ParagraphStyle:
    settings: dict[str, object] = {
        "fontName": REGULAR,
        "fontSize": size,
        "leading": size * 1.38,
        "textColor": INK,
        "alignment": TA_LEFT,
        "splitLongWords": 1,
        "tag": "P",  # see tagged.py
        **more,
    }
    return ParagraphStyle(name, **settings)


TITLE = _style("title", 19, fontName=BOLD, textColor=ACCENT, leading=23, tag="H1")
SUBTITLE = _style("subtitle", 9.5, textColor=QUIET)
HEADING = _style(
    "heading", 11, fontName=BOLD, textColor=ACCENT, spaceBefore=9, spaceAfter=3, tag="H2"
)
MACHINE = _style("machine", 10, fontName=BOLD, leading=13)
DRIVE = _style("drive", 10, fontName=BOLD, leading=13, tag="H3")
BODY = _style("body", 8.3)
ATTEMPT = _style("attempt", 8.3, tag="H4")
SMALL = _style("small", 7.2, textColor=QUIET)
LABEL = _style("label", 7.6, textColor=QUIET)
LEAD = _style("lead", 7.6, textColor=QUIET, spaceBefore=2, keepWithNext=1)
VALUE = _style("value", 8.3)
LONG = _style("long", 7.4)  # an UUID or a digest on one line
ABSENT = _style("absent", 8.3, fontName=ITALIC, textColor=QUIET)
CELL = _style("cell", 7.9)
HEAD_CELL = _style("head-cell", 7.2, fontName=BOLD, textColor=QUIET)
BULLET = _style("bullet", 8.3, leftIndent=12, bulletIndent=2, spaceAfter=1)
COMMAND = _style(
    "command", 7.4, backColor=PAPER, borderPadding=(2, 3, 2, 3), leftIndent=3, rightIndent=3
)
BAND = _style("band", 11.5, fontName=BOLD, leading=15)
BAND_TEXT = _style("band-text", 8.3)
