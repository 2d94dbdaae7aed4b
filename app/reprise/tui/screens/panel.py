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
from reprise.tui import paint
from reprise.tui.pressing import pressing

_WIDTH, _RIM = 76, 6  # of #panel in station.tcss


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
    """A question that only one key, pressed on purpose, answers with yes."""

    def __init__(self, text: str, yes_key: str, yes_text: str, no_text: str) -> None:
        super().__init__()
        self._text = text
        self._yes_key = yes_key
        self._yes_text = yes_text
        self._no_text = no_text

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="panel", classes="grave"):
            yield Static(
                paint.lines(
                    (
                        paint.line((self._text, paint.STRONG), "\n"),
                        paint.keys(((_("Enter"), self._no_text),)),
                        paint.keys(((self._yes_key.upper(), self._yes_text),)),
                    )
                )
            )

    def on_key(self, event: events.Key) -> None:
        if event.key == self._yes_key:
            event.stop()
            self.dismiss(True)
