"""Numbers as they are typed."""

from __future__ import annotations

# The digits' keys of a French keyboard without Shift.
_UNSHIFTED = dict(zip("&é\"'(-è_ç", range(1, 10), strict=True))


def number_of(typed: str) -> int:
    """0 where it is none."""
    return _UNSHIFTED.get(typed) or (int(typed) if typed.isdecimal() else 0)
