"""Keyboard layouts: their names on the station, and what XKB calls them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# Name -> XKB layout and variant (xkeyboard-config), of those where the name alone does not say it.
# "ch" is the Swiss French one here: ckbcomp is asked for the same (hooks/0500-console.hook.chroot).
_XKB = {"ch": ("ch", "fr")}

# The order of a list; a layout that is not in it comes after them.
ORDER = ("fr", "fr-oss", "fr-bepo", "be", "ch", "ca", "us", "gb", "de", "es", "it", "pt")


def xkb(name: str) -> tuple[str, str]:
    """(layout, variant). A name without an entry is a layout, or a layout, a hyphen, a variant."""
    layout, _hyphen, variant = name.partition("-")
    return _XKB.get(name, (layout, variant))


def default_file(name: str) -> str:
    """/etc/default/keyboard (keyboard(5)), read by the console and by X."""
    layout, variant = xkb(name)
    return (
        f'XKBMODEL="pc105"\nXKBLAYOUT="{layout}"\nXKBVARIANT="{variant}"\n'
        'XKBOPTIONS=""\nBACKSPACE="guess"\n'
    )


def in_order(names: Sequence[str]) -> tuple[str, ...]:
    known = {name: at for at, name in enumerate(ORDER)}
    return tuple(sorted(names, key=lambda name: (known.get(name, len(ORDER)), name)))


class Changeable(StrEnum):
    """Whether the layout can be changed here."""

    YES = "yes"
    NO_CONSOLE = "no-console"  # the keyboard is another program's: a window, a serial line, ssh
    NO_LAYOUTS = "no-layouts"  # none are installed


@dataclass(frozen=True, slots=True)
class KeyboardState:
    """`layout` "": unknown. `chosen`: a person chose it on the screen since power-on."""

    layout: str = ""
    chosen: bool = False
    layouts: tuple[str, ...] = ()
    changeable: Changeable = Changeable.YES
