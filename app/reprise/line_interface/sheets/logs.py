"""Logs: the newest lines read out, and all of them onto the stick."""

from __future__ import annotations

from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.sheets.asking import one_of

_LINES = 10  # that are read at once


def logs(talk: Conversation) -> None:
    if talk.tools.logs is None:
        return
    port, everything = talk.tools.logs(), False
    while True:
        typed = one_of(talk, ("R", "F5", "C"), _question, _help)
        try:
            if typed in ("R", "F5"):
                everything = typed == "F5"
                lines = port.read(everything=everything).lines[-_LINES:]
                talk.say(lines or (_("Nothing was written yet."),))
            elif typed == "C":
                talk.output.say(_("Copying the logs…"))
                copied = _("Copied into the folder {folder}. Passwords were left out.")
                talk.output.say(copied.format(folder=port.copy()))
            elif not typed:
                return
        except RepriseError as error:
            talk.output.say(str(error))


def _question() -> str:
    return _("R: the newest lines. F5: those of the whole system. C: copy all. Enter: back.")


def _help() -> str:
    return _(
        "All logs are copied to the stick, into a folder of its own, without passwords:"
        " give that folder to whoever looks into a fault."
    )
