"""Keyboard: its layout, applied while it is chosen, and a field to try it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from reprise import wording
from reprise.domain.layouts import Layout
from reprise.i18n import _
from reprise.tui import paint
from reprise.tui.messages import Trouble
from reprise.tui.sheet import Sheet
from reprise.tui.widgets.field import Field

if TYPE_CHECKING:
    from reprise.workflow.side import Side


class LayoutsKnown(Message):
    def __init__(self, layouts: tuple[Layout, ...], current: Layout) -> None:
        super().__init__()
        self.layouts, self.current = layouts, current


class LayoutUsed(Message):
    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self.layout = layout


class KeyboardSheet(Sheet):
    AUTO_FOCUS: ClassVar[str | None] = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "pick(-1)", show=False),
        Binding("down", "pick(1)", show=False),
        Binding("f3", "close", show=False),
    ]

    def __init__(self, side: Side) -> None:
        super().__init__(side)
        self._layouts: tuple[Layout, ...] | None = None
        self._wanted = Layout.FR
        self._busy = False

    def title_text(self) -> str:
        return _("Keyboard")

    def help_text(self) -> str:
        return _(
            "The arrows choose the layout, which holds at once and until the PC is switched off."
            " To have it at every start, write it into reprise.toml on the stick: [station]"
            " keyboard. The new system gets its own, see [install] there."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return (("↑ ↓", _("Choose")),) if self._layouts else ()

    def below(self) -> Sequence[Widget]:
        return (Field("trial"),)

    def on_mount(self) -> None:
        super().on_mount()
        self.work(self._ask)

    def _ask(self) -> None:
        console = self.side.console
        self.post_message(LayoutsKnown(console.layouts(), console.current()))

    def on_layouts_known(self, message: LayoutsKnown) -> None:
        self._layouts, self._wanted = message.layouts, message.current
        self.refresh_all()

    def action_pick(self, step: int) -> None:
        known = self._layouts or ()
        if not known:
            return
        here = known.index(self._wanted) if self._wanted in known else 0
        self._wanted = known[min(max(here + step, 0), len(known) - 1)]
        self.trouble("")
        self.show()
        if not self._busy:
            self._apply()

    def _apply(self) -> None:
        """One at a time, the last wish at last: arrows are quicker than the console."""
        self._busy, wanted = True, self._wanted
        self.work(lambda: self._use(wanted))

    def _use(self, layout: Layout) -> None:
        self.side.console.use(layout)
        self.side.choices.use_keyboard(layout)
        self.post_message(LayoutUsed(layout))

    def on_layout_used(self, message: LayoutUsed) -> None:
        self._busy = False
        if message.layout is not self._wanted:
            self._apply()

    def on_trouble(self, message: Trouble) -> None:
        self._busy = False
        super().on_trouble(message)

    @on(Input.Submitted)
    def go_back(self) -> None:
        self.action_close()

    def show(self) -> None:
        self.query_one(Field).label(_("Type here to try"))
        self.put(paint.lines(self._rows()))

    def _rows(self) -> Iterator[paint.Text]:
        if self._layouts is None:
            yield paint.line(_("One moment …"))
        elif not self._layouts:
            text = _("This screen is not the PC's own: the keyboard is set where you type.")
            yield paint.indent(paint.line(text), self.room, 0)
        else:
            yield paint.line((_("Layout of the keyboard:"), paint.STRONG), "\n")
        for layout in self._layouts or ():
            here = layout is self._wanted
            text = f" {'→' if here else ' '} {wording.word(layout)} "
            yield paint.line((text, paint.KEY if here else paint.PLAIN))
