"""Keyboard: every key turns green when it is pressed. Keys are read raw and do nothing else
meanwhile, so Esc and Enter end the check only when they are held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from reprise.domain.checks.catalogue import CheckReason
from reprise.domain.checks.keyboard import NEVER_ABSENT, judge_keyboard, missing, names_of, rows_for
from reprise.domain.checks.results import CheckResult
from reprise.i18n import _, language
from reprise.sentences.checks import keys_not_seen, where_keys_are_absent
from reprise.tui.drawing import check_texts, paint
from reprise.tui.drawing.keyboard_picture import picture
from reprise.tui.screens.check_guided import GuidedScreen
from reprise.tui.screens.check_typed import TypedKeysScreen


class KeyboardScreen(GuidedScreen):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f6", "absent", show=False)]

    @property
    def _french(self) -> bool:
        return language() == "fr"

    @property
    def _seen(self) -> tuple[str, ...]:
        return self.progress.seen if self.progress is not None else ()

    @property
    def _missing(self) -> tuple[str, ...]:
        return missing(self._seen)

    @property
    def _asks(self) -> bool:
        """The keys were read, and some are missing."""
        return self.result is not None and self.result.reason is CheckReason.KEYS_DEAD

    @property
    def _may_be_absent(self) -> bool:
        return self._asks and not NEVER_ABSENT.intersection(self._missing)

    def came(self, result: CheckResult) -> None:
        """Missing keys are a fault only once a person says so."""
        if result.reason in (CheckReason.NONE_FOUND, CheckReason.NOT_READABLE):
            self.app.switch_screen(TypedKeysScreen(self.check, self.checks))
        elif result.reason is not CheckReason.KEYS_DEAD:
            self.checks.record(result)

    def rows(self) -> Iterator[paint.Text]:
        yield paint.line((self._headline(), paint.STRONG))
        yield paint.line("")
        yield picture(self._seen, self.room, self._french)
        if self._asks:
            yield from self._question()
        elif self.result is not None:
            yield check_texts.result_line(self.result)
        else:
            count = _("Keys left: {count}").format(count=len(self._missing))
            yield paint.line(count)

    def _headline(self) -> str:
        if self.result is None:
            return _("Press every key. To end, hold Esc or Enter for two seconds.")
        return _("Keys do what they usually do again.")

    def _question(self) -> Iterator[paint.Text]:
        yield paint.indent(paint.line((keys_not_seen(self._missing), paint.WARN)), self.room, 0)
        if self._may_be_absent:
            yield paint.line(where_keys_are_absent())

    def actions(self) -> Sequence[tuple[str, str]]:
        if self.result is None:
            return ((_("Esc"), _("hold to end")),)
        keys = super().actions()
        if self._may_be_absent:  # the question takes the room of F5
            return (("F6", _("Not there")), *(key for key in keys if key[0] != "F5"))
        return keys

    @property
    def ended(self) -> bool:
        return super().ended and not self._asks

    @property
    def may_pass(self) -> bool:
        return False

    @property
    def may_fail(self) -> bool:
        return self._asks

    def word(self, works: bool) -> CheckResult:
        """The missing keys do not work; or they do not exist."""
        seen = frozenset(self._seen)
        absent = frozenset(self._missing) if works else frozenset[str]()
        return judge_keyboard(seen, names_of(rows_for(seen)), absent)

    def action_absent(self) -> None:
        if self._may_be_absent:
            self._say(self.word(works=True))
