"""Keyboard layouts, as a person calls them and as X and the console do."""

from __future__ import annotations

import os
import subprocess

from reprise_common.keyboard_layouts import ORDER, default_file, xkb
from reprise_first_start.i18n import N_, _

__all__ = ["TITLES", "choices", "default_file", "known", "title", "use_now"]

TITLES = {
    "fr": N_("French (AZERTY), the usual keyboard in France"),
    "fr-oss": N_("French (AZERTY) with more characters"),
    "fr-bepo": N_("French (bépo)"),
    "be": N_("Belgian (AZERTY)"),
    "ch": N_("Swiss French (QWERTZ)"),
    "ca": N_("Canadian French (QWERTY)"),
    "us": N_("American (QWERTY)"),
    "gb": N_("British (QWERTY)"),
    "de": N_("German (QWERTZ)"),
    "es": N_("Spanish (QWERTY)"),
    "it": N_("Italian (QWERTY)"),
    "pt": N_("Portuguese (QWERTY)"),
}
_TRY_S = 5.0


def known(name: str) -> str:
    """`name`, or French where it is none of ours: the file may name what nobody can load."""
    return name if name in TITLES else "fr"


def title(name: str) -> str:
    return _(TITLES[name])


def choices() -> tuple[tuple[str, str], ...]:
    """(name, title in the language in force)"""
    return tuple((name, title(name)) for name in ORDER)


def use_now(name: str) -> bool:
    """In the X server of this process. False: nothing was changed."""
    layout, variant = xkb(name)
    argv = ["setxkbmap", "-model", "pc105", "-layout", layout, "-variant", variant, "-option", ""]
    try:
        done = subprocess.run(
            argv, env=dict(os.environ), capture_output=True, timeout=_TRY_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
