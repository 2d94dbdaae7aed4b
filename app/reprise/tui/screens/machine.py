"""This PC: what it is, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reprise import wording
from reprise.domain.pc.assessment import PcAssessed
from reprise.domain.pc.triage import Advice
from reprise.i18n import _
from reprise.sentences import machine
from reprise.tui.base import StationScreen
from reprise.tui.drawing import paint
from reprise.tui.drawing.glyphs import DOT

_LABEL_WIDTH = 16


_ADVICE = {
    Advice.KEEP: paint.GOOD_BLOCK,
    Advice.PARTS: paint.WARN_BLOCK,
    Advice.RECYCLE: paint.BAD_BLOCK,
}


def _assessment(assessed: PcAssessed, width: int) -> Iterator[paint.Text]:
    """What the station recommends, and why."""
    triage = assessed.triage
    advice = f" {wording.word(triage.advice)} "
    yield paint.line(_label(_("Recommended")), (advice, _ADVICE[triage.advice]))
    for reason in triage.reasons:
        text = paint.line(f"{DOT} {wording.triage_reason(reason)}")
        yield paint.indent(text, width, _LABEL_WIDTH + 1)
    if triage.age is not None:
        yield _fact(_("Age"), wording.age(triage.age), width)
    yield _fact(_("If reused"), wording.impact(assessed.impact), width)


def _label(text: str) -> paint.Part:
    return (f"{text:<{_LABEL_WIDTH}} ", paint.FAINT)


def _fact(label: str, value: str, width: int) -> paint.Text:
    """The value stays in its column where it takes several rows."""
    rows = paint.indent(paint.line(value), width, _LABEL_WIDTH + 1)
    return paint.line(_label(label)) + rows[_LABEL_WIDTH + 1 :]


class MachineScreen(StationScreen):
    ASIDE = True

    def title_text(self) -> str:
        return _("This PC")

    def help_text(self) -> str:
        return _(
            "What to do with this PC, and why: only a recommendation, it blocks nothing. Below,"
            " what could be read from the PC, without changing anything. What could not be read"
            " is listed with the reason; nothing is guessed. Check that the serial number matches"
            " the label."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return ((_("Enter"), _("Continue")), (_("Esc"), _("Back")), ("F10", _("To the plan")))

    def show(self) -> None:
        inventory = self.state.inventory
        if inventory is None:
            self.put(paint.line((_("Reading the PC…"), paint.FAINT)))
            return
        rows = list(_assessment(self.state.assessed, self.room)) if self.state.assessed else []
        rows += [paint.line("")] if rows else []
        for label, facts in machine.rows(inventory):
            rows.append(_fact(label, f" {DOT} ".join(facts), self.room))
        for text in machine.unread(inventory):
            rows += [paint.line(""), paint.indent(paint.line((text, paint.FAINT)), self.room, 0)]
        self.put(paint.lines(rows))
