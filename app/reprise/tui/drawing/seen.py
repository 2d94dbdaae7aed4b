"""Which rows of a text were on the screen, wherever it was scrolled to."""

from __future__ import annotations

from collections.abc import Hashable


class SeenRows:
    """Of another text begins anew: what stood in its rows before was something else."""

    def __init__(self) -> None:
        self._of: Hashable = None
        self._seen: set[int] = set()

    def look(self, of: Hashable, rows: int, first: int, count: int) -> bool:
        """`count` of the `rows` of a text, from `first` on, are on the screen. `of`: what tells it
        from another. Whether all of it has been by now."""
        if (of, rows) != self._of:
            self._of, self._seen = (of, rows), set()
        self._seen.update(range(first, first + count))
        return self._seen.issuperset(range(rows))
