"""A list of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.widgets import OptionList

from reprise.tui.drawing import paint
from reprise.tui.drawing.glyphs import NO_BAR

ARROW = 3  # cells before each row
_LEAST_ROWS = 3


class Options(OptionList):
    """Textual's list, with an arrow at the chosen one as on every list of the station. It takes the
    rows of the screen that the widgets beside it leave. `alone`: the keys are the list's own; else
    those of the screen that it stands on, as a field beside it is being typed into."""

    def __init__(self, *, id: str, alone: bool = False) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id, compact=True)
        self.can_focus = alone
        self._rows: list[paint.Text] = []
        self._marked: int | None = None

    def write(self, rows: Sequence[str | paint.Text], at: int | None) -> None:
        """In place, however often: while `at` stays, the list stays where it was scrolled to. A
        text with colours loses them where it is chosen: they cannot be read there. A bar is left
        out: dark on light it is a hole. `at` None: no one is chosen."""
        old, self._rows = self._rows, [paint.line(r) if isinstance(r, str) else r for r in rows]
        for number, (before, now) in enumerate(zip(old, self._rows, strict=False)):
            if not now.is_same(before):
                self.replace_option_prompt_at_index(number, self._row(number))
        self.add_options(self._row(number) for number in range(len(old), len(self._rows)))
        for number in reversed(range(len(self._rows), len(old))):
            self.remove_option_at_index(number)
        self.highlighted = at if rows else None
        self.display = bool(rows)
        self._fit()

    def on_resize(self) -> None:
        """What is said below of the chosen one must not push it out of sight."""
        self._fit()
        self.scroll_to_highlight()

    def _fit(self) -> None:
        """As high as its rows, or as there is room: see OptionList in station.tcss."""
        width = self.scrollable_content_region.width or self.app.size.width
        rows = self.get_content_height(self.size, self.app.size, width)
        self.styles.max_height, self.styles.min_height = rows, min(rows, _LEAST_ROWS)

    def on_click(self, event: events.Click) -> None:
        """Textual's own takes every button for the left one."""
        if event.button != 1:
            event.prevent_default()

    def watch_highlighted(self, highlighted: int | None) -> None:
        old, self._marked = self._marked, highlighted
        for number in (old, highlighted):
            if number is not None and number < len(self._rows):
                self.replace_option_prompt_at_index(number, self._row(number))
        super().watch_highlighted(highlighted)

    def _row(self, number: int) -> paint.Text:
        row = self._rows[number]
        if number == self._marked:
            return paint.line(" → ", row.plain.translate(NO_BAR))
        return row.pad_left(ARROW)
