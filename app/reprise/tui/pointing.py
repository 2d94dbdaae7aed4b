"""The mouse on the station's screens. Textual does what a mouse does everywhere (the field that is
clicked, scroll bars, the wheel); what belongs to the station is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from textual import events

from reprise.domain.station.pointing import Button, Pointed, PointerAction
from reprise.tui import messages
from reprise.tui.base import Framed
from reprise.tui.drawing.pressing import KEY

if TYPE_CHECKING:
    from textual.app import App
    from textual.widget import Widget

    from reprise.ports.sheets.mouse import Mouse

_EVENTS: Mapping[PointerAction, type[events.MouseEvent]] = {
    PointerAction.MOVE: events.MouseMove,
    PointerAction.DOWN: events.MouseDown,
    PointerAction.UP: events.MouseUp,
    PointerAction.WHEEL_UP: events.MouseScrollUp,
    PointerAction.WHEEL_DOWN: events.MouseScrollDown,
}
_NUMBERS: Mapping[Button | None, int] = {
    None: 0,
    Button.LEFT: 1,
    Button.MIDDLE: 2,
    Button.RIGHT: 3,
}


def event_of(pointed: Pointed) -> events.MouseEvent | messages.PointerPressed:
    """As Textual's own driver would make it of what a terminal sends."""
    if pointed.act is PointerAction.WAKE:
        return messages.PointerPressed()
    x, y, button = pointed.column, pointed.row, _NUMBERS[pointed.button]
    return _EVENTS[pointed.act](None, x, y, 0, 0, button, False, False, False, x, y)


class Pointing:
    """`open_mouse`: see StationTools. `close_large`: see Idle.click."""

    def __init__(
        self,
        app: App[None],
        open_mouse: Callable[[], Mouse | None],
        close_large: Callable[[], bool],
    ) -> None:
        self._app, self._open_mouse, self._close_large = app, open_mouse, close_large
        self._mouse: Mouse | None = None
        self.deaf = False

    def start(self) -> None:
        """In a worker."""
        self._mouse = self._open_mouse()
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
        if self._close_large() or event.button != 1 or event.chain > 1:
            return
        if not self._is_current(event.widget):
            return
        screen, meta = self._app.screen, event.style.meta
        if KEY in meta and (not isinstance(screen, Framed) or screen.may_click(meta[KEY])):
            key = meta[KEY]
            self._app.post_message(events.Key(key, key if len(key) == 1 else None))

    def _is_current(self, widget: Widget | None) -> bool:
        """Another step may have come meanwhile, where the same key does something else."""
        return widget is not None and self._app.screen in widget.ancestors_with_self
