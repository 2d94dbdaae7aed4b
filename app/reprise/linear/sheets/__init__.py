"""What may be opened over any step, as on the screens, by the same keys, or from a menu by number.
Enter alone leads back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reprise.i18n import _
from reprise.linear.sheets.asking import numbered
from reprise.linear.sheets.checks import checks
from reprise.linear.sheets.keyboard import keyboard
from reprise.linear.sheets.logs import logs
from reprise.linear.sheets.network import network
from reprise.linear.sheets.reports import reports
from reprise.linear.talk import Talk
from reprise.tool_ports.tools import Tools


@dataclass(frozen=True, slots=True)
class Sheet:
    key: str
    title: Callable[[], str]
    visit: Callable[[Talk], None]
    there: Callable[[Tools], bool] = lambda _tools: True


SHEETS = (
    Sheet("F3", lambda: _("Functions"), checks, lambda tools: tools.checks is not None),
    Sheet("F6", lambda: _("Network"), network, lambda tools: tools.network is not None),
    Sheet("F7", lambda: _("Reports"), reports),
    Sheet("F9", lambda: _("Logs"), logs, lambda tools: tools.logs is not None),
    Sheet("F12", lambda: _("Keyboard"), keyboard, lambda tools: tools.keyboard is not None),
)


def visit(talk: Talk, key: str) -> None:
    """`key`: a sheet's, or M for the menu."""
    offered = [sheet for sheet in SHEETS if sheet.there(talk.tools)]
    found = [sheet for sheet in offered if sheet.key == key]
    if not found:
        found = _chosen(talk, offered)
    for sheet in found:
        talk.mouth.say(sheet.title() + ".")
        sheet.visit(talk)
    talk.mouth.say(_("Back."))


def _chosen(talk: Talk, offered: list[Sheet]) -> list[Sheet]:
    number = numbered(talk, [f"{sheet.title()} ({sheet.key})" for sheet in offered])
    return [] if number is None else [offered[number]]
