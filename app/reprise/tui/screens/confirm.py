"""Plan and its one confirmation: a typed word, so that no stray key ever erases, and none before
every drive was on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from reprise import wording
from reprise.i18n import _
from reprise.sentences import confirm as said
from reprise.sentences import drives
from reprise.tui.base import StationScreen
from reprise.tui.drawing import paint, texts
from reprise.tui.drawing.columns import columns
from reprise.tui.drawing.seen import SeenRows
from reprise.tui.drawing.warned import WARNED
from reprise.tui.widgets.field import Field
from reprise.tui.widgets.laid_out import LaidOut
from reprise.workflow.session.drive_view import DriveView

_CROWD = 2  # drives; above it each takes three rows and no more
_FRAME_ROWS = 8  # head, padding, a blank row, the frame around the field, the stick's line, keys
_WITH_SERIALS = 100  # cells that a row of many drives needs for them


def _details(view: DriveView, width: int) -> Iterator[paint.Text]:
    """All that the plan says about one drive."""
    yield paint.hanging(texts.drive_title(view), width)
    yield paint.indent(
        paint.line((texts.content_text(view.drive, view.volumes), paint.FAINT)), width
    )
    if before := said.of_before(view):
        yield paint.indent(paint.line((before, _style_of(view))), width)
    for lead, step in said.plan_steps(view):
        yield paint.indent(paint.line((lead, paint.FAINT), step), width)
    for warning in view.plan.warnings if view.plan else ():
        text = paint.line((_("Warning: "), paint.WARN), wording.code(warning))
        yield paint.indent(text, width)


def _short(view: DriveView, width: int, *, crowded: bool) -> Iterator[paint.Text]:
    """`crowded`: what is on it takes one row."""
    yield paint.hanging(texts.drive_title(view), width)
    content = texts.content_text(view.drive, view.volumes)
    if crowded:
        content = paint.shortened(content, width - 2)
    yield paint.indent(paint.line((content, paint.FAINT)), width)
    yield paint.indent(paint.line((said.plan_text(view), paint.STRONG)), width)


def _listed(views: Sequence[DriveView], width: int) -> Iterator[paint.Text]:
    """Many drives: which, how large, how, to which level, how long."""
    rows = []
    for view in views:
        name, model, size, serial = drives.title_words(view.drive)
        number = (serial,) if width >= _WITH_SERIALS else ()
        rows.append((name, model, *number, size, *said.plan_cells(view)))
    return columns(rows, width, gives=1)


def _style_of(view: DriveView) -> str:
    """Of what was before."""
    return paint.BAD if drives.before_text(view) else paint.WARN


def _rows(text: paint.Text) -> int:
    return text.plain.count("\n") + 1


class ConfirmScreen(StationScreen):
    ASIDE = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f4", "details", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self._at = 0  # among the steps (see Place)
        self._shown = ""  # SessionState.read_digest
        self._meanwhile = False  # more is known by now than this step showed at first
        self._sent = False
        self._detailed = False
        self._rows_of = 0  # the plan's rows, as they were written last
        self._seen = SeenRows()
        self._read = ""  # what was shown, where all of its rows were on the screen
        self._unread = ""  # of one that is known to have more than the screen shows
        self._told: Callable[[], str] = str  # why nothing came of what was typed

    def title_text(self) -> str:
        return _("Confirm the erasure")

    def help_text(self) -> str:
        return _(
            "Read what will be done to each drive; F4 shows the details, with what is tried if"
            " the first method fails. To start, type the word that is asked for, in capitals or"
            " not, then Enter. Esc goes back; nothing has been erased so far. If something is"
            " unusual, part of a serial number is asked for as well: look at the drive before you"
            " type it. Clear protects against simple recovery; Purge also against recovery in a"
            " laboratory."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        more = _("Summary") if self._detailed else _("Details")
        return ((_("Enter"), _("Erase")), (_("Esc"), _("Back")), ("F4", more))

    def body(self) -> Sequence[Widget]:
        return (LaidOut(id="text"),)

    def compose(self) -> Iterator[Widget]:
        """The field stands under the body: always in sight, however many drives there are."""
        for widget in super().compose():
            if widget.id == "trouble":
                with Vertical(id="asked"):
                    yield Static(id="ask")
                    yield Field("word", limit=30)
            yield widget

    def on_mount(self) -> None:
        super().on_mount()
        self.watch(self.query_one("#body"), "scroll_y", self._look, init=False)

    def on_screen_resume(self) -> None:
        """A word that was typed before something else was looked at counts no more."""
        for typed in self.query(Input):
            typed.value = ""
        self._told, self._at = str, self.station.place().here
        super().on_screen_resume()

    def on_screen_suspend(self) -> None:
        """What comes while something lies over this step is told when it is seen again."""
        if self.station.place().here != self._at:  # the step was left
            self._shown, self._meanwhile = "", False

    def show(self) -> None:
        if self.state.confirmed or (self._shown and not self.state.digest):  # being read again
            return
        self._take(self.state.read_digest)
        self._sent = False
        if self._told is said.being_read:
            self._told = str
        plan, after = self._plan(), paint.lines(self._after())
        self._rows_of = _rows(plan)
        self.put(paint.lines((plan, after)))
        self._ask()
        self.query_one(Field).label(_("Confirmation"))
        self.call_after_refresh(self._look)

    def _take(self, read_digest: str) -> None:
        if read_digest == self._shown:
            return
        # at once: rows of another plan stand where this one is still scrolled to
        self.query_one("#body").scroll_home(animate=False, immediate=True)
        self._meanwhile = self._meanwhile or bool(self._shown)
        self._shown, self._read, self._told = read_digest, "", str
        self.query_one(Input).value = ""  # it was no answer to what is asked now

    def _plan(self) -> paint.Text:
        """What must have been on the screen."""
        first, storage = list(self._first()), list(texts.storage_rows(self.state, self.room))
        if self._detailed:
            return paint.lines((*first, *storage))
        after = paint.lines((*storage, *self._after()))
        rest = self._free() - _rows(paint.lines((*first, after)))
        warned = list(said.warnings(self.state.erasable))
        ways = [paint.lines(way(warned, self.room)) for way in WARNED]
        shown = next((way for way in ways if warned and _rows(way) <= rest), ways[-1])
        return paint.lines((*first, *([shown] if warned else []), *storage))

    def _free(self) -> int:
        """Rows that the plan and what stands below it may take without being scrolled."""
        return self.app.size.height - _FRAME_ROWS - _rows(paint.lines(self._asked(unread=True)))

    def _first(self) -> Iterator[paint.Text]:
        state = self.state
        for reason in state.unusual:
            text = paint.line((_("UNUSUAL: "), paint.BAD), wording.unusual(reason))
            yield paint.indent(text, self.room, 0)
        if state.unusual:
            yield paint.line("")
        if self._detailed:
            for number, view in enumerate(state.erasable):
                if number:
                    yield paint.line("")
                yield from _details(view, self.room)
        else:
            yield from self._summary(state.erasable)

    def _after(self) -> Iterator[paint.Text]:
        state = self.state
        yield paint.line("")
        install = paint.line((_("Then install: "), paint.FAINT), self._install())
        yield paint.indent(install, self.room, 0)
        untouched = said.untouched_text(state)
        if untouched:
            row = paint.line((_("Not touched: "), paint.FAINT), untouched)
            yield paint.indent(row, self.room, 0)

    def _summary(self, views: Sequence[DriveView]) -> Iterator[paint.Text]:
        if len(views) > texts.MANY:
            yield paint.line((drives.counts_text(self.state), paint.STRONG))
            yield from _listed(views, self.room)
        else:
            for view in views:
                yield from _short(view, self.room, crowded=len(views) > _CROWD)
        for view in views:
            if before := said.of_before(view):
                name = _("{label}: {value}").format(label=drives.name_of(view.drive), value="")
                row = paint.line(name, (before, _style_of(view)))
                yield paint.indent(row, self.room, 0)

    def _asked(self, *, unread: bool) -> Iterator[paint.Text]:
        room = self.app.size.width - 4  # of #asked in station.tcss
        if self._meanwhile:
            told = said.known_meanwhile(self.state)
            yield paint.indent(paint.line((told, paint.BAD)), room, 0)
        if told := self._told():
            yield paint.indent(paint.line((told, paint.BAD)), room, 0)
        if unread:
            yield paint.indent(paint.line((said.unread(), paint.BAD)), room, 0)
        yield paint.indent(paint.line((said.question(self.state), paint.WARN)), room, 0)

    def _ask(self) -> None:
        self.put(paint.lines(self._asked(unread=self._unread == self._shown)), "#ask")

    @on(LaidOut.Anew)
    def _look(self) -> None:
        """Whether all of the plan was on the screen. Before it is laid out nobody knows."""
        body, text = self.query_one("#body"), self.query_one("#text")
        if self._read == self._shown or not (self.is_current and self.app.is_running):
            return
        if text.region.height < self._rows_of:
            return
        plan = (self._shown, self._detailed, self.room)
        first, shown = int(body.scroll_y), body.scrollable_content_region.height
        # the row of the words that tell of more may cover the last one in a moment
        sure = shown if first >= body.max_scroll_y else shown - 1
        if self._seen.look(plan, self._rows_of, first, sure):
            self._read, self._unread = self._shown, ""
            self._ask()
        elif self._unread != self._shown:
            self._unread = self._shown
            self._ask()

    def _install(self) -> str:
        status = self.station.status
        given = self.station.install or status.install
        return said.install_text(status, self.state, self.station.choice, given)

    def action_details(self) -> None:
        self._detailed = not self._detailed
        self.refresh_all()

    @on(Input.Changed)
    def typing(self, event: Input.Changed) -> None:
        if event.value and self._told is not str:
            self._told = str
            self._ask()

    @on(Input.Submitted)
    def typed(self) -> None:
        field = self.query_one(Field)
        given, field.value = field.value, ""
        state = self.state
        if not state.digest:
            self._told = said.being_read
        elif state.read_digest != self._shown:  # not drawn yet
            self._meanwhile = True
        elif not said.agrees(state, given):
            self._told = lambda: said.wrong(self.state)
        elif self._read != self._shown:
            self._told = said.not_read
        elif not self._sent:
            self._sent = True
            self.station.confirm(state.digest, read=self._shown)
            return
        self._ask()

    def action_forward(self) -> None:
        """Enter alone does nothing here."""

    def may_click(self, key: str) -> bool:
        """No click ever erases, not even behind the right word."""
        if key == "enter":
            self._told = lambda: _("A click erases nothing: press the Enter key itself.")
            self._ask()
        return key != "enter"
