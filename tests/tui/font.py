"""The font of the image's console, made as the image build makes it."""

from __future__ import annotations

import gzip
import importlib.util
import sys
from functools import cache
from pathlib import Path

from station_kit.places import TOP

SOURCE = Path("/usr/share/consolefonts/Uni2-Terminus16.psf.gz")  # console-setup-linux
_MAKER = TOP / "live-build/console_font.py"


@cache
def glyphs() -> dict[str, bytes]:
    """Character -> its rows, a byte each. Raises FileNotFoundError without Debian's fonts."""
    spec = importlib.util.spec_from_file_location("image_console_font", _MAKER)
    assert spec and spec.loader
    maker = importlib.util.module_from_spec(spec)
    sys.modules["image_console_font"] = maker  # its dataclasses look their module up
    spec.loader.exec_module(maker)
    font = maker.complete(maker.read_font(gzip.decompress(SOURCE.read_bytes())))
    assert (font.width, font.height) == (8, 16)
    return {chr(code): font.glyphs[slot] for slot, codes in enumerate(font.codes) for code in codes}
