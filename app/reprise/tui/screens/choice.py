"""Panels with a question: a few answers, chosen by arrows and Enter, or an answer in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static

from reprise.i18n import _
from reprise.tui.drawing import paint
from reprise.tui.widgets.field import Field
from reprise.tui.widgets.options import Options


class Choice(ModalScreen[int | None]):
    """Gives the place of the answer, or None. Arrows are the same on every keyboard layout.
    `at`: which one is chosen at first. None: none, for a question that Enter opens, and would
    answer if it were held a little long."""

    AUTO_FOCUS: ClassVar[str | None] = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, question: str, answers: Sequence[str], *, at: int | None = 0) -> None:
        super().__init__()
        self._question, self._answers, self._at = question, tuple(answers), at

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="panel"):
            yield Static(paint.line((self._question, paint.STRONG), "\n"))
            yield Options(id="choice", alone=True)
            keys = ((_("Enter"), _("Choose")), ("↑ ↓", _("Other")), (_("Esc"), _("Cancel")))
            yield Static(paint.keys(keys))

    def on_mount(self) -> None:
        self.query_one(Options).write(self._answers, self._at)

    @on(OptionList.OptionSelected)
    def take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index)

    def action_leave(self) -> None:
        self.dismiss(None)


class InWords(ModalScreen[str]):
    """Gives what was typed; "" where nobody wants to say anything."""

    AUTO_FOCUS: ClassVar[str | None] = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="panel"):
            yield Static(paint.line((self._question, paint.STRONG)))
            yield Static("")
            yield Field("words")
            yield Static("")
            yield Static(paint.keys(((_("Enter"), _("Continue")), (_("Esc"), _("Cancel")))))

    def on_mount(self) -> None:
        self.query_one(Field).label(_("In your own words"))

    def on_input_submitted(self) -> None:
        words = " ".join(self.query_one(Field).value.split())
        if words:
            self.dismiss(words)

    def action_leave(self) -> None:
        self.dismiss("")
