"""What a barcode scanner types, as a person would have typed it."""

from __future__ import annotations

import re

# AIM symbology identifier (ISO/IEC 15424), which scanners put first where they are set to: a
# closing bracket, a letter for the kind of code and a modifier; "]C1" for GS1-128.
_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z](?=.)")


def scanned(text: str) -> str:
    """Without the symbology identifier, without control characters (GS1 separators, STX, ETX), and
    with single spaces."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(_SYMBOLOGY.sub("", plain.strip()).split())
