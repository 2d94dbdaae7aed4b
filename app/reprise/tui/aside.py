"""The right column of a wide screen: the steps with the one we are at, and what to do at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from reprise.i18n import _
from reprise.tui import paint
from reprise.tui.glyphs import TICK

WIDE = 120  # columns of a screen that has room for it
WIDTH = 38  # of the column, its rims and its gap included
_ROOM = WIDTH - 5  # for words

# By reprise.tui.steps.StepName, in its order: how the step is called, what is done at it.
_TEXTS: Mapping[str, tuple[Callable[[], str], Callable[[], str]]] = {
    "start": (
        lambda: _("Start"),
        lambda: _("Type or scan what identifies this PC, or leave it empty."),
    ),
    "machine": (
        lambda: _("This PC"),
        lambda: _("Check that the serial number is the one on the label."),
    ),
    "drives": (
        lambda: _("Drives"),
        lambda: _("Check that these are this PC's drives, and that nobody needs what is on them."),
    ),
    "system": (
        lambda: _("System"),
        lambda: _("Choose what is installed once the erasure is verified."),
    ),
    "confirm": (
        lambda: _("Confirmation"),
        lambda: _("Read what will be done, then type the word. After that nobody is needed here."),
    ),
    "erasing": (
        lambda: _("Erasure"),
        lambda: _(
            "It goes on by itself. Use the time: check the functions (F3), or start the next PC."
        ),
    ),
    "installing": (
        lambda: _("Installation"),
        lambda: _("It goes on by itself; the report is signed and stored afterwards."),
    ),
    "done": (lambda: _("End"), lambda: ""),
}


class Aside(Vertical):
    """`show` writes it anew."""

    def compose(self) -> ComposeResult:
        yield Static(id="steps")
        yield Static(id="todo")

    def show(self, here: int, *, installs: bool) -> None:
        """`here`: which of the steps, from 0 on. `installs`: a system was chosen."""
        names = [name() for name, _todo in _TEXTS.values()]
        steps, todo = self.query_one("#steps", Static), self.query_one("#todo", Static)
        steps.border_title, todo.border_title = _("Steps"), _("What to do now")
        steps.update(paint.lines(_steps(names, here)))
        after = here + 1
        if not installs and after < len(names) and list(_TEXTS)[after] == "installing":
            after += 1
        todo.update(paint.lines(_todo(names[after : after + 1], here)))


def _steps(names: Sequence[str], here: int) -> Iterator[paint.Text]:
    for number, name in enumerate(names):
        if number == here:
            yield paint.line((f" → {name} ".ljust(_ROOM), paint.CHOSEN))
        else:
            mark, style = (TICK, paint.FAINT) if number < here else (" ", paint.PLAIN)
            yield paint.line((f" {mark} {name}", style))


def _todo(after: Sequence[str], here: int) -> Iterator[paint.Text]:
    _name, todo = list(_TEXTS.values())[here]
    yield paint.indent(paint.line((todo(), paint.STRONG)), _ROOM, 0)
    for step in after:
        yield paint.line("")
        text = _("Next step: {step}").format(step=step)
        yield paint.indent(paint.line((text, paint.FAINT)), _ROOM, 0)
