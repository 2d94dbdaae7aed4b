"""Reports: each with what became of it, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from reprise.domain.station.delivery import SendRound
from reprise.errors import RepriseError, foreseen
from reprise.i18n import _
from reprise.ports import OutboxItem
from reprise.sentences import reports as words
from reprise.sentences.done import short_code
from reprise.sentences.when import Clock, short_moment, station_clock
from reprise.tui.drawing import paint
from reprise.tui.drawing.glyphs import RULE
from reprise.tui.screens.sheet import SheetScreen
from reprise.tui.widgets.options import ARROW, Options

_STATE = 12  # cells


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
        self._tried: SendRound | RepriseError | None = None
        self._busy = False

    def title_text(self) -> str:
        return _("Reports")

    def help_text(self) -> str:
        return _(
            "Every report signed by this station, and what became of it. The up and down arrows"
            " choose one; the server's answer and what to do are shown below the list. F5 tries"
            " to send all waiting or refused reports now; they also leave by themselves as soon"
            " as the server answers. A report waits until the server has acknowledged it."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        send = [("F5", _("Send now"))] if self.station.tools.reports is not None else []
        return ("↑ ↓", _("Choose")), *send, *super().actions()

    def body(self) -> Sequence[Widget]:
        return (Static(id="text"), Options(id="list"), Static(id="detail"))

    def show(self) -> None:
        self._renew()
        self.put(paint.lines(self._summary()))
        rows = [self._row(self._items[key]) for key in self._order]
        self.query_one(Options).write(rows, self._at)
        self.put(paint.lines(self._detail()), "#detail")

    def _renew(self) -> None:
        items = {item.report_id: item for item in self.station.status.outbox}
        new = words.in_order(item for key, item in items.items() if key not in self._items)
        self._order += [item.report_id for item in new]
        self._items.update(items)
        self._here = frozenset(items)
        if not self._chosen and self._order:
            self._chosen = self._order[0]

    # What is shown

    def _summary(self) -> Iterator[paint.Text]:
        yield paint.line(words.server(self.station.status.server_url))
        if self._here:
            yield paint.line(words.counts(tuple(self._items[key] for key in self._here)))
        if self._busy:
            yield paint.line(_("Sending…"))
        elif self._tried is not None:
            yield paint.indent(paint.line(_told(self._tried)), self.room, 0)

    @property
    def _at(self) -> int:
        return self._order.index(self._chosen) if self._chosen else 0

    def _row(self, item: OutboxItem) -> paint.Text:
        word, style = self._state(item)
        when = short_moment(item.sealed_at, self._clock) if item.sealed_at else ""
        facts = f"{when:<16}  {short_code(item.report_id)}  "
        pc = item.pc or _("unknown PC")
        pc = paint.shortened(pc, self.room - ARROW - _STATE - len(facts))
        return paint.line((f"{word:<{_STATE}}", style), facts, pc)

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
            yield paint.line((words.none_yet(), paint.FAINT))
            return
        yield paint.line((RULE * self.room, paint.FAINT))
        yield self._fact(_("Report"), f"{item.report_id}{self._whose(item)}")
        yield self._fact(_("PC"), item.pc or _("unknown PC"))
        told = words.facts(item, self._clock, self.station.status.server_url, gone=self._gone(item))
        yield from (self._fact(label, value) for label, value in told)
        yield self._fact(_("File"), "/".join(PurePath(item.path).parts[-2:]))

    @property
    def _clock(self) -> Clock:
        return station_clock(self.station.tools, self.station.status)

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
            self.choose(self._at + step)

    def choose(self, row: int) -> None:
        """Without wording all rows anew: of two thousand a key would wait for that."""
        self._chosen = self._order[min(max(row, 0), len(self._order) - 1)]
        self.query_one(Options).highlighted = self._at
        self.put(paint.lines(self._detail()), "#detail")

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
            with foreseen():
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
