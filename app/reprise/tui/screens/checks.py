"""Function checks: what works on this PC, before its drives are erased or meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from reprise.domain.checks.catalogue import SKIP_REASONS, CheckId, CheckKind, CheckReason
from reprise.domain.checks.grading import Condition
from reprise.domain.checks.merging import may_be_set_aside, not_fitted
from reprise.domain.checks.results import CheckStatus
from reprise.i18n import _
from reprise.sentences.checks import pc_not_read, report_signed, skip_reasons
from reprise.tui.checking import Checks
from reprise.tui.drawing import check_texts, paint
from reprise.tui.screens.check_guided import GuidedScreen, PointerScreen, UsbScreen
from reprise.tui.screens.check_keyboard import KeyboardScreen
from reprise.tui.screens.check_screen import ScreenScreen
from reprise.tui.screens.choice import Choice, InWords
from reprise.tui.screens.panel import HelpPanel
from reprise.tui.screens.sheet import SheetScreen
from reprise.tui.widgets.options import ARROW, Options
from reprise.wording import checks as words
from reprise.wording import join

_REFRESH_S = 0.5
_NAME_WIDTH = 17
_CONDITIONS = tuple(Condition)
_GUIDED: Mapping[CheckId, Callable[[CheckId, Checks], GuidedScreen]] = {
    CheckId.KEYBOARD: KeyboardScreen,
    CheckId.SCREEN: ScreenScreen,
    CheckId.POINTER: PointerScreen,
    CheckId.USB: UsbScreen,
}


class ChecksScreen(SheetScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("enter", "check", show=False),
        Binding("a,A", "automatic", show=False),
        Binding("s,S", "skip", show=False),
        Binding("l,L", "skip_all", show=False),
        Binding("r,R", "rule", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._at = 0
        self._stays = False  # S was pressed on a result that is not set aside
        self._go_on = True  # to the next check, when the list is seen again

    @property
    def checks(self) -> Checks:
        return self.station.checks

    def title_text(self) -> str:
        return _("Function checks")

    def help_text(self) -> str:
        return _(
            "A runs the automatic checks one after the other, or stops them; Enter runs the"
            " selected one, even a second time. S skips it and L skips all that remain, with a"
            " reason. Memory and processor wait until the erasure is over: checking them would"
            " slow and heat the drives. The report waits too: it is signed once you leave with"
            " Esc. R explains the grade."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        if not self.checks.stand.open:
            return super().actions()
        return (
            (_("Enter"), _("Check")),
            ("A", _("Stop") if self.checks.stand.is_automatic else _("Automatic ones")),
            *super().actions(),
        )

    def on_mount(self) -> None:
        self.checks.enter()
        super().on_mount()
        self.set_interval(_REFRESH_S, self._tick)

    def _tick(self) -> None:
        self.checks.renew()
        if self.is_current:
            self.refresh_all()

    def on_screen_resume(self) -> None:
        self._choose_next()
        super().on_screen_resume()

    # what is shown

    def _rows(self) -> tuple[CheckId | None, ...]:
        """The checks, then None for how the PC looks."""
        return (*CheckId, None)

    @property
    def _chosen(self) -> CheckId | None:
        return self._rows()[self._at]

    def body(self) -> Sequence[Widget]:
        return (Options(id="list"), Static(id="text"))

    def show(self) -> None:
        known, wanted = self.state.inventory is not None, self.checks.stand.wanted()
        rows = (
            [self._row(check, applies=check in wanted) for check in self._rows()] if known else []
        )
        self.query_one(Options).write(rows, self._at)
        self.put(paint.lines(self._lines()))

    def _row(self, check: CheckId | None, *, applies: bool) -> paint.Text:
        name = _("Look of the case") if check is None else words.check(check)
        told = self._condition() if check is None else self._told(check, applies)
        return paint.line(f"{name:<{_NAME_WIDTH}} ", *told)

    def _lines(self) -> Iterator[paint.Text]:
        if self.state.inventory is None:
            yield paint.line(pc_not_read())
            return
        record = self.state.checks
        if record is not None:
            yield check_texts.grade_line(record)
        else:
            yield paint.line((_("Grade: nothing was checked yet"), paint.FAINT))
        for text in self._below():
            yield paint.indent(paint.line((text, paint.FAINT)), self.room, 0)
        yield paint.line(_("S: skip   L: skip the rest   R: how the grade is made"))

    def _told(self, check: CheckId, applies: bool) -> tuple[paint.Part, ...]:
        width = self._status_width()
        room = max(self.room - ARROW - _NAME_WIDTH - 1 - width, 10)
        if self.checks.stand.is_running(check):
            progress = self.checks.progress.get(check)
            text = "…" if progress is None else check_texts.progress_text(progress)
            return (f"{_('running'):<{width}}", paint.STRONG), check_texts.cut(text, room)
        result = self.checks.stand.known(check)
        if result is None and not applies:
            result = not_fitted(check)
        if result is None:
            why = _("waits: drives are being erased") if self.checks.stand.waits(check) else ""
            return (f"{_('to do'):<{width}}", paint.PLAIN), (why, paint.FAINT)
        word, style = check_texts.status_part(result.status)
        return (f"{word:<{width}}", style), check_texts.facts(result, room)

    def _status_width(self) -> int:
        """Room for the widest status that a row may show."""
        ends = (status for status in CheckStatus if status is not CheckStatus.NOT_APPLICABLE)
        return max(len(check_texts.status_part(status)[0]) for status in ends) + 1

    def _condition(self) -> tuple[paint.Part, ...]:
        known = self.state.checked.condition
        if known is None:
            return ((_("to do"), paint.PLAIN),)
        return ((words.condition(known), paint.BAD if known is Condition.BROKEN else paint.GOOD),)

    def _below(self) -> Iterator[str]:
        """What became of the report, and what the chosen row is about."""
        state = self.state
        if state.sealed is not None:
            yield report_signed()
        elif state.working and state.all_final:
            yield _("The erasure has ended. The report is signed once you leave with Esc.")
        yield self._about_chosen()

    def _about_chosen(self) -> str:
        check = self._chosen
        if check is None:
            return _("Look at the case, the hinges and the screen: how worn are they?")
        if self._stays:
            return _("This result stays. For another one, make the check again with Enter.")
        result = self.checks.stand.known(check)
        if result is None:
            return words.criterion(check)
        return join((words.check_facts(result), words.limits(result))) or words.criterion(check)

    # what is done

    def action_move(self, step: int) -> None:
        self._at = min(max(self._at + step, 0), len(self._rows()) - 1)
        self._stays = False
        self.show()

    def choose(self, row: int) -> None:
        self.action_move(row - self._at)

    def _choose_next(self) -> None:
        """The next guided check that is still to be made; at last the look of the case."""
        if not self._go_on:
            return
        self._go_on = False
        rows, last = self._rows(), len(self._rows()) - 1
        left = self.checks.stand.pending()
        guided = [rows.index(c) for c in left if c.spec.kind is CheckKind.GUIDED]
        self._at = next((at for at in guided if at > self._at), guided[0] if guided else last)

    def action_check(self) -> None:
        check = self._chosen
        self._stays = False
        if not self.checks.stand.open:
            return
        if check is None:
            answers = [words.condition(condition) for condition in _CONDITIONS]
            ask = Choice(_("How does the PC look?"), answers, at=None)
            self.app.push_screen(ask, self._noted)
        elif check not in self.checks.stand.wanted():
            return
        elif check.spec.kind is CheckKind.AUTOMATIC:
            self.checks.start(check)
            self.show()
        else:
            self._go_on = True
            self.app.push_screen(_GUIDED.get(check, GuidedScreen)(check, self.checks))

    def _noted(self, place: int | None) -> None:
        if place is not None:
            self.checks.note(_CONDITIONS[place])

    def action_automatic(self) -> None:
        self.checks.automatic()
        self.refresh_all()

    def action_skip(self) -> None:
        check = self._chosen
        if check is None or check not in self.checks.stand.wanted():
            return
        self._stays = not may_be_set_aside(self.checks.stand.known(check))
        if self._stays:
            self.show()
        else:
            self._ask_skip((check,), _("Skip this check. Why?"))

    def action_skip_all(self) -> None:
        left = self.checks.stand.pending()
        if left:
            self._ask_skip(left, _("Skip all remaining checks. Why?"))

    def _ask_skip(self, checks: tuple[CheckId, ...], question: str) -> None:
        def skip(reason: CheckReason, said: str = "") -> None:
            self.checks.skip(checks, reason, said)
            self._go_on = True
            self._choose_next()
            self.show()

        def typed(said: str | None) -> None:
            if said:
                skip(CheckReason.IN_WORDS, said)

        def answered(place: int | None) -> None:
            if place is None:
                return
            if SKIP_REASONS[place] is CheckReason.IN_WORDS:
                self.app.push_screen(InWords(question), typed)
            else:
                skip(SKIP_REASONS[place])

        if self.checks.stand.open:
            self.app.push_screen(Choice(question, skip_reasons()), answered)

    def action_rule(self) -> None:
        text = "\n".join(words.grade_rule())
        self.app.push_screen(HelpPanel(_("How the grade is made"), text))

    def action_close(self) -> None:
        self.checks.leave()
        super().action_close()
