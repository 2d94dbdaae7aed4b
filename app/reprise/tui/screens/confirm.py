"""Plan and its one confirmation: a typed word, so that no stray key ever erases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import on
from textual.widget import Widget
from textual.widgets import Input, Static

from reprise import wording
from reprise.i18n import _
from reprise.sentences import confirm as said
from reprise.sentences import drives
from reprise.tui import paint, texts
from reprise.tui.base import StationScreen
from reprise.tui.widgets.field import Field
from reprise.workflow.drive_view import DriveView


def _plan_rows(view: DriveView, width: int) -> Iterator[paint.Text]:
    yield texts.drive_title(view)
    yield paint.indent(
        paint.line((texts.content_text(view.drive, view.volumes), paint.FAINT)), width
    )
    if before := drives.before_text(view):
        yield paint.line("  ", (before, paint.BAD))
    attempts = view.plan.attempts if view.plan else ()
    for step in view.plan.preparations if view.plan else ():
        first = paint.line((_("first: "), paint.FAINT), wording.preparation(step))
        yield paint.indent(first, width)
    for index, attempt in enumerate(attempts):
        lead = "" if index == 0 else _("if that fails: ")
        yield paint.indent(paint.line((lead, paint.FAINT), said.attempt_text(attempt)), width)
    for warning in view.plan.warnings if view.plan else ():
        text = paint.line((_("Warning: "), paint.WARN), wording.code(warning))
        yield paint.indent(text, width)
    yield paint.line("")


class ConfirmScreen(StationScreen):
    ASIDE = True

    def __init__(self) -> None:
        super().__init__()
        self._digest = ""
        self._sent = False

    def title_text(self) -> str:
        return _("Confirm the erasure")

    def help_text(self) -> str:
        return _(
            "Read what will be done to each drive. To start, type the word that is asked for,"
            " in capitals or not, then Enter. Esc goes back; nothing has been erased so far."
            " Where something is unusual, a part of a serial number is asked for as well: look at"
            " the drive before you type it."
            " Clear protects against simple recovery; Purge also against a laboratory."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return ((_("Enter"), _("Erase")), (_("Esc"), _("Back")))

    def body(self) -> Sequence[Widget]:
        return (Static(id="text"),)

    def compose(self) -> Iterator[Widget]:
        """The field stands under the body: always in sight, however many drives there are."""
        for widget in super().compose():
            if widget.id == "trouble":
                yield Static(id="ask")
                yield Field("word", limit=30)
            yield widget

    def on_screen_resume(self) -> None:
        """A word that was typed before something else was looked at counts no more."""
        for typed in self.query(Input):
            typed.value = ""

    def show(self) -> None:
        if self.state.confirmed:
            return
        self._digest = self.state.digest
        self._sent = False
        drives = self.state.erasable
        rows = [self._unusual_row(text) for text in map(wording.unusual, self.state.unusual)]
        rows += [paint.line("")] if rows else []
        for view in drives:
            rows.extend(_plan_rows(view, self.room))
        rows += texts.storage_rows(self.state, self.room)
        rows.append(paint.line((_("Then install: "), paint.FAINT), self._install()))
        untouched = said.untouched_text(self.state)
        if untouched:
            rows.append(paint.line((_("Not touched: "), paint.FAINT), untouched))
        self.put(paint.lines(rows))
        self.put(paint.line((said.question(self.state), paint.WARN)), "#ask")
        self.query_one(Field).label(_("Confirmation"))

    def _unusual_row(self, text: str) -> paint.Text:
        return paint.indent(paint.line((_("UNUSUAL: "), paint.BAD), text), self.room, 0)

    def _install(self) -> str:
        session = self.station.session
        if session is None:
            return _("nothing")
        given = self.station.install or session.board.install
        return said.install_text(session.board, self.state, self.station.choice, given)

    @on(Input.Submitted)
    def typed(self) -> None:
        field = self.query_one(Field)
        given, field.value = field.value, ""
        if not said.agrees(self.state, given):
            self.put(
                paint.line((said.wrong(self.state), paint.BAD), "\n", said.question(self.state)),
                "#ask",
            )
            return
        if not self._sent:
            self._sent = True
            self.station.confirm(self._digest)

    def action_forward(self) -> None:
        """Enter alone does nothing here."""

    def may_click(self, key: str) -> bool:
        """No click ever erases, not even behind the right word."""
        if key == "enter":
            hint = _("A click erases nothing: press the Enter key itself.")
            self.put(paint.line((hint, paint.BAD), "\n", said.question(self.state)), "#ask")
        return key != "enter"
