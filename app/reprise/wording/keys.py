"""What stands on a key, and how people call it.

The kernel's names mean places and not letters: KEY_Q is where a French keyboard has its A.
"""

from __future__ import annotations

from collections.abc import Mapping

from reprise.i18n import N_, _

# On a key of three cells, and in a sentence.
_WORDS: Mapping[str, tuple[str, str]] = {
    "KEY_ESC": (N_("Esc"), N_("Esc")),
    "KEY_TAB": (N_("Tab"), N_("Tab")),
    "KEY_ENTER": (N_("Ent"), N_("Enter")),
    "KEY_CAPSLOCK": (N_("Caps"), N_("Caps Lock")),
    "KEY_LEFTSHIFT": (N_("Shift"), N_("left Shift")),
    "KEY_RIGHTSHIFT": (N_("Shift"), N_("right Shift")),
    "KEY_LEFTCTRL": (N_("Ctrl"), N_("left Ctrl")),
    "KEY_RIGHTCTRL": (N_("Ctrl"), N_("right Ctrl")),
    "KEY_LEFTALT": (N_("Alt"), N_("Alt")),
    "KEY_RIGHTALT": (N_("AltG"), N_("AltGr")),
    "KEY_LEFTMETA": (N_("Win"), N_("left Windows key")),
    "KEY_RIGHTMETA": (N_("Win"), N_("right Windows key")),
    "KEY_COMPOSE": (N_("Menu"), N_("Menu")),
    "KEY_SYSRQ": (N_("Prt"), N_("Print Screen")),
    "KEY_SCROLLLOCK": (N_("Scr"), N_("Scroll Lock")),
    "KEY_PAUSE": (N_("Pau"), N_("Pause")),
    "KEY_INSERT": (N_("Ins"), N_("Insert")),
    "KEY_DELETE": (N_("Del"), N_("Delete")),
    "KEY_HOME": (N_("Hom"), N_("Home")),
    "KEY_END": (N_("End"), N_("End")),
    "KEY_PAGEUP": (N_("PgU"), N_("Page Up")),
    "KEY_PAGEDOWN": (N_("PgD"), N_("Page Down")),
    "KEY_NUMLOCK": (N_("Num"), N_("Num Lock")),
    "KEY_KPENTER": (N_("Ent"), N_("Enter of the number pad")),
    "KEY_SPACE": ("", N_("Space")),
    "KEY_BACKSPACE": ("<--", N_("Backspace")),
    "KEY_UP": ("↑", N_("up arrow")),
    "KEY_DOWN": ("↓", N_("down arrow")),
    "KEY_LEFT": ("←", N_("left arrow")),
    "KEY_RIGHT": ("→", N_("right arrow")),
    "BTN_LEFT": ("", N_("left button")),
    "BTN_RIGHT": ("", N_("right button")),
    "BTN_MIDDLE": ("", N_("middle button")),
}
_SIGNS = {
    **{"KPSLASH": "/", "KPASTERISK": "*", "KPMINUS": "-", "KPPLUS": "+", "KPDOT": "."},
    **{"MINUS": "-", "EQUAL": "=", "LEFTBRACE": "[", "RIGHTBRACE": "]", "SEMICOLON": ";"},
    **{"APOSTROPHE": "'", "GRAVE": "`", "BACKSLASH": "\\", "102ND": "<", "COMMA": ",", "DOT": "."},
    "SLASH": "/",
}
# What a French keyboard has in these places.
_FRENCH = {
    **{"Q": "A", "W": "Z", "A": "Q", "Z": "W", "SEMICOLON": "M", "M": ",", "COMMA": ";"},
    **{"DOT": ":", "SLASH": "!", "GRAVE": "²", "1": "&", "2": "é", "3": '"', "4": "'", "5": "("},
    **{"6": "-", "7": "è", "8": "_", "9": "ç", "0": "à", "MINUS": ")", "LEFTBRACE": "^"},
    **{"RIGHTBRACE": "$", "APOSTROPHE": "ù", "BACKSLASH": "*"},
}


def key_label(name: str, french: bool) -> str:
    """What stands on the key (KEY_Q …), in a few letters."""
    words = _WORDS.get(name)
    if words is not None:
        return words[0] and _(words[0])
    short = name.removeprefix("KEY_")
    if french and short in _FRENCH:
        return _FRENCH[short]
    return _SIGNS.get(short, short.removeprefix("KP"))


def key_name(name: str, french: bool) -> str:
    """As people call it. What is no key of ours comes back as it is."""
    words = _WORDS.get(name)
    if words is not None:
        return _(words[1])
    if not name.startswith("KEY_"):
        return name
    label = key_label(name, french)
    shown = label if label.isalnum() else _("“{name}”").format(name=label)
    return _("{key} of the number pad").format(key=shown) if name.startswith("KEY_KP") else shown
