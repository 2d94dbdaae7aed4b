"""Start: who works, on which PC, for whom. Everything may be skipped with Enter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from reprise.domain.station.scan import scanned
from reprise.i18n import _
from reprise.sentences.start import operator_labels
from reprise.tui.base import StationScreen
from reprise.tui.drawing import paint
from reprise.tui.widgets.field import Field

if TYPE_CHECKING:
    from reprise.domain.report.events import Operator


class StartScreen(StationScreen):
    ASIDE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "field(-1)", show=False),
        Binding("down", "field(1)", show=False),
    ]

    def title_text(self) -> str:
        return _("Start")

    def help_text(self) -> str:
        return _(
            "Type or scan what identifies this PC, or leave it empty. The up and down arrows"
            " change the field; Enter goes on, F10 goes straight to the plan, and stops where"
            " something needs your attention. Nothing is erased before you have confirmed it by"
            " typing a word, on a later screen."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return ((_("Enter"), _("Continue")), ("F10", _("To the plan")), ("↑ ↓", _("Field")))

    def body(self) -> Sequence[Widget]:
        return (Static(id="text"), *(Field(name) for name in operator_labels()), Static(id="below"))

    def show(self) -> None:
        self.put(
            paint.line(
                (_("This PC's drives will be erased, and the erasure proven."), paint.STRONG),
                "\n",
                _("Nothing is erased before you confirm it."),
            )
        )
        labels = operator_labels()
        for field in self.query(Field):
            field.label(labels[field.name_of])
        self.put(paint.lines((self._progress(), *self._keyboard())), "#below")

    def _progress(self) -> paint.Text:
        if self.state.plan is not None:
            return paint.line(_("The PC has been read. Enter: continue."))
        return paint.line((_("Reading the PC…"), paint.FAINT))

    def _keyboard(self) -> Iterator[paint.Text]:
        """Not before it was looked at: the first picture waits for nothing."""
        state = self.station.keyboard
        if state is not None:
            from reprise.sentences.layouts import in_use

            yield paint.line("")
            keyboard = _("Keyboard: {layout}").format(layout=in_use(state))
            yield paint.line(keyboard + "   ", (" F12 ", paint.KEY), " " + _("Change it"))

    def prefill(self, operator: Operator) -> None:
        """What the last session or the settings say, where nothing was typed yet."""
        for field in self.query(Field):
            if not field.value:
                field.value = str(getattr(operator, field.name_of))

    def action_field(self, step: int) -> None:
        (self.focus_previous if step < 0 else self.focus_next)(Input)

    @on(Input.Submitted)
    def go_on(self) -> None:
        self.action_forward()

    def take(self) -> None:
        from reprise.domain.report.events import Operator

        base = self.station.operator or Operator()
        typed = {field.name_of: scanned(field.value) for field in self.query(Field)}
        self.station.operator = replace(base, **typed)

    def action_forward(self) -> None:
        self.take()
        super().action_forward()
