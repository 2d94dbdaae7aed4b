"""A log in a window of rows: it follows its end, or stands still where a person reads."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from reprise.tui.drawing.glyphs import safe

_MOST_ROWS = 6000
_FURTHER = "    "


class LogView:
    def __init__(self) -> None:
        self._rows: deque[str] = deque(maxlen=_MOST_ROWS)
        self._above_end = 0  # rows below the window; 0: it follows

    @property
    def follows(self) -> bool:
        return self._above_end == 0

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, lines: Iterable[str], width: int) -> None:
        """Each line takes as many rows of `width` cells as it needs."""
        for line in lines:
            for row in _cut(safe(line.expandtabs(4)), max(width, 20)):
                self._rows.append(row)
                self._above_end += 0 if self.follows else 1

    def scroll(self, rows: int, height: int) -> None:
        """Up where `rows` < 0. The window stays within the log."""
        highest = max(len(self._rows) - height, 0)
        self._above_end = min(max(self._above_end - rows, 0), highest)

    def window(self, height: int) -> list[str]:
        end = len(self._rows) - min(self._above_end, max(len(self._rows) - height, 0))
        return [self._rows[at] for at in range(max(end - height, 0), end)]


def _cut(text: str, width: int) -> list[str]:
    """What goes on on the next row is moved in: where a line begins is seen."""
    rest = width - len(_FURTHER)
    further = [_FURTHER + text[at : at + rest] for at in range(width, len(text), rest)]
    return [text[:width], *further]
