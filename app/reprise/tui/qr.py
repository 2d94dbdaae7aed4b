"""A QR code for a telephone, drawn with full blocks: two columns a module, as a cell of the console
is twice as high as wide. The console font has no half blocks."""

from __future__ import annotations

import segno

from reprise.tui.glyphs import FULL_BLOCK

_QUIET = 2  # light modules around it; ISO/IEC 18004 asks for 4, telephones are content with less


def qr_rows(text: str, width: int, height: int) -> list[str]:
    """Rows of blocks (light) and spaces (dark), for light text on a dark screen. Empty where the
    code does not fit into `width` x `height` cells."""
    code = segno.make(text, error="l", micro=False, boost_error=False)
    rows = [
        "".join("  " if dark else FULL_BLOCK * 2 for dark in row)
        for row in code.matrix_iter(scale=1, border=_QUIET)
    ]
    fits = len(rows) <= height and all(len(row) <= width for row in rows)
    return rows if fits else []
