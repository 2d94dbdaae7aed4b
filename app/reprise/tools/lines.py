"""What the texts of several tools have in common: numbers and "name: value" lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Group separators that locales put between digits: comma, point, apostrophes, all the spaces,
# and what a decoder leaves of a space it could not read.


def fields(text: str, separator: str = ":") -> Iterator[tuple[str, str]]:
    """(name, value) of every "name: value" line, both stripped; values may be empty."""
    for line in text.splitlines():
        name, sep, value = line.partition(separator)
        if sep:
            yield name.strip(), value.strip()


def first_fields(text: str) -> dict[str, str]:
    """The first value of each name, for texts where later sections repeat names."""
    result: dict[str, str] = {}
    for name, value in fields(text):
        result.setdefault(name, value)
    return result


def plain_int(text: str) -> int | None:
    """ASCII digits only, at most 20 of them (2**64); no sign, no spaces."""
    if text.isascii() and text.isdigit() and len(text) <= 20:
        return int(text)
    return None


def first_int(text: str) -> int | None:
    """The number that the text begins with, e.g. 36 of "36 (Min/Max 15/41)"."""
    match = re.match(r"\s*([0-9]{1,20})(?![0-9a-zA-Z])", text)
    return int(match[1]) if match else None
