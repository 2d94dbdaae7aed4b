"""The sheet where an operator states that nothing is attached to a controller."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import on
from textual.widget import Widget
from textual.widgets import Input, Static

from reprise import wording
from reprise.i18n import _
from reprise.sentences import nothing_attached as said
from reprise.tui.drawing import paint
from reprise.tui.screens.sheet import SheetScreen
from reprise.tui.widgets.field import Field


class NothingAttachedScreen(SheetScreen):
    def __init__(self) -> None:
        super().__init__()
        self._wrong = ""

    def title_text(self) -> str:
        return _("Nothing attached")

    def help_text(self) -> str:
        return _(
            "A controller may hide drives that nobody has erased, so this PC is not called"
            " erased. If you have looked and nothing is attached, state it here: the number of"
            " the line, Space, then the word. Esc goes back. A statement cannot rule out a drive"
            " that was seen."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return ((_("Enter"), _("State it")), *super().actions())

    def body(self) -> Sequence[Widget]:
        return (Static(id="text"), Static(id="ask"), Field("word", limit=20))

    def show(self) -> None:
        self.put(paint.lines(self._rows()))
        lines = (paint.BAD, self._wrong), (paint.WARN, said.question())
        asked = [paint.line((text, style)) for style, text in lines if text]
        self.put(paint.lines(paint.indent(line, self.room, 0) for line in asked), "#ask")
        self.query_one(Field).label(_("Confirmation"))
        for widget in ("#ask", Field):
            self.query_one(widget).display = bool(said.statable(self.state))

    def _rows(self) -> Iterator[paint.Text]:
        yield paint.indent(paint.line((said.warning(), paint.STRONG)), self.room, 0)
        yield paint.line("")
        yield from (paint.indent(paint.line(row), self.room, 3) for row in said.rows(self.state))
        for row in wording.statements(self.state.stated):
            yield paint.line("")
            yield paint.indent(paint.line((row, paint.FAINT)), self.room, 3)

    @on(Input.Submitted)
    def typed(self) -> None:
        field = self.query_one(Field)
        given, field.value = field.value, ""
        about = said.stated(self.state, given)
        self._wrong = said.wrong() if about is None else ""
        if about is not None:
            self.station.state_storage(about)
        self.show()

    def may_click(self, key: str) -> bool:
        """No click states anything."""
        return key != "enter"
