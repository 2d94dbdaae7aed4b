"""The keyboard: in force as soon as it is chosen, with a line to try it."""

from __future__ import annotations

from typing import Any

from reprise_first_start import keyboards
from reprise_first_start.errors import FirstStartError
from reprise_first_start.i18n import _
from reprise_first_start.ui import kit
from reprise_first_start.ui.page import Page, PageContext


class KeyboardPage(Page):
    name = "keyboard"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._list: kit.Choice

    def title(self) -> str:
        return _("Your keyboard")

    def build(self) -> Any:
        page = kit.column()
        self._list = kit.Choice(self._chosen, self._context.go_on)
        for name, title in keyboards.choices():
            self._list.add(name, title)
        self._list.choose(self._context.draft.keyboard)
        trial = kit.entry("", lambda _typed: None)
        page.pack_start(kit.caption(_("Which _keyboard is in front of you?"), self._list.widget),
                        False, False, 0)  # fmt: skip
        page.pack_start(kit.scrolled(self._list.widget, 170), True, True, 0)
        page.pack_start(kit.caption(_("_Try it here"), trial), False, False, 0)
        page.pack_start(trial, False, False, 0)
        hint = _("Type letters with accents and signs: é à ç @ €. What you see is right if it is "
                 "what is printed on the keys. You may leave this line empty.")  # fmt: skip
        page.pack_start(kit.explain(trial, hint), False, False, 0)
        return page

    def focus(self) -> None:
        self._list.focus()

    def _chosen(self, name: str) -> None:
        if keyboards.use_now(name):
            self._context.draft.type_on(name)
            self._context.complaint.clear()
            return
        self._list.choose(self._context.draft.keyboard)
        self._context.complaint.show(
            FirstStartError(
                _("This keyboard could not be loaded; the one before stays."),
                _("Choose another one, or go on: it can be changed later in the settings."),
            )
        )
