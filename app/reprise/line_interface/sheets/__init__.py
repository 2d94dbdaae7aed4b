"""What may be opened over any step, as on the screens, by the same keys, or from a menu by number.
Enter alone leads back."""

from __future__ import annotations

from pkgutil import resolve_name

from reprise.i18n import _
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.sheets.asking import numbered
from reprise.sentences.sheets import Sheet, offered


def visit(talk: Conversation, key: str) -> None:
    """`key`: a sheet's, or M for the menu."""
    there = offered(talk.sheets, talk.tools)
    chosen = [sheet for sheet in there if sheet.key == key] or _chosen(talk, there)
    for sheet in chosen:
        talk.output.say(sheet.title() + ".")
        resolve_name(sheet.lines)(talk)
    talk.output.say(_("Back."))


def _chosen(talk: Conversation, there: tuple[Sheet, ...]) -> list[Sheet]:
    rows = [f"{sheet.title()} ({sheet.key})" for sheet in there]
    number = numbered(talk, rows, keys=[sheet.key for sheet in there])
    return [] if number is None else [there[number]]
