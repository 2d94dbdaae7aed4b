"""The system's log, on the screen and on the stick."""

from __future__ import annotations

from typing import Protocol

from reprise.domain.station.logs import LogPage


class Logs(Protocol):
    """Both block: ask from a worker."""

    def read(self, after: str = "", *, everything: bool = False) -> LogPage:
        """Since power-on, Reprise's own lines or `everything`: the newest ones, or those `after` a
        page's cursor. Raises ToolError where the log cannot be read."""
        ...

    def copy(self) -> str:
        """Put the logs into a new folder on the stick, without passwords; its path there. Raises
        StorageError where there is no stick or no room: nothing bears the folder's name then."""
        ...
