"""The keys that open a sheet from every step."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from reprise.tui import messages
from reprise.tui.base import StationScreen

if TYPE_CHECKING:
    from reprise.tui.sheet import Sheet
    from reprise.workflow.desk import Desk

_SHEETS = {"keyboard": "KeyboardSheet", "network": "NetworkSheet", "outbox": "OutboxSheet"}


class DeskApp(App[None]):
    """`desk` is None until it is bound, behind the first screen, and where there is none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f6", "sheet('network')", show=False),
        Binding("f7", "sheet('outbox')", show=False),
    ]

    def __init__(self, open_desk: Callable[[], Desk] | None) -> None:
        super().__init__(ansi_color=True)
        self._open_desk = open_desk
        self.desk: Desk | None = None
        self.sheet: Sheet | None = None

    @abstractmethod
    def settle(self) -> None:
        """Show the screen of the step that the session is at, unless a sheet is open."""

    def bind_desk(self) -> None:
        """From a worker: reads the sheets' code, too, as the stick may be pulled afterwards."""
        if self._open_desk is not None:
            for name in _SHEETS:
                import_module(f"reprise.tui.screens.{name}")
            self.post_message(messages.DeskOpened(self._open_desk()))

    def on_desk_opened(self, message: messages.DeskOpened) -> None:
        self.desk = message.desk
        if isinstance(self.screen, StationScreen):
            self.screen.refresh_all()

    def action_sheet(self, name: str) -> None:
        if self.desk is not None and isinstance(self.screen, StationScreen):
            module = import_module(f"reprise.tui.screens.{name}")
            kind: type[Sheet] = getattr(module, _SHEETS[name])
            self.sheet = kind(self.desk)
            self.push_screen(self.sheet, self._sheet_closed)

    def _sheet_closed(self, _result: None) -> None:
        self.sheet = None
        self.call_next(self.settle)  # it is still on top while this is called
