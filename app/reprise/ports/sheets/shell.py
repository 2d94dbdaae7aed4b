"""The maintenance shell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Shell(Protocol):
    def run(self, words: Sequence[str]) -> None:
        """Show `words` (lines) on the terminal, which must be free, then a shell; back at its end.
        Raises ToolError where there is none."""
        ...
