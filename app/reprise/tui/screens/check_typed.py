"""Keyboard where no key can be read raw, as over a serial line: by what the keys type. Shift, Ctrl
and their like are not seen so, and neither are keys twice: the technician's word ends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import events

from reprise.domain.checks.catalogue import CheckLimit, MeasureName, Unit
from reprise.domain.checks.keyboard import COMPACT, names_of
from reprise.domain.checks.results import CheckResult, Measure, judge_by_word
from reprise.i18n import _, language
from reprise.tui.drawing import paint
from reprise.tui.drawing.keyboard_picture import picture, typed_key
from reprise.tui.screens.check_guided import GuidedScreen

_DO_THEIRS = ("escape", "f1", "f2", "f4", "f5", "f8")  # besides being seen


class TypedKeysScreen(GuidedScreen):
    def begin(self) -> None:
        """Nothing to read from: the screen's own keys tell."""
        self.checks.stop(self.check)
        self.progress = self.result = None
        self._typed: dict[str, None] = {}

    def on_key(self, event: events.Key) -> None:
        name = typed_key(event.key, event.character, language() == "fr")
        if name:
            self._typed[name] = None
            self.refresh_all()
        if event.key not in _DO_THEIRS:
            event.stop()
            event.prevent_default()

    def rows(self) -> Iterator[paint.Text]:
        text = _(
            "Keys cannot be read one by one here: press all of them. Shift, Ctrl, Alt and the like"
            " are not seen; try them with a letter."
        )
        yield paint.indent(paint.line((text, paint.WARN)), self.room, 0)
        yield paint.line("")
        yield picture(self._typed, self.room, language() == "fr")

    def actions(self) -> Sequence[tuple[str, str]]:
        return super().actions() if self.may_pass else ((_("Esc"), _("Back")),)

    @property
    def may_pass(self) -> bool:
        return self.checks.stand.open and bool(self._typed)

    def word(self, works: bool) -> CheckResult:
        measures = (
            Measure(MeasureName.KEYS_SEEN, len(self._typed), Unit.COUNT),
            Measure(MeasureName.KEYS, len(names_of(COMPACT)), Unit.COUNT),
        )
        return judge_by_word(self.check, works, measures, CheckLimit.KEYS_TYPED)
