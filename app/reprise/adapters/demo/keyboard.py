"""A keyboard whose layout changes on the screen only, and that refuses one of them."""

from __future__ import annotations

from dataclasses import replace

from reprise.errors import ToolError
from reprise.i18n import _
from reprise_common.keyboard_layouts import ORDER, KeyboardState

_REFUSES = "pt"


class PlayedKeyboard:
    """ports.sheets.keyboard.Keyboard."""

    def __init__(self) -> None:
        self._state = KeyboardState("fr", layouts=ORDER)

    def state(self) -> KeyboardState:
        return self._state

    def load(self, layout: str) -> KeyboardState:
        if layout == _REFUSES:
            raise ToolError(
                _("The layout was not loaded: {reason}.").format(reason="loadkeys 1"),
                _("Try the keys before you go on."),
            )
        self._state = replace(self._state, layout=layout, chosen=True)
        return self._state
