"""A QR code for a telephone, drawn with half blocks: a cell of the console is twice as high as
wide, so it holds two modules, one above the other."""

from __future__ import annotations

from itertools import zip_longest

import segno

from reprise.tui.drawing.glyphs import FULL_BLOCK, LOWER_HALF, UPPER_HALF

_QUIET = 2  # light modules around it; ISO/IEC 18004 asks for 4, telephones are content with less
# (dark above, dark below) -> cell, in light ink on a dark ground
_CELLS = {
    (False, False): FULL_BLOCK,
    (False, True): UPPER_HALF,
    (True, False): LOWER_HALF,
    (True, True): " ",
}


def qr_rows(text: str, width: int, height: int) -> list[str]:
    """Rows of light blocks (spaces are dark), for light text on a dark screen. Empty where the
    code does not fit into `width` x `height` cells."""
    code = segno.make(text, error="l", micro=False, boost_error=False)
    modules = [[bool(dark) for dark in row] for row in code.matrix_iter(scale=1, border=_QUIET)]
    pairs = zip_longest(modules[::2], modules[1::2], fillvalue=[True] * len(modules[0]))
    rows = ["".join(_CELLS[pair] for pair in zip(*two, strict=True)) for two in pairs]
    fits = len(rows) <= height and all(len(row) <= width for row in rows)
    return rows if fits else []
