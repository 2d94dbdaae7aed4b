"""A list of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets import OptionList

from reprise.tui import paint


class Options(OptionList):
    """Textual's list, with an arrow at the chosen one as on every list of the station. `alone`:
    the keys are the list's own; else those of the screen that it stands on, as a field beside it is
    being typed into."""

    def __init__(self, *, id: str, alone: bool = False) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id, compact=True)
        self.can_focus = alone
        self._texts: tuple[str, ...] = ()
        self._marked: int | None = None

    def write(self, texts: Sequence[str], at: int) -> None:
        """The same number of rows stays where it is."""
        if len(texts) != len(self._texts):
            self._texts, self._marked = tuple(texts), None
            self.clear_options()
            self.add_options([self._row(number) for number in range(len(texts))])
        elif tuple(texts) != self._texts:
            self._texts = tuple(texts)
            for number in range(len(texts)):
                self.replace_option_prompt_at_index(number, self._row(number))
        self.highlighted = at if texts else None

    def watch_highlighted(self, highlighted: int | None) -> None:
        old, self._marked = self._marked, highlighted
        for number in (old, highlighted):
            if number is not None and number < len(self._texts):
                self.replace_option_prompt_at_index(number, self._row(number))
        super().watch_highlighted(highlighted)

    def _row(self, number: int) -> paint.Text:
        return paint.line(" → " if number == self._marked else "   ", self._texts[number])
