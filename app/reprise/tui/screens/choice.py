"""Panels with a question: a few answers, chosen by arrows and Enter, or an answer in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from reprise.i18n import _
from reprise.tui import paint
from reprise.tui.widgets.field import Field


class Choice(ModalScreen[int | None]):
    """Gives the place of the answer, or None. Arrows are the same on every keyboard layout."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", show=False),
        Binding("escape", "leave", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    def __init__(self, question: str, answers: Sequence[str]) -> None:
        super().__init__()
        self._question, self._answers = question, tuple(answers)
        self._at = 0

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="panel"):
            yield Static(id="choice")

    def on_mount(self) -> None:
        self._show()

    def _show(self) -> None:
        rows = [paint.line((self._question, paint.STRONG)), paint.line("")]
        for number, text in enumerate(self._answers):
            here = number == self._at
            rows.append(paint.line((f" {'→' if here else ' '} {text} ", paint.KEY if here else "")))
        keys = ((_("Enter"), _("Choose")), ("↑ ↓", _("Other")), (_("Esc"), _("Cancel")))
        rows += [paint.line(""), paint.keys(keys)]
        self.query_one("#choice", Static).update(paint.lines(rows))

    def action_move(self, step: int) -> None:
        self._at = min(max(self._at + step, 0), len(self._answers) - 1)
        self._show()

    def action_take(self) -> None:
        self.dismiss(self._at)

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
        self.query_one(Field).label(_("In your words"))

    def on_input_submitted(self) -> None:
        words = " ".join(self.query_one(Field).value.split())
        if words:
            self.dismiss(words)

    def action_leave(self) -> None:
        self.dismiss("")
