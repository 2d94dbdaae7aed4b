"""System: what is installed after the erasure, chosen before it, so that the technician may
walk away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from reprise.i18n import _
from reprise.sentences.system import (
    can_encrypt,
    choice_text,
    encrypt_text,
    takes_names,
    why_none,
    why_proposed,
)
from reprise.tui import paint
from reprise.tui.base import StationScreen
from reprise.tui.pressing import pressing
from reprise.tui.widgets.field import Field
from reprise.tui.widgets.options import Options
from reprise.workflow.desk.port import InstallChoice

_FIELDS = ("hostname", "user")
_AROUND = 16  # rows of the screen that the list of systems leaves to the rest


class SystemScreen(StationScreen):
    ASIDE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "pick(-1)", show=False),
        Binding("down", "pick(1)", show=False),
        Binding("f5", "none", show=False),
        Binding("f8", "encrypt", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._encrypt: bool | None = None  # None: as the settings say
        self._choices: tuple[InstallChoice | None, ...] = (None,)
        self._at = 0
        self._seen_digest = ""

    def title_text(self) -> str:
        return _("System")

    def help_text(self) -> str:
        return _(
            "What is installed once the erasure is verified. The up and down arrows choose;"
            " F5 installs nothing; F8 encrypts the drive of a system that asks its owner for a"
            " passphrase. Tab goes to the names that the new system is given. Nothing is"
            " installed on a drive whose erasure was not verified."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return (
            (_("Enter"), _("Continue")),
            (_("Esc"), _("Back")),
            ("↑ ↓", _("Choose")),
        )

    def body(self) -> Sequence[Widget]:
        fields = (Field(name, limit=32) for name in _FIELDS)
        return (Static(id="text"), Options(id="choices"), Static(id="below"), *fields)

    def show(self) -> None:
        self._renew()
        self.put(paint.line((_("After the erasure, install:"), paint.STRONG)))
        options = self.query_one(Options)
        options.styles.max_height = max(self.app.size.height - _AROUND, 3)
        options.write([self._text(choice) for choice in self._choices], self._at)
        self.put(paint.lines(self._below()), "#below")
        labels = {"hostname": _("Name of the PC"), "user": _("Name of the user")}
        for field in self.query(Field):
            field.label(labels[field.name_of])
            field.display = self._takes_names()

    def _below(self) -> Iterator[paint.Text]:
        session = self.station.session
        known = session is not None and self._seen_digest == self.state.digest
        none = why_none(session.board) if known and session is not None else ""
        if none:
            yield paint.indent(paint.line(none), self.room, 0)
        if session is not None and (why := why_proposed(session.board, self.state)):
            yield paint.indent(paint.line((why, paint.FAINT)), self.room, 0)
        if self._can_encrypt():
            yield paint.line("")
            yield self._encryption()

    def _takes_names(self) -> bool:
        session = self.station.session
        choice = self._choices[self._at]
        return session is not None and takes_names(session.board, choice)

    def _can_encrypt(self) -> bool:
        session = self.station.session
        return session is not None and can_encrypt(session.board, self._choices[self._at])

    def _encryption(self) -> paint.Text:
        mark = "x" if self._encrypts() else " "
        box = paint.line(" ", (" F8 ", paint.KEY), f" [{mark}] ")
        words = paint.indent(paint.line(encrypt_text()), self.room, box.cell_length)
        return pressing(box + words[box.cell_length :], "f8")

    def _encrypts(self) -> bool:
        session = self.station.session
        if session is None or not self._can_encrypt():
            return False
        wished = session.board.install is not None and session.board.install.encrypt
        return wished if self._encrypt is None else self._encrypt

    def action_encrypt(self) -> None:
        if self._can_encrypt():
            self._encrypt = not self._encrypts()
            self.show()

    def _renew(self) -> None:
        """The choices of the plan that stands; the default is the only drive that fits."""
        session = self.station.session
        if session is None or session.board.offer.digest == self._seen_digest:
            return
        board = session.board
        self._seen_digest = board.offer.digest
        self._choices = (*board.offer.choices, None)
        self._at = 0  # the best drive first: see Offer
        for field in self.query(Field):
            field.value = field.value or str(getattr(board.install, field.name_of, ""))

    def _text(self, choice: InstallChoice | None) -> str:
        session = self.station.session
        if session is None:
            return _("Nothing: only erase")
        return choice_text(session.board, self.state, choice)

    def action_pick(self, step: int) -> None:
        self._at = min(max(self._at + step, 0), len(self._choices) - 1)
        self.show()

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        self._at = min(event.option_index, len(self._choices) - 1)
        self.show()

    def action_none(self) -> None:
        self._at = len(self._choices) - 1
        self.show()

    @on(Input.Submitted)
    def go_on(self) -> None:
        self.action_forward()

    def take(self) -> None:
        session = self.station.session
        defaults = None if session is None else session.board.install
        if defaults is None or self._seen_digest != self.state.digest:
            return  # the plan is newer than the choices: they come in a moment
        self.station.choice = self._choices[self._at]
        self.station.chosen_for = self.state.digest
        typed = {f.name_of: f.value for f in self.query(Field) if f.value}
        self.station.install = replace(defaults, **typed, encrypt=self._encrypts())

    def action_forward(self) -> None:
        self.take()
        super().action_forward()
