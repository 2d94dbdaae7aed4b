"""Plan and its one confirmation: a typed word, so that no stray key ever erases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import on
from textual.widget import Widget
from textual.widgets import Input, Static

from reprise import wording
from reprise.domain.plan import Attempt
from reprise.domain.unusual import serial_tail
from reprise.i18n import _
from reprise.tui import paint, texts
from reprise.tui.base import StationScreen
from reprise.tui.widgets.field import Field
from reprise.workflow.session_state import DriveView


def _attempt(attempt: Attempt) -> str:
    words = [wording.technique(attempt.technique), wording.method(attempt.claims)]
    words.append(wording.depth(attempt.verify))
    if attempt.expected_s is not None:
        words.append(_("about {time}").format(time=wording.duration(attempt.expected_s)))
    return ", ".join(words)


def _plan_rows(view: DriveView, width: int) -> Iterator[paint.Text]:
    yield texts.drive_title(view)
    yield paint.indent(paint.line((texts.content_text(view.drive), paint.FAINT)), width)
    if view.interrupted_before:
        yield paint.line("  ", (_("INTERRUPTED, not erased"), paint.BAD))
    attempts = view.plan.attempts if view.plan else ()
    for step in view.plan.preparations if view.plan else ():
        first = paint.line((_("first: "), paint.FAINT), wording.preparation(step))
        yield paint.indent(first, width)
    for index, attempt in enumerate(attempts):
        lead = "" if index == 0 else _("if that fails: ")
        yield paint.indent(paint.line((lead, paint.FAINT), _attempt(attempt)), width)
    for warning in view.plan.warnings if view.plan else ():
        text = paint.line((_("Warning: "), paint.WARN), wording.code(warning))
        yield paint.indent(text, width)
    yield paint.line("")


class ConfirmScreen(StationScreen):
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
        for words in wording.hidden_storage(self.state.plan):
            rows.append(paint.line((_("Warning: "), paint.WARN), words))
        rows.append(paint.line((_("Then install: "), paint.FAINT), self._install()))
        others = len(self.state.drives) - len(drives)
        if others:
            rows.append(paint.line((_("Not touched: "), paint.FAINT), self._untouched()))
        self.put(paint.lines(rows))
        self.put(paint.line((self._question(), paint.WARN)), "#ask")
        self.query_one(Field).label(_("Confirmation"))

    def _unusual_row(self, text: str) -> paint.Text:
        return paint.indent(paint.line((_("UNUSUAL: "), paint.BAD), text), self.room, 0)

    def _question(self) -> str:
        view = self._looked_at()
        if view is None:
            ask = _("All data on the drives above will be lost for ever. To start, type {word}:")
            return ask.format(word=self.word())
        ask = _(
            "All data on the drives above will be lost for ever. To start, type {word}, a space,"
            " and the last {count} letters and digits of the serial number of {drive}:"
        )
        count = len(serial_tail(view.drive))
        name = view.drive.node.removeprefix("/dev/")
        return ask.format(word=self.word(), count=count, drive=name)

    def _looked_at(self) -> DriveView | None:
        """The drive whose serial number is asked for: the one that is unusual, or the first of a
        PC that is; None where nothing is."""
        found, drives = self.state.unusual, self.state.erasable
        if not found or not drives:
            return None
        named = [view for one in found for view in drives if view.key == one.drive]
        return (*named, *drives)[0]

    def _expected(self) -> str:
        view = self._looked_at()
        return self.word() if view is None else f"{self.word()} {serial_tail(view.drive)}"

    def _install(self) -> str:
        session, choice = self.station.session, self.station.choice
        view = None if choice is None else self.state.drive(choice.drive)
        if session is None or choice is None or view is None:
            return _("nothing")
        return _("{system} on {drive}, where its erasure is verified").format(
            system=texts.image_title(session, choice.image),
            drive=view.drive.node.removeprefix("/dev/"),
        )

    def _untouched(self) -> str:
        kept = [d for d in self.state.drives if d not in self.state.erasable]
        return ", ".join(
            f"{d.drive.node.removeprefix('/dev/')} ({texts.model_of(d.drive)})" for d in kept
        )

    @staticmethod
    def word() -> str:
        """What the operator types. Its letters are on every keyboard of the station."""
        return _("ERASE")

    @on(Input.Submitted)
    def typed(self) -> None:
        field = self.query_one(Field)
        given, field.value = field.value, ""
        if " ".join(given.split()).casefold() != self._expected().casefold():
            self.put(paint.line((self._wrong(), paint.BAD), "\n", self._question()), "#ask")
            return
        if not self._sent:
            self._sent = True
            self.station.confirm(self._digest)

    def _wrong(self) -> str:
        if self._looked_at() is None:
            wrong = _("The word typed was not {word}: nothing was erased.")
            return wrong.format(word=self.word())
        return _("That was not the word and the serial number: nothing was erased.")

    def action_forward(self) -> None:
        """Enter alone does nothing here."""

    def may_click(self, key: str) -> bool:
        """No click ever erases, not even behind the right word."""
        if key == "enter":
            hint = _("A click erases nothing: press the Enter key itself.")
            self.put(paint.line((hint, paint.BAD), "\n", self._question()), "#ask")
        return key != "enter"
