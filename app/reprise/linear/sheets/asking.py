"""A choice by number."""

from __future__ import annotations

from collections.abc import Sequence

from reprise.i18n import _
from reprise.linear.talk import Talk
from reprise.linear.typed import number_of


def numbered(talk: Talk, rows: Sequence[str], question: str = "") -> int | None:
    """Which of `rows`, from 0; None: back."""
    talk.say(f"{number}. {row}" for number, row in enumerate(rows, 1))
    while True:
        typed = talk.ask(question or _("Number. Enter: back."), _("Nothing is changed by Enter."))
        if not typed:
            return None
        number = number_of(typed)
        if 1 <= number <= len(rows):
            return number - 1
        talk.mouth.say(_("A number from 1 to {most} is needed.").format(most=len(rows)))
