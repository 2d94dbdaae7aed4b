"""The mouse of a terminal that tells of none itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from reprise.domain.station.pointing import Pointed


class Mouse(Protocol):
    """It never raises: where it fails, it falls silent."""

    def start(self, tell: Callable[[Pointed], None]) -> None:
        """`tell` is called from a thread of its own from now on, whatever is plugged in later."""
        ...

    def stop(self) -> None: ...
