"""A QR code as SVG, by Debian's python3-segno."""

from __future__ import annotations

import io
import logging

_LOG = logging.getLogger(__name__)


def svg(text: str) -> str:
    """One <svg> element to stand in a page, or "" where segno is not there: the page has the
    address in letters, too."""
    try:
        import segno
    except ImportError:
        _LOG.warning("no QR code: python3-segno is missing")
        return ""
    out = io.BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, light="#fff")
    return out.getvalue().decode("utf-8").strip()
