"""Many drives, one row each; the arrows choose one."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.widgets import DataTable

from reprise.tui.drawing.glyphs import safe
from reprise.tui.drawing.paint import shortened

_PADDING = 2  # cells of a column that hold no text
_LEAST_ROWS = 4


class DriveTable(DataTable[Text], can_focus=False):
    """The screen that it stands on moves its cursor. It takes the rows of the screen that the
    texts beside it leave: see DataTable in station.tcss."""

    def __init__(self) -> None:
        super().__init__(id="table", cursor_type="row")
        self._written: object = None

    def write(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], width: int, gives: int
    ) -> None:
        """Column `gives` takes what the others leave of `width` cells. The chosen row stays."""
        if (tuple(heads), rows, width) == self._written:
            return
        self._written, at = (tuple(heads), rows, width), self.cursor_row
        widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        others = sum(widths) - widths[gives] + _PADDING * len(widths)
        widths[gives] = max(width - others, 4)
        self.clear(columns=True)
        for head, room in zip(heads, widths, strict=True):
            self.add_column(Text(shortened(head, room)), width=room)
        for row in rows:
            cells = zip(row, widths, strict=True)
            self.add_row(*(Text(shortened(safe(text), room)) for text, room in cells))
        self.styles.max_height = len(rows) + 1
        self.styles.min_height = min(len(rows), _LEAST_ROWS) + 1
        self.move_cursor(row=min(at, len(rows) - 1), animate=False)

    def on_resize(self) -> None:
        """What is said below of the chosen one must not push it out of sight."""
        self.move_cursor(row=self.cursor_row, animate=False)

    def step(self, rows: int) -> bool:
        """False where the cursor stands at that end already."""
        at = min(max(self.cursor_row + rows, 0), self.row_count - 1)
        moved = at != self.cursor_row
        self.move_cursor(row=at, animate=False)
        return moved
