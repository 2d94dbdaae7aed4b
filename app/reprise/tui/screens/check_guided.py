"""One guided check: what to do, what was seen so far, and the person's word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.results import CheckProgress, CheckResult, CheckStatus, judge_by_word
from reprise.domain.checks.usb import judge_usb
from reprise.i18n import _
from reprise.sentences.checks import how_to_try_ports, ports_seen, report_signed
from reprise.tui.checking import Checks
from reprise.tui.drawing import check_texts, paint
from reprise.tui.screens.sheet import SheetScreen
from reprise.wording import checks as words


class GuidedScreen(SheetScreen):
    """Base. F4 and F8 are the person's word: Enter alone never passes a check."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "close", show=False),
        Binding("f4", "works", show=False),
        Binding("f5", "again", show=False),
        Binding("f8", "broken", show=False),
    ]

    def __init__(self, check: CheckId, checks: Checks) -> None:
        super().__init__(classes="guided")
        self.check, self.checks = check, checks
        self.progress: CheckProgress | None = None
        self.result: CheckResult | None = None

    def on_mount(self) -> None:
        self.checks.listeners[self.check] = self.told
        self.begin()
        super().on_mount()

    def on_unmount(self) -> None:
        self.checks.listeners.pop(self.check, None)
        self.checks.stop(self.check)

    def begin(self) -> None:
        self.progress = self.result = None
        self.checks.stop(self.check)
        self.checks.start(self.check)

    def told(self, item: CheckProgress | CheckResult) -> None:
        if isinstance(item, CheckProgress):
            self.progress = item
        else:
            self.result = item
            self.came(item)
        self.refresh_all()

    def came(self, result: CheckResult) -> None:
        """The measured end: recorded, unless only a person can tell."""
        if result.reason is not CheckReason.NO_WORD:
            self.checks.record(result)

    # what is shown

    def title_text(self) -> str:
        return words.check(self.check)

    def help_text(self) -> str:
        text = _(
            "F4 says that it works, F8 that it does not: the report says that this is your "
            "opinion. F5 begins again. Esc goes back: what nobody said stays “not checked”."
        )
        return f"{words.criterion(self.check)}\n\n{text}"

    def show(self) -> None:
        late = (paint.line(report_signed()),)
        self.put(paint.lines(self.rows() if self.checks.stand.open else late))

    def rows(self) -> Iterator[paint.Text]:
        about = paint.line((words.criterion(self.check), paint.STRONG))
        yield paint.indent(about, self.room, 0)
        yield paint.line("")
        if self.result is None:
            yield from self.live()
            return
        if self.result.reason is CheckReason.NO_WORD:
            yield paint.line((_("Does it work?"), paint.WARN))
            yield paint.line((self.result.detail, paint.FAINT))
        else:
            yield paint.indent(check_texts.result_line(self.result), self.room, 0)

    def live(self) -> Iterator[paint.Text]:
        progress = self.progress
        if progress is None:
            yield paint.line((_("One moment…"), paint.FAINT))
            return
        if progress.ask is not None:
            yield paint.line((words.check_ask(progress.ask), paint.WARN))
        for text in words.measured(progress.measures):
            yield paint.line(text)

    def actions(self) -> Sequence[tuple[str, str]]:
        leave = (_("Enter"), _("Continue")) if self.ended else (_("Esc"), _("Back"))
        if not self.checks.stand.open:
            return (leave,)
        keys = [leave] if self.may_pass and self.may_fail else [("F5", _("Again")), leave]
        if self.may_fail:
            keys.insert(0, ("F8", _("Faulty")))
        if self.may_pass:
            keys.insert(0, ("F4", _("Works")))
        return keys

    # what is said

    @property
    def ended(self) -> bool:
        """Nothing is left to be said."""
        return self.result is not None and self.result.reason is not CheckReason.NO_WORD

    @property
    def may_pass(self) -> bool:
        """Only where the check left it to a person."""
        return self.result is not None and self.result.reason is CheckReason.NO_WORD

    @property
    def may_fail(self) -> bool:
        return self.result is None or self.result.status is not CheckStatus.PASSED

    def word(self, works: bool) -> CheckResult:
        measures = self.progress.measures if self.progress is not None else ()
        return judge_by_word(self.check, works, measures)

    def action_works(self) -> None:
        if self.may_pass:
            self._say(self.word(works=True))

    def action_broken(self) -> None:
        if self.may_fail:
            self._say(self.word(works=False))

    def _say(self, result: CheckResult) -> None:
        self.checks.record(result)
        self.action_close()

    def action_again(self) -> None:
        self.begin()
        self.refresh_all()


class PointerScreen(GuidedScreen):
    def live(self) -> Iterator[paint.Text]:
        progress = self.progress
        if progress is None:
            yield from super().live()
            return
        names = {"BTN_LEFT": _("left button"), "BTN_RIGHT": _("right button")}
        moved = any(measure.value for measure in progress.measures)
        yield _seen(_("movement"), moved)
        for button in progress.wanted:
            yield _seen(names.get(button, button), button in progress.seen)
        yield paint.line("")
        yield paint.line(_("Move a finger over the pad, then press each button."))


def _seen(name: str, seen: bool) -> paint.Text:
    word = (_("seen"), paint.GOOD) if seen else (_("not yet"), paint.WARN)
    return paint.line(f"  {name:<20} ", word)


class UsbScreen(GuidedScreen):
    """F4: every port was tried. That the firmware counts more is then not believed."""

    def live(self) -> Iterator[paint.Text]:
        if self.progress is None:
            yield from super().live()
            return
        yield paint.line((ports_seen(self.progress), paint.STRONG))
        yield paint.line("")
        yield paint.indent(paint.line(how_to_try_ports()), self.room, 0)

    @property
    def may_pass(self) -> bool:
        return self.result is None and self.progress is not None and bool(self.progress.seen)

    def word(self, works: bool) -> CheckResult:
        if works and self.progress is not None:
            return judge_usb(self.progress.seen, None)
        return super().word(works)
