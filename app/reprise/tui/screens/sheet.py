"""A sheet over a step: the same frame, and Esc goes back to the step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from reprise.i18n import _
from reprise.tui.base import Framed


class SheetScreen(Framed):
    """Subclasses give `title_text`, `body`, `show`, `help_text`, `actions`; see sheets.SHEETS."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", show=False)]

    def actions(self) -> Sequence[tuple[str, str]]:
        return ((_("Esc"), _("Back")),)

    def action_close(self) -> None:
        self.dismiss(None)
