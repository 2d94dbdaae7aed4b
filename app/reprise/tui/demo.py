"""The station's application, as a demonstration shows it: unlike a station it can be left."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from reprise.tui.app import StationApp


class DemoApp(StationApp):
    """Ctrl+Q ends it at any time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q,ctrl+c", "quit", show=False, priority=True),
    ]

    def leave_demo(self) -> None:
        """For a worker: what switching the PC off does here."""
        self.call_from_thread(self.exit)
