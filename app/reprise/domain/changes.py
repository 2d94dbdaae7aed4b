"""What was plugged in or unplugged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changes:
    """Drives (sticks are drives, too); network cards, cables, addresses."""

    drives: bool = False
    network: bool = False

    @property
    def any(self) -> bool:
        return self.drives or self.network

    def also(self, other: Changes) -> Changes:
        return Changes(self.drives or other.drives, self.network or other.network)
