"""A text that tells when it was laid out in another size."""

from __future__ import annotations

from textual.message import Message
from textual.widgets import Static


class LaidOut(Static):
    class Anew(Message):
        """By now its rows are where they will be drawn."""

    def on_resize(self) -> None:
        self.post_message(self.Anew())
