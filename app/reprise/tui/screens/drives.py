"""Drives: what is on each, and whether it will be erased."""

from __future__ import annotations

from collections.abc import Sequence

from reprise import wording
from reprise.i18n import _
from reprise.tui import paint, texts
from reprise.tui.base import StationScreen
from reprise.workflow.session_state import DriveView


def drive_paragraph(view: DriveView) -> paint.Text:
    drive = view.drive
    kind = f"{wording.transport(drive.transport)}, {wording.media(drive.media)}"
    return paint.lines(
        (
            texts.drive_title(view),
            paint.line("  ", kind, "   ", *texts.health_parts(drive)),
            paint.line("  ", (texts.content_text(drive), paint.FAINT)),
            paint.line("  ", *texts.intent_parts(view), "\n"),
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

    def show(self) -> None:
        state = self.state
        if state.plan is None:
            self.put(paint.line((_("Reading the drives …"), paint.FAINT)))
            return
        rows = [drive_paragraph(view) for view in state.drives]
        if not rows:
            rows = [paint.line((_("No drive was found in this PC."), paint.WARN))]
        elif not state.erasable:
            rows.append(paint.line((_("There is no drive to erase."), paint.WARN)))
        self.put(paint.lines(rows))
