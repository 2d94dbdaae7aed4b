"""A sheet over a step: the same frame, and Esc goes back to the step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from reprise.i18n import _, again
from reprise.tui.base import Framed
from reprise.tui.drawing import paint


class SheetScreen(Framed):
    """Subclasses give `title_text`, `body`, `show`, `help_text`, `actions`; see
    cli.sheets."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", show=False)]

    _known = ""  # what the step below said already

    def on_mount(self) -> None:
        self._known = self.station.trouble
        super().on_mount()

    def said_below(self) -> Sequence[tuple[str, str]]:
        """What happens while this sheet is open; the rest belongs to the step, and to its words."""
        trouble = self.station.trouble
        return () if trouble == self._known else ((again(trouble), paint.BAD),)

    def actions(self) -> Sequence[tuple[str, str]]:
        return ((_("Esc"), _("Back")),)

    def action_close(self) -> None:
        self.dismiss(None)
