"""Keyboard: which layout is loaded, another one, and a line to try its keys in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.sentences.layouts import in_use, title
from reprise.tui import messages
from reprise.tui.drawing import paint
from reprise.tui.drawing.glyphs import DOT
from reprise.tui.screens.sheet import SheetScreen
from reprise.tui.widgets.field import Field
from reprise.tui.widgets.options import Options
from reprise_common.keyboard_layouts import Changeable, KeyboardState

if TYPE_CHECKING:
    from reprise.ports.sheets.keyboard import Keyboard

_UNKNOWN = KeyboardState()


class Tried(Message):
    """What came of loading a layout; `failure`: a sentence where it was not loaded."""

    def __init__(self, layout: str, failure: str = "") -> None:
        super().__init__()
        self.layout, self.failure = layout, failure


class KeyboardScreen(SheetScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "pick(-1)", show=False),
        Binding("down", "pick(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._at = -1  # not placed on the layout in use yet
        self._tried: Tried | None = None
        self._busy = False

    @property
    def _keyboard(self) -> KeyboardState:
        return self.station.keyboard or _UNKNOWN

    @property
    def _may(self) -> bool:
        return self._keyboard.changeable is Changeable.YES

    def title_text(self) -> str:
        return _("Keyboard")

    def help_text(self) -> str:
        return _(
            "The keyboard layout on this screen, and that of the system that is installed once"
            " the erasure is verified. The up and down arrows choose, Enter loads. Then type in"
            " the line below: it shows what the keys give. A barcode scanner types like a"
            " keyboard: it must be set to the same layout. The language of the screen does not"
            " change (F2)."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        load = ((_("Enter"), _("Load")), ("↑ ↓", _("Choose"))) if self._may else ()
        return *load, *super().actions()

    def body(self) -> Sequence[Widget]:
        return (Static(id="text"), Options(id="list"), Field("try"), Static(id="said"))

    def show(self) -> None:
        if self._at < 0 and self.station.keyboard is not None:
            known = self._keyboard.layouts
            self._at = known.index(self._keyboard.layout) if self._keyboard.layout in known else 0
        self.put(paint.lines(self._head()))
        rows = [self._row(name) for name in self._keyboard.layouts] if self._may else []
        self.query_one(Options).write(rows, max(self._at, 0))
        field = self.query_one(Field)
        field.label(_("Try the keys here"))
        field.display = self._may
        self.put(self._said(), "#said")

    def _head(self) -> list[paint.Text]:
        rows = [paint.line(_("In use: "), (in_use(self._keyboard), paint.STRONG))]
        why = {
            Changeable.NO_CONSOLE: _(
                "It cannot be changed here: the keyboard belongs to the window, the serial line or"
                " the other PC in which this screen is shown. Change the layout there."
            ),
            Changeable.NO_LAYOUTS: _("No other layout is installed on this system."),
        }.get(self._keyboard.changeable)
        if why:
            rows.append(paint.line((why, paint.WARN)))
        if self._demo():
            rows.append(paint.line(_("In a demonstration the keys themselves do not change.")))
        return rows

    def _row(self, name: str) -> str:
        used = f"  {DOT} {_('in use')}" if name == self._keyboard.layout else ""
        return f"{title(name)}{used}"

    def _said(self) -> paint.Text:
        if self._busy:
            return paint.line(_("Loading…"))
        if self._tried is None:
            return paint.line("")
        if self._tried.failure:
            return paint.line((self._tried.failure, paint.BAD))
        loaded = _("Loaded: {layout}.").format(layout=title(self._tried.layout))
        return paint.line((loaded, paint.GOOD), " ", self._installed_too())

    def _installed_too(self) -> str:
        if self.station.status.order is not None:
            return _("The system to install keeps what was confirmed.")
        return _("The installed system will use it too.")

    # What is done

    def action_pick(self, step: int) -> None:
        if self._may:
            self._at = min(max(self._at + step, 0), len(self._keyboard.layouts) - 1)
            self.show()

    def choose(self, row: int) -> None:
        self._at = row
        self.show()

    @on(Input.Submitted)
    def load(self) -> None:
        if self._may and self._at >= 0 and not self._busy:
            self._busy = True
            self.show()
            layout, app = self._keyboard.layouts[self._at], self.app
            keyboard = self.station.tools.keyboard
            if keyboard is not None:  # else the sheet is not offered
                self.run_worker(lambda: self._load(keyboard, layout, app), thread=True)

    def _load(self, keyboard: Callable[[], Keyboard], layout: str, app: App[object]) -> None:
        """`app`: the sheet may be closed meanwhile, and does not know it any more then."""
        failure = ""
        try:
            state = keyboard().load(layout)
        except RepriseError as error:
            failure, state = str(error), keyboard().state()
        app.post_message(messages.KeyboardSeen(state))
        self.post_message(Tried(layout, failure))

    def on_tried(self, message: Tried) -> None:
        self._tried, self._busy = message, False
        self.refresh_all()
