"""Who uses this PC: names, then the password."""

from __future__ import annotations

from typing import Any

from reprise_first_start import names, passwords
from reprise_first_start.errors import FirstStartError
from reprise_first_start.i18n import _
from reprise_first_start.ui import kit
from reprise_first_start.ui.page import Page, PageContext


class NamePage(Page):
    name = "name"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._fields: dict[str, Any] = {}
        self._proposing = False

    def title(self) -> str:
        return _("Your name")

    def build(self) -> Any:
        page, draft = kit.column(), self._context.draft
        full = kit.entry(draft.full_name, self._full_name)
        user = kit.entry(draft.user, self._user)
        computer = kit.entry(draft.computer, self._computer)
        self._fields = {"full": full, "user": user, "computer": computer}
        hints = (
            (_("Your _name, or that of your association"), full,
             _("As you like to read it, with capitals and accents.")),
            (_("_User name"), user,
             _("Short, for the computer: small letters without accents, and digits.")),
            (_("Name of the co_mputer"), computer,
             _("Other devices of your home see it under this name.")),
        )  # fmt: skip
        for title, field, hint in hints:
            page.pack_start(kit.caption(title, field), False, False, 0)
            page.pack_start(field, False, False, 0)
            page.pack_start(kit.explain(field, hint), False, False, 0)
        return page

    def focus(self) -> None:
        self._fields["full"].grab_focus()

    def check(self) -> None:
        draft = self._context.draft
        self._try("full", lambda: names.check_full_name(draft.full_name))
        self._try("user", lambda: names.check_user(draft.user, self._context.taken))
        self._try("computer", lambda: names.check_computer(draft.computer))

    def _try(self, field: str, check: Any) -> None:
        try:
            check()
        except FirstStartError:
            self._fields[field].grab_focus()
            raise

    def _full_name(self, typed: str) -> None:
        self._context.complaint.clear()
        draft = self._context.draft
        draft.full_name = typed
        draft.propose(self._context.taken)
        self._show()

    def _user(self, typed: str) -> None:
        """An emptied field is no choice: the proposal comes back with the next letter."""
        if self._proposing:
            return
        self._context.complaint.clear()
        draft = self._context.draft
        draft.user, draft.user_typed = typed.strip(), bool(typed.strip())
        if not draft.computer_typed:
            draft.computer = names.propose_computer(draft.user if draft.user_typed else "")
            self._show()

    def _computer(self, typed: str) -> None:
        if not self._proposing:
            self._context.complaint.clear()
            self._context.draft.computer = typed.strip()
            self._context.draft.computer_typed = bool(typed.strip())

    def _show(self) -> None:
        self._proposing = True
        for field, value in (
            ("user", self._context.draft.user),
            ("computer", self._context.draft.computer),
        ):
            if self._fields[field].get_text().strip() != value:
                self._fields[field].set_text(value)
        self._proposing = False


class PasswordPage(Page):
    name = "password"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._first: Any = None
        self._second: Any = None
        self._said: Any = None

    def title(self) -> str:
        return _("Your password")

    def build(self) -> Any:
        page, draft = kit.column(), self._context.draft
        why = _("It protects your files, and it is asked for before anything important is changed. "
                "Nobody else has it: write it down and keep it at home.")  # fmt: skip
        if draft.opens_drive:
            why += " " + _("It opens the drive, too, which is encrypted: without it, nobody gets "
                           "your files back.")  # fmt: skip
        page.pack_start(kit.text(why), False, False, 0)
        self._first = kit.entry(draft.password, self._typed, secret=True)
        page.pack_start(kit.caption(_("_Password"), self._first), False, False, 0)
        page.pack_start(self._first, False, False, 0)
        self._said = kit.text("", "hint")
        page.pack_start(self._said, False, False, 0)
        self._second = kit.entry(draft.repeated, self._repeated, secret=True)
        page.pack_start(kit.caption(_("The same password _again"), self._second), False, False, 0)
        page.pack_start(self._second, False, False, 0)
        page.pack_start(kit.check(_("_Show the password"), False, self._show), False, False, 0)
        if not draft.opens_drive:
            self._offer_to_ask(page)
        self._judge()
        return page

    def _offer_to_ask(self, page: Any) -> None:
        words = _("Ask for the password when the computer s_tarts")
        ask = kit.check(words, self._context.draft.ask_password, self._ask)
        page.pack_start(ask, False, False, 0)
        hint = _("Without it, whoever switches the computer on sees your files.")
        page.pack_start(kit.explain(ask, hint), False, False, 0)

    def focus(self) -> None:
        self._first.grab_focus()

    def check(self) -> None:
        draft = self._context.draft
        try:
            passwords.check(draft.password, draft.repeated, self._about(), draft.opens_drive)
        except FirstStartError:
            good = self._strength().name in ("FAIR", "GOOD")
            (self._second if good else self._first).grab_focus()
            raise

    def _about(self) -> tuple[str, ...]:
        draft = self._context.draft
        return draft.full_name, draft.user, draft.computer, self._context.contract.organisation

    def _strength(self) -> passwords.Strength:
        draft = self._context.draft
        return passwords.strength(draft.password, self._about(), draft.opens_drive)

    def _typed(self, typed: str) -> None:
        self._context.complaint.clear()
        self._context.draft.password = typed
        self._judge()

    def _repeated(self, typed: str) -> None:
        self._context.complaint.clear()
        self._context.draft.repeated = typed

    def _judge(self) -> None:
        strength = self._strength()
        self._said.set_text(passwords.said(strength))
        style = self._said.get_style_context()
        for name, wanted in (
            ("hint", "EMPTY"),
            ("doubt", "SHORT GUESSED LOCKED_OUT"),
            ("good", "FAIR GOOD"),
        ):
            (style.add_class if strength.name in wanted.split() else style.remove_class)(name)
        self._first.get_accessible().set_description(passwords.said(strength))

    def _show(self, value: bool) -> None:
        self._first.set_visibility(value)
        self._second.set_visibility(value)

    def _ask(self, value: bool) -> None:
        self._context.draft.ask_password = value
