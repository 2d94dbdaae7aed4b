"""Many drives, one row each, in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reprise.tui.drawing import paint

_GAP = 2


def columns(rows: Sequence[Sequence[str]], width: int, gives: int) -> Iterator[paint.Text]:
    """Rows of at most `width` cells; column `gives` is shortened where there is no room, the first
    one is strong."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    over = sum(widths) + _GAP * (len(widths) - 1) - width
    widths[gives] = max(widths[gives] - max(over, 0), 1)
    for row in rows:
        cells = [
            paint.shortened(text, room).ljust(room) for text, room in zip(row, widths, strict=True)
        ]
        rest = (" " * _GAP).join(cells[1:]).rstrip()
        yield paint.line((cells[0], paint.STRONG), " " * _GAP, rest)
