"""A scroll bar of coloured spaces: the console font lacks Textual's eighth blocks."""

from __future__ import annotations

from typing import ClassVar

from textual.containers import VerticalScroll
from textual.scrollbar import ScrollBar, ScrollBarRender


class PlainScrollBarRender(ScrollBarRender):
    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]


def use_plain_scroll_bars() -> None:
    ScrollBar.renderer = PlainScrollBarRender


class Body(VerticalScroll, can_focus=False):
    """The middle of a screen; scrolls with the arrow and page keys."""
