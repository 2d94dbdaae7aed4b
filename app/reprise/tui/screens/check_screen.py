"""The screen in one colour after the other, then the question.

Full blocks and not a background: the console has no bright backgrounds (console_codes(4), 100 to
107), and its white one is grey.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.results import unknown
from reprise.i18n import _
from reprise.tui.drawing import paint
from reprise.tui.drawing.glyphs import FULL_BLOCK
from reprise.tui.screens.check_guided import GuidedScreen

_COLOURS = (
    "ansi_black",
    "ansi_bright_white",
    "ansi_red",
    "ansi_green",
    "ansi_blue",
    "ansi_white",  # grey
)


class ScreenScreen(GuidedScreen):
    """Any of Space, Enter and the arrows goes on; nothing else is on the screen meanwhile."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space,right,down", "step(1)", show=False),
        Binding("left,up", "step(-1)", show=False),
    ]

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield Static(id="colour")

    def begin(self) -> None:
        """Nothing to measure: a person looks."""
        self.checks.stop(self.check)
        self.progress = self.result = None
        self._at = -1  # the explanation comes first

    @property
    def _showing(self) -> bool:
        return 0 <= self._at < len(_COLOURS)

    def show(self) -> None:
        super().show()
        colour = self.query_one("#colour", Static)
        colour.set_class(self._showing, "shown")
        if self._showing:
            width, height = self.app.size
            row = paint.line((FULL_BLOCK * width, _COLOURS[self._at]))
            colour.update(paint.lines([row] * height))

    def live(self) -> Iterator[paint.Text]:
        yield paint.indent(
            paint.line(_("The colours follow one another: press Enter or Space after each.")),
            self.room,
            0,
        )
        yield paint.line(_("Look at the whole screen, also along its edges."))

    def actions(self) -> Sequence[tuple[str, str]]:
        if self.result is None:
            return ((_("Enter"), _("Continue")), (_("Esc"), _("Back")))
        return super().actions()

    @property
    def may_fail(self) -> bool:
        return self.result is not None

    def action_step(self, step: int) -> None:
        if self.result is not None:
            return
        self._at = max(self._at + step, 0)
        if self._at >= len(_COLOURS):
            self.result = unknown(CheckId.SCREEN, CheckReason.NO_WORD)
        self.refresh_all()
