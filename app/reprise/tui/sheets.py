"""What a key opens over any step, as data. The step goes on below: a sheet stays while drives
erase, and the screen of the step that is due by then is shown when it closes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events

from reprise.i18n import _
from reprise.tui.base import StationScreen

if TYPE_CHECKING:
    from reprise.tool_ports.tools import Tools
    from reprise.tui.app import StationApp
    from reprise.tui.screens.sheet import SheetScreen


@dataclass(frozen=True, slots=True)
class Sheet:
    """`key`: Textual's word for it. `screen` loads the code: see load_sheets. `there`: whether
    this PC has what the sheet shows."""

    key: str
    title: Callable[[], str]
    screen: Callable[[], type[SheetScreen]]
    there: Callable[[Tools], bool] = lambda _tools: True

    @property
    def key_name(self) -> str:
        return self.key.upper()


def _checks() -> type[SheetScreen]:
    from reprise.tui.screens.checks import ChecksScreen

    return ChecksScreen


def _network() -> type[SheetScreen]:
    from reprise.tui.screens.network import NetworkScreen

    return NetworkScreen


def _reports() -> type[SheetScreen]:
    from reprise.tui.screens.reports import ReportsScreen

    return ReportsScreen


def _logs() -> type[SheetScreen]:
    from reprise.tui.screens import maintenance  # noqa: F401 - opened from that sheet
    from reprise.tui.screens.logs import LogsScreen

    return LogsScreen


def _keyboard() -> type[SheetScreen]:
    from reprise.tui.screens.keyboard import KeyboardScreen

    return KeyboardScreen


SHEETS: tuple[Sheet, ...] = (
    Sheet("f3", lambda: _("Functions"), _checks, lambda tools: tools.checks is not None),
    Sheet("f6", lambda: _("Network"), _network, lambda tools: tools.network is not None),
    Sheet("f7", lambda: _("Reports"), _reports),
    Sheet("f9", lambda: _("Logs"), _logs, lambda tools: tools.logs is not None),
    Sheet("f12", lambda: _("Keyboard"), _keyboard, lambda tools: tools.keyboard is not None),
)


def load_sheets() -> None:
    """From any thread: afterwards the stick may be pulled."""
    for sheet in SHEETS:
        sheet.screen()


def offered(tools: Tools) -> tuple[Sheet, ...]:
    return tuple(sheet for sheet in SHEETS if sheet.there(tools))


class Sheets:
    """`key` is called before any key reaches a screen."""

    def __init__(self, app: StationApp) -> None:
        self._app = app

    def key(self, event: events.Key) -> bool:
        """True where it opened a sheet."""
        below = self._app.screen_stack[-1:]  # none while the application closes
        if not (below and isinstance(below[0], StationScreen)):
            return False
        for sheet in offered(self._app.tools):
            if sheet.key == event.key:
                below[0].take()
                self._app.push_screen(sheet.screen()(), lambda _nothing: self._app.show_step())
                return True
        return False
