"""A label and a one-line input, without glyph borders."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static


class Field(Horizontal):
    """`name` is the input's id; its label is set by `label`."""

    def __init__(
        self, name: str, value: str = "", limit: int = 60, *, secret: bool = False
    ) -> None:
        super().__init__()
        self.name_of = name
        self._value = value
        self._limit = limit
        self._secret = secret

    def compose(self) -> ComposeResult:
        yield Static(classes="label")
        yield Input(
            self._value,
            id=self.name_of,
            compact=True,
            max_length=self._limit,
            password=self._secret,
        )

    def on_click(self) -> None:
        """On the label, too."""
        self.query_one(Input).focus()

    @property
    def value(self) -> str:
        return self.query_one(Input).value.strip()

    @value.setter
    def value(self, text: str) -> None:
        self.query_one(Input).value = text

    def label(self, text: str) -> None:
        self.query_one(".label", Static).update(text)
