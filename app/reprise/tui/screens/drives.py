"""Drives: what is on each, and whether it will be erased."""

from __future__ import annotations

from collections.abc import Sequence

from reprise import wording
from reprise.i18n import _
from reprise.tui import paint, texts
from reprise.tui.base import StationScreen
from reprise.tui.widgets.anchor import Anchor
from reprise.workflow.session_state import DriveView


def drive_paragraph(view: DriveView, width: int) -> paint.Text:
    drive = view.drive
    kind = f"{wording.transport(drive.transport)}, {wording.media(drive.media)}"
    return paint.lines(
        (
            texts.drive_title(view),
            paint.indent(paint.line(kind, "   ", *texts.health_parts(drive)), width),
            paint.indent(paint.line((texts.content_text(drive), paint.FAINT)), width),
            paint.indent(paint.line(*texts.intent_parts(view)), width),
            paint.line(""),
        )
    )


class DrivesScreen(StationScreen):
    def __init__(self) -> None:
        super().__init__()
        self._anchor = Anchor()
        self._shown = False

    def title_text(self) -> str:
        return _("Drives")

    def help_text(self) -> str:
        return _(
            "Every drive of this PC, with what is on it. The Reprise stick is never offered. A"
            " drive that is refused is not touched; the reason is next to it. A drive that is"
            " plugged in or unplugged is seen by itself; F5 reads all of them again."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return ((_("Enter"), _("Continue")), (_("Esc"), _("Back")), ("F5", _("Read again")))

    def _summary(self) -> paint.Text:
        """How many there are: the last ones may be below the edge of the screen."""
        total, erased = len(self.state.drives), len(self.state.erasable)
        text = _("Drives: {total}. To be erased: {erased}. Not touched: {kept}.")
        counts = text.format(total=total, erased=erased, kept=total - erased)
        return paint.lines((paint.line((counts, paint.STRONG)), paint.line("")))

    def show(self) -> None:
        state = self.state
        if state.plan is None:
            # while they are read again, the person reads on
            if state.inventory is None or not self._shown:
                self.put(paint.line((_("Reading the drives …"), paint.FAINT)))
            return
        rows = [(v.key, drive_paragraph(v, self.room)) for v in state.drives]
        if rows:
            rows.insert(0, ("summary", self._summary()))
        if not rows:
            rows = [("none", paint.line((_("No drive was found in this PC."), paint.WARN)))]
        elif not state.erasable:
            rows.append(("none", paint.line((_("There is no drive to erase."), paint.WARN))))
        self._shown = True
        self.put(paint.lines(text for _name, text in rows))
        self._anchor.move(self.query_one("#body"), rows, self.room)
