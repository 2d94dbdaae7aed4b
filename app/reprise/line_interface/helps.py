"""What helps at any question: which keys there are, and that one is none of this question's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reprise import i18n
from reprise.i18n import _
from reprise.line_interface.shown import labelled
from reprise.sentences.sheets import Sheet

MENU = "M"  # which sheets there are

# The screens' keys for what lines call otherwise.
_SAME = {"F1": "?", "F2": "L"}
_FUNCTION_KEY = re.compile(r"F(?:[1-9]|1[0-2])")


def meant(typed: str) -> str:
    """A key of the screens as plain lines call it; anything else as it was typed."""
    return _SAME.get(typed.upper(), typed)


def no_answer(typed: str, keys: str | None) -> str:
    """Why this is none: a function key that `keys` does not name. Else empty, and where any key
    answers (None)."""
    key = typed.upper()
    if keys is None or not _FUNCTION_KEY.fullmatch(key) or re.search(rf"\b{key}\b", keys):
        return ""
    return _("{key} does nothing here.").format(key=key)


def general(sheets: Sequence[Sheet], *, in_sheet: bool) -> str:
    """Of all questions of the sheets, or of the steps: there Enter does what the question says."""
    language = "English" if i18n.language() == "fr" else "Français"
    if in_sheet:
        return _("Enter alone: back. L: {language}. ?: this help.").format(language=language)
    text = _("L: {language}. ?: this help.")
    menu = labelled(MENU, *(sheet.title().lower() for sheet in sheets))
    return f"{text.format(language=language)} {menu}."
