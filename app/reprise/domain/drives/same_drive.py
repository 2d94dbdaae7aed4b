"""Whether two looks were at one and the same thing."""

from __future__ import annotations

from collections.abc import Iterable

from reprise.domain.pc.hardware import DriveIdentity
from reprise.domain.pc.placeholders import real_serial, real_wwn


def same_drive(one: DriveIdentity, two: DriveIdentity) -> bool:
    """True where a serial number or WWN says so, and no name says otherwise. Whatever their sizes:
    a hidden area may have been removed since, or be back after the power was off."""
    if one.model and two.model and one.model != two.model:
        return False
    return agree(((real_serial(one), real_serial(two)), (real_wwn(one), real_wwn(two))))


def bare(text: str | None) -> str:
    """Letters and digits only: each source of a number has its own spaces, and udev writes "_" for
    what it does not like."""
    return "".join(letter for letter in (text or "").lower() if letter.isalnum())


def agree(pairs: Iterable[tuple[str | None, str | None]]) -> bool:
    """At least one pair is known on both sides, and every such pair is equal."""
    told = where_both_tell(pairs)
    return bool(told) and all(told)


def where_both_tell(pairs: Iterable[tuple[str | None, str | None]]) -> list[bool]:
    """Where both say something: whether it is the same."""
    return [a == b for a, b in pairs if a and b]
