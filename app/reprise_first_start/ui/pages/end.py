"""The end: everything once more, the work, and the way into the PC."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gi.repository import GLib, Gtk

from reprise_first_start import keyboards, names, passwords, places
from reprise_first_start.answers import Answers, Draft
from reprise_first_start.apply import Applier, decide
from reprise_first_start.errors import FirstStartError
from reprise_first_start.i18n import _
from reprise_first_start.ui import kit
from reprise_first_start.ui.page import Page, PageContext


class SummaryPage(Page):
    name = "summary"

    def title(self) -> str:
        return _("Is this right?")

    def build(self) -> Any:
        draft = self._context.draft
        yes_no = (
            _("asked for at the start")
            if draft.ask_password or draft.opens_drive
            else _("not asked for at the start")
        )
        rows = (
            (_("Language"), {"fr": "Français", "en": "English"}[draft.language]),
            (_("Keyboard"), keyboards.title(draft.keyboard)),
            (_("Wi-Fi"), draft.wifi),
            (_("Place"), places.title_of(draft.timezone)),
            (_("Name"), names.clean_full_name(draft.full_name)),
            (_("User name"), draft.user),
            (_("Name of the computer"), draft.computer),
            (_("Password"), yes_no),
        )
        page = kit.column()
        grid = Gtk.Grid(column_spacing=24, row_spacing=8)
        for at, (title, value) in enumerate(row for row in rows if row[1]):
            head = kit.text(title, "hint")
            said = kit.text(value, "field-name")
            head.get_accessible().set_name(f"{title}: {value}")
            grid.attach(head, 0, at, 1, 1)
            grid.attach(said, 1, at, 1, 1)
        page.pack_start(grid, False, False, 0)
        hint = _("“Back” leads to any answer that is to be changed. “Finish” makes your account.")
        page.pack_start(kit.text(hint, "hint"), False, False, 10)
        self._context.label(_("_Finish"))
        return page

    def focus(self) -> None:
        """Stays on "Finish"."""


class WorkPage(Page):
    """Accepts the answers and does the work; `finished` goes to the last page, `failed` leaves
    "Back" and "Try again" to the person."""

    name = "work"

    def __init__(
        self,
        context: PageContext,
        finished: Callable[[], None],
        failed: Callable[[FirstStartError], None],
    ) -> None:
        super().__init__(context)
        self._finished, self._failed = finished, failed
        self._say: Any = None
        self._bar: Any = None

    def title(self) -> str:
        return _("The computer is getting ready")

    def build(self) -> Any:
        page = kit.column()
        self._say = kit.text(_("Just a moment…"), "big")
        self._bar = Gtk.ProgressBar()
        hint = _("Please do not switch off. Should the power fail, it goes on by itself at the "
                 "next start.")  # fmt: skip
        page.pack_start(self._say, False, False, 0)
        page.pack_start(self._bar, False, False, 10)
        page.pack_start(kit.text(hint, "hint"), False, False, 0)
        return page

    def begin(self) -> None:
        kit.in_background(self._work, self._done)

    def _work(self) -> None:
        context = self._context
        answers, password = answers_of(context.draft), context.draft.password
        context.contract = decide(context.root, context.contract, answers, password)
        applier = Applier(context.root, context.contract)
        for index, step in applier.run():
            GLib.idle_add(self._tell, step.words, index / len(applier.steps))

    def _tell(self, words: str, part: float) -> bool:
        self._say.set_text(words)
        self._bar.set_fraction(part)
        return False

    def _done(self, _nothing: object, error: Exception | None) -> None:
        if error is None:
            self._context.draft.password = self._context.draft.repeated = ""
            self._finished()
        elif isinstance(error, FirstStartError):
            self._failed(error)
        else:
            self._failed(
                FirstStartError(
                    _("Something unexpected went wrong: {error}").format(error=repr(error)),
                    _("Try again. If it happens again, ask whoever gave you the computer."),
                )
            )


def answers_of(draft: Draft) -> Answers:
    return Answers(
        language=draft.language,
        keyboard=draft.keyboard,
        timezone=draft.timezone,
        full_name=names.clean_full_name(draft.full_name),
        user=draft.user,
        computer=draft.computer,
        password_hash=passwords.hashed(draft.password),
        ask_password=draft.ask_password,
    )


class DonePage(Page):
    name = "done"

    def title(self) -> str:
        return _("It is ready")

    def build(self) -> Any:
        draft, page = self._context.draft, kit.column()
        page.pack_start(kit.text(_("Welcome to your computer."), "big", "good"), False, False, 0)
        if draft.ask_password:
            next_words = _(
                "Now it asks who you are: choose “{name}” and type your password."
            ).format(name=names.clean_full_name(draft.full_name))
        else:
            next_words = _("Now your desktop opens. Your password is asked for now and then, "
                           "before something important is changed.")  # fmt: skip
        page.pack_start(kit.text(next_words), False, False, 6)
        words = _("The welcome page opens then: first steps, printing, free help, and what was "
                  "done to this computer. It stays in the menu.")  # fmt: skip
        page.pack_start(kit.text(words), False, False, 6)
        if draft.opens_drive:
            drive_words = _("The next time, the computer asks for your password as soon as it is "
                            "switched on.")  # fmt: skip
            page.pack_start(kit.text(drive_words), False, False, 6)
        self._context.label(_("_Start"))
        return page
