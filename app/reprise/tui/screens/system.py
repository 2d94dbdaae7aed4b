"""System: what is installed after the erasure, chosen before it, so that the technician may
walk away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from reprise.i18n import _
from reprise.sentences.system import (
    can_encrypt,
    choice_text,
    encrypt_text,
    name_labels,
    takes_names,
    why_none,
    why_proposed,
)
from reprise.tui.base import StationScreen
from reprise.tui.drawing import paint
from reprise.tui.drawing.pressing import pressing
from reprise.tui.widgets.field import Field
from reprise.tui.widgets.options import Options
from reprise.workflow.engine.port import InstallChoice

_FIELDS = ("hostname", "user")


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
            "What will be installed once the erasure is verified. The up and down arrows choose;"
            " F5 installs nothing; F8 encrypts the drive of a system that asks its owner for a"
            " passphrase. Tab goes to the names given to the new system. Nothing is installed on"
            " a drive whose erasure was not verified."
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
        self.query_one(Options).write([self._text(choice) for choice in self._choices], self._at)
        self.put(paint.lines(self._below()), "#below")
        labels = name_labels()
        for field in self.query(Field):
            field.label(labels[field.name_of])
            field.display = self._takes_names()

    def _below(self) -> Iterator[paint.Text]:
        status, known = self.station.status, self._seen_digest == self.state.digest
        if known and (none := why_none(status)):
            yield paint.indent(paint.line(none), self.room, 0)
        if why := why_proposed(status, self.state):
            yield paint.indent(paint.line((why, paint.FAINT)), self.room, 0)
        if self._can_encrypt():
            yield paint.line("")
            yield self._encryption()

    def _takes_names(self) -> bool:
        return takes_names(self.station.status, self._choices[self._at])

    def _can_encrypt(self) -> bool:
        return can_encrypt(self.station.status, self._choices[self._at])

    def _encryption(self) -> paint.Text:
        mark = "x" if self._encrypts() else " "
        box = paint.line(" ", (" F8 ", paint.KEY), f" [{mark}] ")
        words = paint.indent(paint.line(encrypt_text()), self.room, box.cell_length)
        return pressing(box + words[box.cell_length :], "f8")

    def _encrypts(self) -> bool:
        if not self._can_encrypt():
            return False
        install = self.station.status.install
        wished = install is not None and install.encrypt
        return wished if self._encrypt is None else self._encrypt

    def action_encrypt(self) -> None:
        if self._can_encrypt():
            self._encrypt = not self._encrypts()
            self.show()

    def _renew(self) -> None:
        """The choices of the plan that stands; the default is the only drive that fits."""
        status = self.station.status
        if status.offer.digest == self._seen_digest:
            return
        self._seen_digest = status.offer.digest
        self._choices = (*status.offer.choices, None)
        self._at = 0  # the best drive first: see Offer
        for field in self.query(Field):
            field.value = field.value or str(getattr(status.install, field.name_of, ""))

    def _text(self, choice: InstallChoice | None) -> str:
        return choice_text(self.station.status, self.state, choice)

    def action_pick(self, step: int) -> None:
        self._at = min(max(self._at + step, 0), len(self._choices) - 1)
        self.show()

    def choose(self, row: int) -> None:
        self._at = min(row, len(self._choices) - 1)
        self.show()

    def action_none(self) -> None:
        self._at = len(self._choices) - 1
        self.show()

    @on(Input.Submitted)
    def go_on(self) -> None:
        self.action_forward()

    def take(self) -> None:
        defaults = self.station.status.install
        if defaults is None or self._seen_digest != self.state.digest:
            return  # the plan is newer than the choices: they come in a moment
        self.station.choice = self._choices[self._at]
        self.station.chosen_for = self.state.digest
        typed = {f.name_of: f.value for f in self.query(Field) if f.value}
        self.station.install = replace(defaults, **typed, encrypt=self._encrypts())

    def action_forward(self) -> None:
        self.take()
        super().action_forward()
