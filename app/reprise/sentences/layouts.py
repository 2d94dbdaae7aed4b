"""Names of keyboard layouts for a person."""

from __future__ import annotations

from reprise.i18n import N_, _
from reprise_common.keyboard_layouts import Changeable, KeyboardState

_TITLES = {
    "fr": N_("French (AZERTY)"),
    "fr-oss": N_("French, more characters (AZERTY, oss)"),
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


def title(name: str) -> str:
    return _(_TITLES[name]) if name in _TITLES else name


def in_use(state: KeyboardState) -> str:
    """What is loaded, or that nobody knows."""
    if state.changeable is Changeable.NO_CONSOLE:
        return _("that of the program which shows this screen")
    return title(state.layout) if state.layout else _("layout unknown")
