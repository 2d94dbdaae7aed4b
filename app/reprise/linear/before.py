"""Up to the confirmation: each step says what the screen of that name shows, then asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reprise.domain.events import Operator
from reprise.domain.scan import scanned
from reprise.i18n import _
from reprise.linear import alone, ordering, shown
from reprise.linear.talk import Step, Talk
from reprise.linear.typed import number_of
from reprise.sentences import confirm, stating
from reprise.sentences.system import can_encrypt, encrypt_text, takes_names
from reprise.workflow.desk.flow import proposed_operator
from reprise.workflow.desk.port import Line

_LONGEST = 32  # characters of a name that the new system is given


def start(talk: Talk) -> Step:
    """Who works on which PC for whom."""
    talk.mouth.say(
        _("Reprise, line by line. This PC's drives will be erased, and the erasure proven.")
    )
    talk.wait_for(
        lambda: talk.board.operator is not None and talk.desk.line is Line.OPEN, _("One moment…")
    )
    alone.begin(talk)
    talk.mouth.say(_("Nothing is erased before you confirm it."))
    known = talk.operator or proposed_operator(talk.state, talk.board) or Operator()
    talk.said_operator(_named(talk, known))
    return Step.MACHINE


def _named(talk: Talk, known: Operator) -> Operator:
    labels = {
        "asset_tag": _("Asset tag of the PC"),
        "lot": _("Lot"),
        "donor": _("Donor"),
        "name": _("Operator"),
    }
    typed = {}
    for number, (field, label) in enumerate(labels.items(), 1):
        value = str(getattr(known, field))
        question = _("{number} of {all}. {label}: {value}?").format(
            number=number, all=len(labels), label=label, value=value or _("nothing")
        )
        typed[field] = _answer(talk, question, value)
    return replace(known, **typed)


def _answer(talk: Talk, question: str, value: str) -> str:
    help_text = _(
        "Type or scan it, then Enter. Enter alone keeps what was said, a hyphen alone empties it."
    )
    given = scanned(talk.ask(question, help_text))
    return "" if given == "-" else given or value


def machine(talk: Talk) -> Step:
    talk.wait_for(lambda: talk.state.inventory is not None, _("Reading the PC…"))
    talk.mouth.say(_("This PC") + ".")
    talk.say(shown.pc(talk.state))
    while True:
        typed = talk.ask(
            _("Enter: continue. D: all details. P: back."),
            _("A recommendation, nothing is refused because of it. Nothing was changed so far."),
        ).upper()
        if typed == "P":
            return Step.START
        if typed != "D":
            return Step.DRIVES
        talk.say(shown.pc_details(talk.state))


def drives(talk: Talk) -> Step:
    talk.wait_for(lambda: talk.state.plan is not None, _("Reading the drives…"))
    talk.said_digest = talk.state.digest
    talk.mouth.say(_("Drives") + ".")
    talk.say(shown.drive_list(talk.state))
    question = _("Enter: continue. N: read the drives again. P: back.")
    if stating.statable(talk.state):
        question = _("Enter: continue. N: read the drives again. A: nothing is attached. P: back.")
    typed = talk.ask(
        question, _("A drive that is refused is not touched. The Reprise stick is never offered.")
    ).upper()
    if typed == "A" and stating.statable(talk.state):
        return _state_storage(talk)
    if typed == "P":
        return Step.MACHINE
    if typed == "N":
        talk.mouth.say(_("Reading the drives…"))
        talk.do(lambda desk: desk.look())
        return Step.DRIVES
    return _on_from_drives(talk)


def _state_storage(talk: Talk) -> Step:
    """A person's word that nothing is attached to a controller; Enter alone says nothing."""
    talk.mouth.say(stating.warning(), *stating.rows(talk.state))
    typed = talk.ask(stating.question(), stating.warning())
    about = stating.stated(talk.state, typed)
    if about is not None:
        if talk.do(lambda desk: desk.state_storage(about)):
            talk.mouth.say(stating.done())
    elif typed:
        talk.mouth.say(stating.wrong())
    return Step.DRIVES


def _on_from_drives(talk: Talk) -> Step:
    if talk.said_digest != talk.state.digest:
        talk.mouth.say(_("The plan has changed."))
        return Step.DRIVES
    if talk.state.erasable:
        return Step.SYSTEM
    return Step.WORK if talk.do(lambda desk: desk.seal()) else Step.DRIVES


def system(talk: Talk) -> Step:
    """What is installed after the erasure, chosen before it."""
    digest = talk.said_digest
    talk.wait_for(lambda: talk.board.offer.digest == digest, _("One moment…"))
    offered = (*talk.board.offer.choices, None)
    talk.say(shown.choices(talk.board, talk.state, offered))
    number = _number(talk, len(offered))
    if number is None:
        return Step.DRIVES
    talk.choice, talk.install = offered[number - 1], talk.board.install
    if takes_names(talk.board, talk.choice):
        _name_system(talk)
    if talk.install is None:
        return Step.CONFIRM
    encrypt = _encrypts(talk, talk.install.encrypt)
    if encrypt is None:
        return Step.SYSTEM
    talk.install = replace(talk.install, encrypt=encrypt)
    return Step.CONFIRM


def _encrypts(talk: Talk, wished: bool) -> bool | None:
    """False where the system cannot ask its owner; None: back."""
    if not can_encrypt(talk.board, talk.choice):
        return False
    yes, no = _("Y"), _("N")
    said = _("{what}? {yes}: encrypt. {no}: do not. Enter alone: {default}. P: back.").format(
        what=encrypt_text(), yes=yes, no=no, default=yes if wished else no
    )
    while True:
        typed = talk.ask(said, _("A drive that is found or stolen cannot be read then.")).upper()
        if typed == "P":
            return None
        if typed in ("", yes, no):
            return typed == yes if typed else wished


def _number(talk: Talk, most: int) -> int | None:
    """None: back."""
    while True:
        typed = talk.ask(
            _("Number, or Enter for 1. P: back."),
            _("Nothing is installed on a drive whose erasure was not verified."),
        )
        if typed.upper() == "P":
            return None
        number = number_of(typed) if typed else 1
        if 1 <= number <= most:
            return number
        talk.mouth.say(_("A number from 1 to {most} is needed.").format(most=most))


def _name_system(talk: Talk) -> None:
    if talk.install is None:
        return
    labels = {"hostname": _("Name of the PC"), "user": _("Name of the user")}
    for field, label in labels.items():
        value = str(getattr(talk.install, field))
        question = _("{label}: {value}?").format(label=label, value=value)
        given = scanned(talk.ask(question, _("Enter alone keeps what was said.")))[:_LONGEST]
        changed: dict[str, Any] = {field: given or value}
        talk.install = replace(talk.install, **changed)


def confirm_plan(talk: Talk) -> Step:
    """Reads the whole plan out; only then its word counts."""
    digest = talk.said_digest
    talk.mouth.say(_("Confirm the erasure") + ".")
    talk.say(shown.plan(talk.board, talk.state, talk.choice, talk.install))
    while True:
        talk.inbox.forget_typed()
        typed = talk.ask(
            confirm.question(talk.state),
            _(
                "To start, type the word that is asked for, in capitals or not, then Enter. P goes"
                " back; nothing has been erased so far. Where something is unusual, a part of a"
                " serial number is asked for as well."
            ),
        )
        if typed.upper() == "P":
            return Step.SYSTEM
        if not confirm.agrees(talk.state, typed):
            talk.mouth.say(confirm.wrong(talk.state))
        elif ordering.confirm(talk, digest, talk.choice):
            return Step.WORK
        else:
            talk.do(lambda desk: desk.look())
            return Step.DRIVES
