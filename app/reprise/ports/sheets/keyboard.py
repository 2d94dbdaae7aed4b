"""The layout of the console's keyboard."""

from __future__ import annotations

from typing import Protocol

from reprise_common.keyboard_layouts import KeyboardState


class Keyboard(Protocol):
    """Both block for tenths of a second."""

    def state(self) -> KeyboardState:
        """What is loaded, as far as that can be proven. Never raises."""
        ...

    def load(self, layout: str) -> KeyboardState:
        """Raises ToolError where it could not be loaded, InputError where there is no such one:
        `state` says what is loaded then."""
        ...
