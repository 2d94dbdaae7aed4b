"""Keeps what a person reads where it stands, while lines come and go above it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widget import Widget

from reprise.tui import paint

Paragraph = tuple[str, paint.Text]  # a name that stays the same, and the text


class Anchor:
    """Of one scrolled text made of paragraphs. Call `move` after the text was written."""

    def __init__(self) -> None:
        self._tops: dict[str, int] = {}

    def move(self, body: Widget, paragraphs: Sequence[Paragraph], width: int) -> None:
        """Scroll `body` so that the paragraph at its upper edge, or the next one that is still
        there, stays at its row. At the very top it stays at the top."""
        before, self._tops = self._tops, _tops(paragraphs, width)
        here = round(body.scroll_y)
        known = [name for name in before if name in self._tops]
        under = [name for name in known if before[name] <= here]
        name = next(iter(under[-1:] or known[:1]), None)
        if here and name is not None and self._tops[name] != before[name]:
            there = here + self._tops[name] - before[name]
            # the text's new height is known after the next picture only
            body.call_after_refresh(body.scroll_to, y=there, animate=False)


def _tops(paragraphs: Sequence[Paragraph], width: int) -> dict[str, int]:
    """The first row of each paragraph."""
    tops, row = {}, 0
    for name, text in paragraphs:
        tops[name] = row
        row += sum(len(line.wrap(width)) or 1 for line in text.split("\n", allow_blank=True))
    return tops
