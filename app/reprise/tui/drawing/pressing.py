"""Which key a click on a text presses, kept in the text itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual.content import Content
from textual.style import Style

from reprise.i18n import _

KEY = "pressed-key"  # of Textual's meta data

_F_KEY = re.compile(r"F[1-9][0-9]?")
_ARROWS = {"↑": "up", "↓": "down", "←": "left", "→": "right"}


def key_named(name: str) -> str:
    """Textual's word for a key as the key line names it; empty where it is no single key."""
    known = {_("Enter"): "enter", _("Esc"): "escape", **_ARROWS}
    if name in known:
        return known[name]
    return name.lower() if _F_KEY.fullmatch(name) or len(name) == 1 else ""


def pressing(text: Content, key: str) -> Content:
    return text.stylize(Style.from_meta({KEY: key})) if key else text


def named_keys(name: str, shown: Content) -> Iterator[Content]:
    """`shown` is " name "; each of several keys ("↑ ↓") presses itself."""
    at, end = 0, len(shown)
    words = name.split(" ")
    for word in words[:-1]:
        yield pressing(shown[at : at + len(word) + 1], key_named(word))
        at += len(word) + 1
    yield pressing(shown[at:end], key_named(words[-1]))
