"""Reports: each with what became of it, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from reprise.domain.delivery import SendRound
from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.ports import OutboxItem
from reprise.sentences import reports as words
from reprise.sentences.done import short_code
from reprise.sentences.when import moment, short_moment
from reprise.tui import paint
from reprise.tui.glyphs import RULE
from reprise.tui.pressing import choosing
from reprise.tui.screens.sheet import SheetScreen

_AROUND = 8  # rows of a screen that are none of these: head, keys, blank ones …
_LEAST_ROWS = 3


class Tried(Message):
    """What came of sending."""

    def __init__(self, outcome: SendRound | RepriseError) -> None:
        super().__init__()
        self.outcome = outcome


class ReportsScreen(SheetScreen):
    """Rows keep their place while the sheet is open: what is sent meanwhile changes its word, what
    is new comes below, and what a pulled stick takes away stays and says so."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "pick(-1)", show=False),
        Binding("down", "pick(1)", show=False),
        Binding("pageup", "pick(-10)", show=False),
        Binding("pagedown", "pick(10)", show=False),
        Binding("home", "pick(-100000)", show=False),
        Binding("end", "pick(100000)", show=False),
        Binding("f5", "send", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._order: list[str] = []
        self._items: dict[str, OutboxItem] = {}
        self._here: frozenset[str] = frozenset()
        self._chosen = ""
        self._first = 0  # in sight
        self._tried: SendRound | RepriseError | None = None
        self._busy = False

    def title_text(self) -> str:
        return _("Reports")

    def help_text(self) -> str:
        return _(
            "Every signed report of this station, and what became of it. The up and down arrows"
            " choose one; below the list stands what the server said and what to do. F5 tries now"
            " to send all that waits or was refused; they also go by themselves as soon as the"
            " server answers. A report leaves the list of those that wait only with the server's"
            " receipt."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        send = [("F5", _("Send now"))] if self.station.tools.reports is not None else []
        return ("↑ ↓", _("Choose")), *send, *super().actions()

    def body(self) -> Sequence[Widget]:
        return (Static(id="text"), Static(id="list"), Static(id="detail"))

    def show(self) -> None:
        self._renew()
        summary, detail = paint.lines(self._summary()), paint.lines(self._detail())
        taken = sum(text.plain.count("\n") + 1 for text in (summary, detail))
        self.put(summary)
        self.put(paint.lines(self._rows(self.app.size.height - _AROUND - taken)), "#list")
        self.put(detail, "#detail")

    def _renew(self) -> None:
        items = {item.report_id: item for item in self.station.outbox}
        new = words.in_order(item for key, item in items.items() if key not in self._items)
        self._order += [item.report_id for item in new]
        self._items.update(items)
        self._here = frozenset(items)
        if not self._chosen and self._order:
            self._chosen = self._order[0]

    @property
    def _server_url(self) -> str:
        desk = self.station.session
        return "" if desk is None else desk.board.server_url

    # What is shown

    def _summary(self) -> Iterator[paint.Text]:
        yield paint.line(words.server(self._server_url))
        yield paint.line(words.counts(tuple(self._items[key] for key in self._here)))
        if self._busy:
            yield paint.line(_("Sending…"))
        elif self._tried is not None:
            yield paint.indent(paint.line(_told(self._tried)), self.room, 0)

    def _rows(self, room: int) -> Iterator[paint.Text]:
        """Those in sight move only where the chosen one would leave it."""
        if not self._order:
            yield paint.line((words.none_yet(), paint.FAINT))
            return
        room = max(room, _LEAST_ROWS)
        at = self._order.index(self._chosen)
        self._first = max(min(self._first, at, len(self._order) - room), at - room + 1, 0)
        for row, key in enumerate(self._order[self._first : self._first + room], self._first):
            yield choosing(self._row(self._items[key], key == self._chosen), row, self.room)

    def _row(self, item: OutboxItem, chosen: bool) -> paint.Text:
        word, style = self._state(item)
        when = short_moment(item.sealed_at, self._clock) if item.sealed_at else ""
        facts = f"{when:<16}  {short_code(item.report_id)}  "
        left = self.room - 3 - 12 - len(facts)
        pc = paint.shortened(item.pc or _("unknown PC"), left)
        text = f" {facts}{pc}"
        if chosen:
            return paint.line((f" → {word:<11}{text} ", paint.CHOSEN))
        return paint.line("   ", (f"{word:<11}", style), text)

    def _state(self, item: OutboxItem) -> tuple[str, str]:
        if self._gone(item):
            return words.state(item, gone=True), paint.FAINT
        style = {"sent": paint.GOOD, "refused": paint.BAD}.get(item.state, paint.WARN)
        return words.state(item), style

    def _gone(self, item: OutboxItem) -> bool:
        return item.report_id not in self._here

    def _detail(self) -> Iterator[paint.Text]:
        item = self._items.get(self._chosen)
        if item is None:
            return
        yield paint.line((RULE * self.room, paint.FAINT))
        yield self._fact(_("Report"), f"{item.report_id}{self._whose(item)}")
        yield self._fact(_("PC"), item.pc or _("unknown PC"))
        if item.sealed_at:
            yield self._fact(_("Made"), moment(item.sealed_at, self._clock))
        yield self._fact(_("State"), words.word_on(item, self._clock, gone=self._gone(item)))
        yield self._fact(_("To do"), words.advice(item, self._server_url, gone=self._gone(item)))
        yield self._fact(_("File"), "/".join(Path(item.path).parts[-2:]))

    def _clock(self, when: datetime | None) -> datetime:
        desk = self.station.session
        install = None if desk is None else desk.board.install
        zone = "" if install is None else install.timezone
        return self.station.tools.in_zone(when, zone)

    def _fact(self, label: str, value: str) -> paint.Text:
        rows = paint.indent(paint.line(value), self.room, 10)
        return paint.line((f"{label:<10}", paint.FAINT)) + rows[10:]

    def _whose(self, item: OutboxItem) -> str:
        sealed = self.state.sealed
        mine = sealed is not None and sealed.report_id == item.report_id
        return f"  ({_('of this PC')})" if mine else ""

    # What is done

    def action_pick(self, step: int) -> None:
        if self._order:
            self.choose(self._order.index(self._chosen) + step)

    def choose(self, row: int) -> None:
        self._chosen = self._order[min(max(row, 0), len(self._order) - 1)]
        self.show()

    def action_send(self) -> None:
        if self.station.tools.reports is None or self._busy:
            return
        self._busy = True
        self.show()
        self.run_worker(self._send, thread=True)

    def _send(self) -> None:
        sender = self.station.tools.reports
        if sender is None:
            return
        try:
            self.post_message(Tried(sender().send_now()))
        except RepriseError as error:
            self.post_message(Tried(error))

    def on_tried(self, message: Tried) -> None:
        self._busy, self._tried = False, message.outcome
        self.refresh_all()


def _told(done: SendRound | RepriseError) -> paint.Part:
    if isinstance(done, RepriseError):
        return str(done), paint.BAD
    if done == SendRound():
        return words.tried(done)
    whole = done.sent and not (done.refused or done.waiting)
    return words.tried(done), paint.GOOD if whole else paint.WARN
