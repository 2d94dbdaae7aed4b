"""What a key opens over any step (see sentences.sheets), loaded when it is asked for. The step goes
on below: a sheet stays while drives erase, and the screen of the step that is due by then is shown
when it closes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from reprise.tui.base import StationScreen

if TYPE_CHECKING:
    from textual import events
    from textual.app import App

    from reprise.sentences.sheets import Sheet
    from reprise.tui.screens.sheet import SheetScreen


class SheetKeys:
    """`key` is called before any key reaches a screen, `closed` when a sheet was left."""

    def __init__(self, app: App[None], sheets: Sequence[Sheet], closed: Callable[[], None]) -> None:
        self._app, self._sheets, self._closed = app, sheets, closed

    def key(self, event: events.Key) -> bool:
        """True where it opened a sheet."""
        below = self._app.screen_stack[-1:]  # none while the application closes
        if not (below and isinstance(below[0], StationScreen)):
            return False
        for sheet in self._sheets:
            if sheet.key.lower() == event.key:
                below[0].take()
                screen: SheetScreen = resolve_name(sheet.screen)()
                self._app.push_screen(screen, lambda _nothing: self._closed())
                return True
        return False
