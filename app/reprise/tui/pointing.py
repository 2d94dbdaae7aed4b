"""The mouse on the station's screens. Textual does what a mouse does everywhere (the field that is
clicked, scroll bars, the wheel); what belongs to the station is here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual import events

from reprise.domain.pointing import Act, Button, Pointed
from reprise.tui import messages
from reprise.tui.base import Framed
from reprise.tui.pressing import KEY, ROW

if TYPE_CHECKING:
    from textual.widget import Widget

    from reprise.tool_ports.mouse import Mouse
    from reprise.tui.app import StationApp

_EVENTS: Mapping[Act, type[events.MouseEvent]] = {
    Act.MOVE: events.MouseMove,
    Act.DOWN: events.MouseDown,
    Act.UP: events.MouseUp,
    Act.WHEEL_UP: events.MouseScrollUp,
    Act.WHEEL_DOWN: events.MouseScrollDown,
}
_NUMBERS: Mapping[Button | None, int] = {
    None: 0,
    Button.LEFT: 1,
    Button.MIDDLE: 2,
    Button.RIGHT: 3,
}


def event_of(pointed: Pointed) -> events.MouseEvent | messages.Woken:
    """As Textual's own driver would make it of what a terminal sends."""
    if pointed.act is Act.WAKE:
        return messages.Woken()
    x, y, button = pointed.column, pointed.row, _NUMBERS[pointed.button]
    return _EVENTS[pointed.act](None, x, y, 0, 0, button, False, False, False, x, y)


class Pointing:
    def __init__(self, app: StationApp) -> None:
        self._app = app
        self._mouse: Mouse | None = None
        self.deaf = False

    def start(self) -> None:
        """In a worker."""
        self._mouse = self._app.tools.mouse()
        if self._mouse is not None:
            self._mouse.start(self._told)

    def _told(self, pointed: Pointed) -> None:
        """In the mouse's own thread."""
        if not self.deaf:
            self._app.post_message(event_of(pointed))

    def stop(self) -> None:
        if self._mouse is not None:
            self._mouse.stop()

    def click(self, event: events.Click) -> None:
        """Once it has reached the widget: a click on the large screen closes that and does no
        more. The second one of a double click is none: who clicks a key twice means it once."""
        if self._app.attention.click() or event.button != 1 or event.chain > 1:
            return
        if not self._is_current(event.widget):
            return
        screen, meta = self._app.screen, event.style.meta
        if KEY in meta and (not isinstance(screen, Framed) or screen.may_click(meta[KEY])):
            key = meta[KEY]
            self._app.post_message(events.Key(key, key if len(key) == 1 else None))
        elif ROW in meta and isinstance(screen, Framed):
            screen.choose(meta[ROW])

    def _is_current(self, widget: Widget | None) -> bool:
        """Another step may have come meanwhile, where the same key does something else."""
        return widget is not None and self._app.screen in widget.ancestors_with_self
