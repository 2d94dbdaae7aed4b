"""Panels over a screen: help, and questions whose safe answer is Enter or Esc."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from reprise.i18n import _
from reprise.tui.drawing import paint
from reprise.tui.drawing.pressing import pressing

_WIDTH, _RIM = 76, 6  # of #panel in station.tcss
_LONGEST = 60  # on one row of it
_CLICKED_YES = "clicked-yes"  # no keyboard has such a key


class Panel(ModalScreen[bool]):
    """Base: Enter and Esc close it with False."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape", "close", show=False),
        Binding("f1", "close", show=False),
    ]

    def action_close(self) -> None:
        self.dismiss(False)


class HelpPanel(Panel):
    """`keys`: what else may be opened from there."""

    def __init__(self, title: str, text: str, keys: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._keys = keys

    def compose(self) -> ComposeResult:
        rows = [paint.line((self._title, paint.STRONG), "\n\n", self._text, "\n")]
        if self._keys:
            rows += [self._more(), paint.line("")]
        foot = pressing(paint.line(self._foot()), "escape")
        with VerticalScroll(id="panel"):
            yield Static(paint.lines((*rows, foot)))

    def _more(self) -> paint.Text:
        named = [f"{key}\u00a0{title}" for key, title in self._keys]
        text = paint.line(_("From every step:"), "  ", "   ".join(named))
        return paint.indent(text, min(self.app.size.width, _WIDTH) - _RIM, 0)

    @staticmethod
    def _foot() -> str:
        return _("Enter or Esc: close this help.")


class Question(Panel):
    """A question that one letter and Enter answer with yes, and nothing else: not the key that
    opened it, which repeats while it is held, and not a scanned tag, which ends with Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer", show=False),
        Binding("backspace", "erase", show=False),
        Binding(_CLICKED_YES, "yes", show=False),
    ]

    def __init__(self, text: str, yes_text: str, no_text: str) -> None:
        super().__init__()
        self._text = text
        self._yes_key = _("Y")
        self._yes_text = yes_text
        self._no_text = no_text
        self._typed = ""

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="panel", classes="grave"):
            yield Static(self._drawn())

    def _drawn(self) -> paint.Text:
        yes = _("{yes}, then Enter").format(yes=self._yes_key)
        return paint.lines(
            (
                paint.line((self._text, paint.STRONG), "\n"),
                # a click on it is no, even where the letter was typed
                pressing(_answer(_("Enter"), self._no_text), "escape"),
                pressing(_answer(yes, self._yes_text), _CLICKED_YES),
                paint.line(f"\n> {self._typed}_"),
            )
        )

    def on_key(self, event: events.Key) -> None:
        if event.is_printable and event.character:
            self._type(f"{self._typed}{event.character}"[:_LONGEST])

    def action_erase(self) -> None:
        self._type(self._typed[:-1])

    def _type(self, text: str) -> None:
        self._typed = text
        self.query_one(Static).update(self._drawn())

    def action_answer(self) -> None:
        self.dismiss(self._typed.upper() == self._yes_key)

    def action_yes(self) -> None:
        self.dismiss(True)


def _answer(key: str, text: str) -> paint.Text:
    return paint.line((f" {key} ", paint.KEY), f" {text}")
