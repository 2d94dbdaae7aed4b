"""A drive's passphrase: typed before the system runs, on whatever keyboard is there.

Also used by the light OS's first start, which has a copy."""

from __future__ import annotations

import re

SHORTEST = 12  # characters. Four words of a dice list are 20 and more.
_TYPED_EVERYWHERE = re.compile(rf"[A-Za-z0-9 -]{{{SHORTEST},512}}")


def is_usable(passphrase: str) -> bool:
    """Long enough, and of letters without accents, digits, spaces and hyphens alone."""
    return _TYPED_EVERYWHERE.fullmatch(passphrase) is not None
