"""Reports: every one with its state and the server's last word, and where they lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from reprise import wording
from reprise.domain.delivery import Holdings, KnownReport
from reprise.i18n import _
from reprise.tui import paint
from reprise.tui.messages import Trouble
from reprise.tui.sheet import Sheet
from reprise.workflow.deliver import Summary, detail_words

if TYPE_CHECKING:
    from reprise.workflow.side import Side

_LOOK_S = 2.0


class HoldingsSeen(Message):
    def __init__(self, holdings: Holdings) -> None:
        super().__init__()
        self.holdings = holdings


class RoundEnded(Message):
    """Every report was tried once."""

    def __init__(self, summary: Summary) -> None:
        super().__init__()
        self.summary = summary


class OutboxSheet(Sheet):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5,f7", "send", show=False)]

    def __init__(self, side: Side) -> None:
        super().__init__(side)
        self._holdings: Holdings | None = None
        self._sending = False
        self._looking = False
        self._ended: Summary | None = None

    def title_text(self) -> str:
        return _("Reports")

    def help_text(self) -> str:
        return _(
            "Every report that this stick and this PC know. They are sent by themselves as soon as"
            " there is a network; F5 tries all of them now, also those that the server refused"
            " before. A report stays on the stick after it was sent."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return (("F5", _("Send now")), ("↑ ↓", _("Scroll")))

    def on_mount(self) -> None:
        super().on_mount()
        self._look_soon()
        self.set_interval(_LOOK_S, self._look_soon)

    def _look_soon(self) -> None:
        if not self._looking:
            self._looking = True
            self.work(self._look)

    def _look(self) -> None:
        try:
            self.post_message(HoldingsSeen(self.side.outgoing.look()))
        finally:
            self._looking = False

    def action_send(self) -> None:
        if not self._sending:
            self._sending, self._ended = True, None
            self.trouble("")
            self.show()
            self.work(lambda: self._tell(self.side.send_now()))

    def _tell(self, summary: Summary) -> None:
        self.post_message(RoundEnded(summary))

    def on_holdings_seen(self, message: HoldingsSeen) -> None:
        if message.holdings != self._holdings:
            self._holdings = message.holdings
            self.show()

    def on_round_ended(self, message: RoundEnded) -> None:
        self._sending, self._ended = False, message.summary
        self._look_soon()
        self.show()

    def on_trouble(self, message: Trouble) -> None:
        self._sending = False
        super().on_trouble(message)
        self.show()

    def show(self) -> None:
        self.put(paint.lines(self._rows()))

    def _rows(self) -> Iterator[paint.Text]:
        held = self._holdings
        if held is None:
            yield paint.line((_("Reading the reports …"), paint.FAINT))
            return
        yield paint.line((_("Server"), paint.FAINT), f"  {held.server or _('none')}")
        yield self._where(held)
        yield self._round(held)
        for report in held.reports:
            yield paint.line("")
            yield from self._report(report)

    def _where(self, held: Holdings) -> paint.Text:
        if held.where == "folder":
            return paint.line(_("All of them are in a folder of this machine."))
        if held.where == "memory" and not held.reports:
            words = _("Reports in MEMORY ONLY: lost at power-off unless sent or copied.")
            return paint.line((words, paint.WARN))
        free = ""
        if held.free_bytes is not None:
            free = _("Free space on it: {size}.").format(size=wording.size(held.free_bytes))
        if held.where == "stick":
            return paint.line((_("All of them are on the stick."), paint.GOOD), f"  {free}")
        words = _("Not all of them are on the stick: do not switch off.")
        return paint.lines(
            (
                paint.line((words, paint.WARN), f"  {free}"),
                *([paint.line((held.problem, paint.BAD))] if held.problem else ()),
            )
        )

    def _round(self, held: Holdings) -> paint.Text:
        if self._sending:
            return paint.line((_("Sending …"), paint.STRONG))
        if self._ended is not None:
            ended = self._ended
            text = _("Sent: {sent}, refused: {refused}, waiting: {waiting}.").format(
                sent=len(ended.sent), refused=len(ended.refused), waiting=len(ended.waiting)
            )
            return paint.line((_("Tried just now. "), paint.STRONG), text)
        states = [report.state for report in held.reports]
        if not states:
            return paint.line(_("There is no report yet."))
        counts = _("Waiting: {waiting}, refused: {refused}, sent: {sent}.")
        return paint.line(
            counts.format(**{s: states.count(s) for s in ("waiting", "refused", "sent")})
        )

    def _report(self, report: KnownReport) -> Iterator[paint.Text]:
        word, style = {
            "sent": (_("SENT"), paint.GOOD),
            "refused": (_("REFUSED"), paint.BAD),
        }.get(report.state, (_("WAITING"), paint.WARN))
        pc = report.pc or _("PC unknown")
        yield paint.line((word, style), "  ", (pc, paint.STRONG))
        when = wording.moment(report.since) if report.since else ""
        yield paint.indent(paint.line(report.report_id, "  ", (when, paint.FAINT)), self.room)
        if report.said:
            yield paint.indent(paint.line(detail_words(report.said)), self.room)
