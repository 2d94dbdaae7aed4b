"""Welcome: the language, and how it is best seen or heard."""

from __future__ import annotations

from typing import Any

from gi.repository import Gtk

from reprise_first_start.i18n import LANGUAGES, _, set_language
from reprise_first_start.ui import kit
from reprise_first_start.ui.page import Page, PageContext

_NAMES = {"fr": "_Français", "en": "_English"}  # each in its own


class StartPage(Page):
    name = "start"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._radios: dict[str, Any] = {}

    def title(self) -> str:
        return _("Welcome")

    def build(self) -> Any:
        page = kit.column()
        gift = _(
            "This computer is yours now. A few questions, and it is ready: about five minutes."
        )
        by = self._context.contract.organisation
        if by:
            gift += " " + _("It was prepared by: {organisation}.").format(organisation=by)
        how = _("The key Tab goes from one field to the next, the arrows choose, Enter continues. "
                "The mouse works as well. Nothing is final before the last page.")  # fmt: skip
        page.pack_start(kit.text(gift, "big"), False, False, 0)
        page.pack_start(kit.text(how, "hint"), False, False, 0)
        page.pack_start(self._languages(), False, False, 6)
        page.pack_start(self._switches(), False, False, 6)
        return page

    def focus(self) -> None:
        self._radios[self._context.draft.language].grab_focus()

    def _languages(self) -> Any:
        box = kit.column()
        first: Any = None
        self._radios = {}
        for language in LANGUAGES:
            radio = Gtk.RadioButton.new_with_mnemonic_from_widget(first, _NAMES[language])
            first = first or radio
            radio.set_active(language == self._context.draft.language)
            radio.connect("toggled", self._toggled, language)
            self._radios[language] = radio
        box.pack_start(kit.caption(_("Language"), self._radios[LANGUAGES[0]]), False, False, 0)
        for radio in self._radios.values():
            box.pack_start(radio, False, False, 0)
        return box

    def _toggled(self, radio: Any, language: str) -> None:
        if radio.get_active() and language != self._context.draft.language:
            self._context.draft.language = language
            set_language(language)
            self._context.renew()

    def _switches(self) -> Any:
        switches = self._context.switches
        box = kit.column()
        large = kit.check(_("_Large letters (key F6)"), switches.large, self._large)
        contrast = kit.check(_("_Strong contrast (key F7)"), switches.contrast, self._contrast)
        box.pack_start(kit.caption(_("To see and hear better"), large), False, False, 0)
        box.pack_start(large, False, False, 0)
        box.pack_start(contrast, False, False, 0)
        if switches.speak is not None:
            speak = kit.button(_("_Read the screen aloud (key F4)"), switches.speak)
            speak.set_halign(Gtk.Align.START)
            box.pack_start(speak, False, False, 4)
        return box

    def _large(self, value: bool) -> None:
        self._context.switches.large = value
        self._context.switches.changed()

    def _contrast(self, value: bool) -> None:
        self._context.switches.contrast = value
        self._context.switches.changed()
