"""Drives: what is on each, and whether it will be erased."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import DataTable, Static

from reprise.i18n import _
from reprise.sentences.drives import counts_text, kind_text, title_words
from reprise.sentences.nothing_attached import statable
from reprise.tui.base import StationScreen
from reprise.tui.drawing import paint, texts
from reprise.tui.screens.nothing_attached import NothingAttachedScreen
from reprise.tui.widgets.drive_table import DriveTable
from reprise.workflow.session.drive_view import DriveView


def drive_paragraph(view: DriveView, width: int) -> paint.Text:
    drive = view.drive
    return paint.lines(
        (
            paint.hanging(texts.drive_title(view), width),
            paint.indent(paint.line(kind_text(drive), "   ", *texts.health_parts(drive)), width),
            paint.indent(paint.line((texts.content_text(drive, view.volumes), paint.FAINT)), width),
            paint.indent(paint.line(*texts.intent_parts(view)), width),
            paint.line(""),
        )
    )


class DrivesScreen(StationScreen):
    ASIDE = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f8", "state_storage", show=False)]

    def title_text(self) -> str:
        return _("Drives")

    def help_text(self) -> str:
        return _(
            "Every drive in this PC, with what is on it; if there are many, the arrows choose"
            " the one that is shown in full. The Reprise stick is never offered. A refused drive"
            " is not touched; the reason is given. F5 reads the drives again after one was"
            " plugged in or unplugged. If a controller may hide drives and you have looked, F8"
            " states that nothing is attached to it."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return ((_("Enter"), _("Continue")), (_("Esc"), _("Back")), ("F5", _("Read again")))

    def more_keys(self) -> Sequence[tuple[str, str]]:
        """There is no room for F8 on a narrow screen: the body names it, too."""
        mine = [("F8", _("Nothing attached"))] if statable(self.state) else []
        return (*mine, *super().more_keys())

    def _summary(self) -> paint.Text:
        """How many there are: the last ones may be below the edge of the screen."""
        rows = [paint.line((counts_text(self.state), paint.STRONG))]
        return paint.lines(rows if self._table else [*rows, paint.line("")])

    def body(self) -> Sequence[Widget]:
        return (Static(id="text"), DriveTable(), Static(id="chosen"))

    @property
    def _table(self) -> DriveTable | None:
        """Where there are more drives than paragraphs would leave in sight."""
        many = self.state.plan is not None and len(self.state.drives) > texts.MANY
        return self.query_one(DriveTable) if many else None

    def show(self) -> None:
        state, table = self.state, self._table
        self.query_one(DriveTable).display = table is not None
        self.query_one("#chosen").display = table is not None
        if state.plan is None:
            self.put(paint.line((_("Reading the drives…"), paint.FAINT)))
            return
        if table is not None:
            self._tabulate(table)
        rows = [] if table else [drive_paragraph(view, self.room) for view in state.drives]
        rows = [self._summary(), *self._storage(), *rows] if state.drives else [*self._storage()]
        if not state.drives:
            rows.append(paint.line((_("No drive was found in this PC."), paint.WARN)))
        elif not state.erasable:
            rows.append(paint.line((_("There is no drive to erase."), paint.WARN)))
        self.put(paint.lines(rows))

    def _tabulate(self, table: DriveTable) -> None:
        heads = (_("Drive"), _("Model"), _("Size"), _("Content"), _("Plan"))
        rows = []
        for view in self.state.drives:
            name, model, size, _serial = title_words(view.drive)
            content = texts.content_text(view.drive, view.volumes)
            rows.append((name, paint.shortened(model, 20), size, content, texts.fate_word(view)))
        table.write(heads, rows, self.room, gives=3)
        self._detail()

    @on(DataTable.RowHighlighted)
    def _detail(self) -> None:
        """The one that is chosen, in full."""
        table, drives = self._table, self.state.drives
        if table is not None and table.cursor_row < len(drives):
            self.put(drive_paragraph(drives[table.cursor_row], self.room), "#chosen")

    def action_scroll_body(self, rows: int) -> None:
        table = self._table
        if table is None or not table.step(rows):
            super().action_scroll_body(rows)

    def _storage(self) -> Iterator[paint.Text]:
        """Above the drives: below a long list nobody would see it."""
        told = list(texts.storage_rows(self.state, self.room))
        yield from told
        if statable(self.state):
            key = ("F8", paint.KEY)
            yield paint.line(key, " ", _("State that you have looked and nothing is attached"))
        if told and self._table is None:
            yield paint.line("")

    def action_state_storage(self) -> None:
        if statable(self.state):
            self.app.push_screen(NothingAttachedScreen(), lambda _nothing: self.refresh_all())
