"""A QR code as SVG, by whichever of Debian's makers is there."""

from __future__ import annotations

import io
import logging
import re
import subprocess

_LOG = logging.getLogger(__name__)


def svg(text: str) -> str:
    """One <svg> element to stand in a page, or "" where nothing here can make one: the page has
    the address in letters, too."""
    return _by_segno(text) or _by_qrencode(text)


def _by_segno(text: str) -> str:
    try:
        import segno
    except ImportError:
        return ""
    out = io.BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, light="#fff")
    return out.getvalue().decode("utf-8").strip()


def _by_qrencode(text: str) -> str:
    argv = ["qrencode", "--type=SVG", "--level=M", "--margin=4", "--svg-path", "--output=-"]
    try:
        done = subprocess.run(
            argv, input=text, capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        _LOG.warning("no QR code: %s", error)
        return ""
    found = re.search(r"<svg.*</svg>", done.stdout, re.DOTALL)
    made = found.group(0) if found else ""
    return re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", made, count=1)
