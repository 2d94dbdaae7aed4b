"""How large the letters of the console are."""

from __future__ import annotations

from typing import Protocol


class Letters(Protocol):
    def other(self) -> bool:
        """Takes the small ones in place of the large ones, or the other way round, until the PC is
        switched off. False: the screen has room for one size only. Blocks for tenths of a second;
        the terminal tells of its new size by itself. Raises ToolError."""
        ...
