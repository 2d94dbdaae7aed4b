"""Drives: what is on each, and whether it will be erased."""

from __future__ import annotations

from collections.abc import Sequence

from reprise.i18n import _
from reprise.sentences.drives import counts_text, kind_text
from reprise.tui import paint, texts
from reprise.tui.base import StationScreen
from reprise.workflow.session_state import DriveView


def drive_paragraph(view: DriveView, width: int) -> paint.Text:
    drive = view.drive
    return paint.lines(
        (
            texts.drive_title(view),
            paint.indent(paint.line(kind_text(drive), "   ", *texts.health_parts(drive)), width),
            paint.indent(paint.line((texts.content_text(drive), paint.FAINT)), width),
            paint.indent(paint.line(*texts.intent_parts(view)), width),
            paint.line(""),
        )
    )


class DrivesScreen(StationScreen):
    def title_text(self) -> str:
        return _("Drives")

    def help_text(self) -> str:
        return _(
            "Every drive of this PC, with what is on it. The Reprise stick is never offered. A"
            " drive that is refused is not touched; the reason is next to it. F5 reads the"
            " drives again, after one was plugged or unplugged."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return ((_("Enter"), _("Continue")), (_("Esc"), _("Back")), ("F5", _("Read again")))

    def _summary(self) -> paint.Text:
        """How many there are: the last ones may be below the edge of the screen."""
        return paint.lines((paint.line((counts_text(self.state), paint.STRONG)), paint.line("")))

    def show(self) -> None:
        state = self.state
        if state.plan is None:
            self.put(paint.line((_("Reading the drives …"), paint.FAINT)))
            return
        rows = [drive_paragraph(view, self.room) for view in state.drives]
        if rows:
            rows.insert(0, self._summary())
        if not rows:
            rows = [paint.line((_("No drive was found in this PC."), paint.WARN))]
        elif not state.erasable:
            rows.append(paint.line((_("There is no drive to erase."), paint.WARN)))
        self.put(paint.lines(rows))
