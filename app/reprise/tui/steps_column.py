"""The right column of a wide screen: the steps with the one we are at, and what to do at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from reprise.i18n import _
from reprise.tui.drawing import paint
from reprise.tui.drawing.glyphs import TICK

if TYPE_CHECKING:
    from reprise.tui.station import Place

WIDE = 120  # columns of a screen that has room for it
WIDTH = 38  # of the column, its rims and its gap included
_ROOM = WIDTH - 5  # for words


class StepsColumn(Vertical):
    """`show` writes it anew."""

    def compose(self) -> ComposeResult:
        yield Static(id="steps")
        yield Static(id="todo")

    def show(self, place: Place, told: Sequence[str] | None) -> None:
        """`told`: see Framed.todo."""
        steps, todo = self.query_one("#steps", Static), self.query_one("#todo", Static)
        steps.border_title, todo.border_title = _("Steps"), _("What to do now")
        steps.update(paint.lines(_steps(place.steps, place.here)))
        told = _todo(place) if told is None else told
        todo.update(paint.lines(_paragraphs(told)))
        todo.display = bool(told)


def _steps(names: Sequence[str], here: int) -> Iterator[paint.Text]:
    for number, name in enumerate(names):
        if number == here:
            yield paint.line((f" → {name} ".ljust(_ROOM), paint.CHOSEN))
        else:
            mark, style = (TICK, paint.FAINT) if number < here else (" ", paint.PLAIN)
            yield paint.line((f" {mark} {name}", style))


def _todo(place: Place) -> Sequence[str]:
    if not place.next_step:
        return (place.todo,)
    return place.todo, _("Next step: {step}").format(step=place.next_step)


def _paragraphs(told: Sequence[str]) -> Iterator[paint.Text]:
    for number, text in enumerate(told):
        if number:
            yield paint.line("")
        style = paint.FAINT if number else paint.STRONG
        yield paint.indent(paint.line((text, style)), _ROOM, 0)
