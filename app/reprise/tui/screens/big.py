"""The whole screen as one word, read from the other end of the bench."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

from reprise.tui.drawing import paint
from reprise.tui.drawing.big import big_rows

_REFRESH_S = 0.5
_MARGIN = 2


@dataclass(frozen=True, slots=True)
class Big:
    """`look`: the style class of station.tcss, so the colour of the whole screen. `words`: in
    large letters. `rows`: below them, for whoever comes closer; what does not fit is left out
    from the end. `foot`: the last line."""

    look: str
    words: tuple[str, ...]
    rows: tuple[str, ...] = ()
    foot: str = ""


class BigScreen(ModalScreen[None]):
    """It takes no key: the application closes it at any (see idle.Idle.key)."""

    def __init__(self, read: Callable[[], Big]) -> None:
        super().__init__()
        self._read = read
        self._shown: tuple[Big, Size] | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="big")

    def on_mount(self) -> None:
        self.show()
        self.set_interval(_REFRESH_S, self.show)

    def show(self) -> None:
        if not self.app.is_running:  # the last messages find no widgets any more
            return
        big = self._read()
        if (big, self.app.size) == self._shown:  # a slow terminal takes a second for the whole
            return
        self._shown = big, self.app.size
        self.set_classes(big.look)
        self.query_one("#big", Static).update(self._drawn(big))

    def _drawn(self, big: Big) -> paint.Text:
        width, height = self.app.size.width - 2 * _MARGIN, self.app.size.height
        wrapped = [row for text in big.rows for row in paint.line(text).wrap(width)]
        below = wrapped[: height // 4]  # the letters are read from further away
        foot = paint.line(big.foot).wrap(width)
        letters = big_rows(big.words, width, height - len(below) - len(foot) - 4)
        room = max(height - len(letters) - len(below) - len(foot) - 2, 0)
        rows = [paint.line("")] * (room // 2)
        rows += [paint.line(row) for row in letters or big.words]
        rows += [paint.line("")] * (room - room // 2 + 1)
        rows += [row.center(width) for row in below]
        rows += [paint.line(""), *(row.center(width) for row in foot)]
        return paint.lines(rows)
