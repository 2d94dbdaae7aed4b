"""Joining a server, in plain lines."""

from __future__ import annotations

from reprise.domain.station.enrolment import read_link
from reprise.i18n import _
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.sheets import asking
from reprise.line_interface.shown import labelled
from reprise.sentences import joining


def join_server(talk: Conversation, known: str) -> None:
    """`known`: the address of the server in force. Raises RepriseError."""
    if talk.tools.joining is None:
        return
    port = talk.tools.joining()
    address = asking.words(talk, lambda: _address(known), _where)
    if not address and not known:
        return
    address, code = address or known, ""
    if read_link(address) is None:
        code = asking.words(talk, lambda: _("Code of the server. Enter: back."), _where)
        if not code:
            return
    talk.output.say(_("Asking the server…"))
    found = port.look(address, code)
    talk.say(labelled(label, value) for label, value in joining.found_facts(found))
    yes = _("Y")
    typed = asking.one_of(
        talk,
        (yes,),
        lambda: " ".join((*joining.questions(found), _sure(yes))),
        _where,
    )
    if typed == yes:
        talk.output.say(_("Asking the server…"))
        talk.output.say(joining.joined_words(port.join(found)))


def _address(known: str) -> str:
    if known:
        return _("Address of the server. Enter: {url}.").format(url=known)
    return _("Address of the server. Enter: back.")


def _where() -> str:
    return _("Both stand on the server's page of stations; its QR code holds both.")


def _sure(yes: str) -> str:
    return _("{yes}, then Enter: yes. Enter: no.").format(yes=yes)
