"""The way to the server, tried step by step: where it ends, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from reprise.domain.station.connectivity import ConnectionStep, Finding, StepResult
from reprise.errors import RepriseError, foreseen
from reprise.i18n import _
from reprise.ports.sheets.network import ServerWay
from reprise.sentences import network
from reprise.tui.drawing import paint
from reprise.tui.screens.network_forms import ProxyForm, network_of
from reprise.tui.screens.sheet import SheetScreen
from reprise.wording import connectivity as words

_STEP, _MARK = 30, 6  # cells


class StepTried(Message):
    """`test`: which run it belongs to. `finding` None: the run has come to its end, with
    `trouble` where it could not be made."""

    def __init__(
        self, test: int, way: ServerWay, finding: Finding | None, trouble: str = ""
    ) -> None:
        super().__init__()
        self.test, self.way, self.finding, self.trouble = test, way, finding, trouble


class ServerCheckScreen(SheetScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,t", "again", show=False),
        Binding("p", "proxy", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._test = 0
        self._way = ServerWay()
        self._findings: list[Finding] = []
        self._busy = False
        self._trouble = ""

    @property
    def running(self) -> bool:
        return self._busy

    def title_text(self) -> str:
        return _("Server test")

    def help_text(self) -> str:
        return _(
            "The steps are tried in the order that a report would take; after a failure the rest"
            " are not tried. This test sends no report. Do what the last lines say, then press"
            " Enter to test again."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return ((_("Enter"), _("Again")), ("P", _("Proxy")), (_("Esc"), _("Back")))

    def on_mount(self) -> None:
        super().on_mount()
        self.action_again()

    def action_again(self) -> None:
        if not self._busy:
            self._test, self._findings, self._busy = self._test + 1, [], True
            self._trouble = ""
            self.show()
            number, started = self._test, self.state.started
            kid = "" if started is None else started.kid
            self.run_worker(lambda: self._run(number, kid), thread=True)

    def _run(self, number: int, kid: str) -> None:
        way, trouble = self._way, ""
        try:
            with foreseen():
                network = network_of(self.station)
                way = network.server()
                for finding in network.test_server(kid):
                    self.post_message(StepTried(number, way, finding))
        except RepriseError as error:
            trouble = str(error)
        self.post_message(StepTried(number, way, None, trouble))

    def on_step_tried(self, message: StepTried) -> None:
        if message.test != self._test:
            return
        self._way = message.way
        if message.finding is None:
            self._busy, self._trouble = False, message.trouble
        else:
            self._findings.append(message.finding)
        self.show()

    def action_proxy(self) -> None:
        self.app.push_screen(ProxyForm(self._way.proxy), lambda _nothing: self.action_again())

    def show(self) -> None:
        rows = [*way_rows(self._way, self.room), paint.line(""), *self._step_rows()]
        self.put(paint.lines((*rows, paint.line(""), *self._outcome())))

    def _step_rows(self) -> Iterator[paint.Text]:
        for index, step in enumerate(ConnectionStep):
            finding = self._findings[index] if index < len(self._findings) else None
            here = self._busy and index == len(self._findings)
            detail = finding.detail if finding and finding.outcome is StepResult.OK else ""
            mark = (_("trying…"), paint.WARN) if here else _mark(finding)
            detail = paint.shortened(detail, self.room - _STEP - _MARK)
            yield paint.line(f"  {words.way_step(step):<{_STEP - 2}}", mark, f"  {detail}")

    def _outcome(self) -> Iterator[paint.Text]:
        wrong = next((f for f in self._findings if f.outcome is StepResult.FAILED), None)
        if wrong is not None:
            text = paint.line((words.what_is_wrong(wrong), paint.BAD))
            yield paint.indent(text, self.room, 0)
            yield paint.indent(paint.line(words.what_to_do(wrong)), self.room, 0)
        elif self._trouble:
            yield paint.indent(paint.line((self._trouble, paint.BAD)), self.room, 0)
        elif not self._busy and self._findings:
            yield paint.line((_("The server accepts this station's reports."), paint.GOOD))


_LOOKS = {
    StepResult.OK: paint.GOOD,
    StepResult.FAILED: paint.BAD,
    StepResult.NOT_TRIED: paint.FAINT,
}


def _mark(found: Finding | None) -> paint.Part:
    return "" if found is None else (words.outcome(found.outcome), _LOOKS[found.outcome])


def way_rows(way: ServerWay, width: int) -> Iterator[paint.Text]:
    for label, value in network.way_facts(way):
        yield paint.indent(paint.line((f"{label:<10}", paint.FAINT), value), width, 0)
