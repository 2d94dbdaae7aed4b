"""A label and a one-line input, without glyph borders."""

from __future__ import annotations

import unicodedata

from rich.highlighter import Highlighter
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from reprise.i18n import ngettext
from reprise.tui.drawing import paint
from reprise.tui.drawing.glyphs import safe


class _Drawable(Highlighter):
    """Shows what the console can draw; the value stays what was typed."""

    def highlight(self, text: Text) -> None:
        text.plain = safe(text.plain)


class Typed(Input):
    """Takes as much of a pasted text as fits, and no control characters: a raw Esc would go on
    into reports and onto papers."""

    class Cut(Message):
        """`cut`: not all of what was typed or pasted had room."""

        def __init__(self, *, cut: bool) -> None:
            super().__init__()
            self.cut = cut

    def replace(self, text: str, start: int, end: int) -> None:
        text = plain(text)
        room = len(text)
        if self.max_length:
            taken = len(self.value) - abs(min(end, len(self.value)) - max(start, 0))
            room = max(self.max_length - taken, 0)
        self.post_message(self.Cut(cut=len(text) > room))
        super().replace(text[:room], start, end)


def plain(text: str) -> str:
    """Without control characters; a tab is a space."""
    shown = text.replace("\t", " ")
    return "".join(char for char in shown if not unicodedata.category(char).startswith("C"))


class Field(Horizontal):
    """`name` is the input's id; its label is set by `label`."""

    def __init__(
        self, name: str, value: str = "", limit: int = 60, *, secret: bool = False
    ) -> None:
        super().__init__()
        self.name_of = name
        self._value = plain(value)
        self._limit = limit
        self._secret = secret
        self._label, self._cut = "", False

    def compose(self) -> ComposeResult:
        yield Static(classes="label")
        yield Typed(
            self._value,
            id=self.name_of,
            compact=True,
            max_length=self._limit,
            password=self._secret,
            highlighter=_Drawable(),
        )

    def on_click(self) -> None:
        """On the label, too."""
        self.query_one(Input).focus()

    def on_typed_cut(self, message: Typed.Cut) -> None:
        message.stop()
        if message.cut is not self._cut:
            self._cut = message.cut
            self.label(self._label)

    @property
    def value(self) -> str:
        return self.query_one(Input).value.strip()

    @value.setter
    def value(self, text: str) -> None:
        self.query_one(Input).value = plain(text)

    def label(self, text: str) -> None:
        """In its place, where not all had room: how much has."""
        self._label = text
        most = ngettext("{count} character at most", "{count} characters at most", self._limit)
        shown = (most.format(count=self._limit), paint.WARN) if self._cut else text
        self.query_one(".label", Static).update(paint.line(shown))
