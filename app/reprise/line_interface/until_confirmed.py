"""Up to the confirmation: each step says what the screen of that name shows, then asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reprise.domain.report.events import Operator
from reprise.domain.station.scan import scanned
from reprise.i18n import _
from reprise.line_interface import ordering, shown, unattended
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.sheets.asking import one_of, out_of_range
from reprise.line_interface.step import LineStep
from reprise.line_interface.typed import number_of
from reprise.sentences import confirm, nothing_attached
from reprise.sentences.start import operator_labels
from reprise.sentences.system import can_encrypt, encrypt_text, name_labels, takes_names
from reprise.workflow.engine.flow import proposed_operator
from reprise.workflow.engine.port import Connection

_LONGEST = 32  # characters of a name that the new system is given


def start(talk: Conversation) -> LineStep:
    """Who works on which PC for whom."""
    talk.output.say(
        _("Reprise, line by line. This PC's drives will be erased, and the erasure proven.")
    )
    talk.wait_for(
        lambda: talk.status.operator is not None and talk.engine.line is Connection.OPEN,
        _("One moment…"),
    )
    unattended.begin(talk)
    talk.output.say(_("Nothing is erased before you confirm it."))
    talk.said_operator(_named(talk))
    return LineStep.MACHINE


def _named(talk: Conversation) -> Operator:
    """Goes on at the question that is next: a sheet or another language may come between."""
    labels = operator_labels()
    fields = tuple(labels)
    help_text = _(
        "Type or scan it, then Enter. Enter alone keeps what was said, a hyphen alone empties it."
    )
    known = talk.operator or proposed_operator(talk.state, talk.status) or Operator()
    while talk.question < len(fields):
        field = fields[talk.question]
        value = str(getattr(known, field))
        question = _("{number} of {all}. {label}: {value}?").format(
            number=talk.question + 1,
            all=len(fields),
            label=labels[field],
            value=value or _("nothing"),
        )
        given = _answer(talk, question, help_text, first=talk.question == 0)
        if given is not None:
            typed: dict[str, Any] = {field: "" if given == "-" else given or value}
            known = talk.operator = replace(known, **typed)
        elif talk.question == 0:
            talk.output.say(_("This is the first question."))
            continue
        talk.question += 1 if given is not None else -1
    talk.question = 0
    return known


def _answer(talk: Conversation, question: str, help_text: str, *, first: bool) -> str | None:
    """Words of a person, "" for Enter alone; None: back. `first`: there is no question before."""
    asked = question if first else f"{question} {_('P: back.')}"
    given = scanned(talk.ask(asked, help_text))
    return None if given.upper() == "P" else given


def machine(talk: Conversation) -> LineStep:
    talk.wait_for(lambda: talk.state.inventory is not None, _("Reading the PC…"))
    talk.output.say(_("This PC") + ".")
    talk.say(shown.pc(talk.state))
    while True:
        typed = one_of(
            talk,
            ("D", "P"),
            lambda: _("Enter: continue. D: all details. P: back."),
            lambda: _(
                "A recommendation, nothing is refused because of it. Nothing was changed so far."
            ),
        )
        if typed == "P":
            return LineStep.START
        if not typed:
            return LineStep.DRIVES
        talk.say(shown.pc_details(talk.state))


def drives(talk: Conversation) -> LineStep:
    talk.wait_for(lambda: talk.state.plan is not None, _("Reading the drives…"))
    talk.heard = talk.state
    talk.output.say(_("Drives") + ".")
    talk.say(shown.drive_list(talk.heard))
    keys: tuple[str, ...] = ("N", "P")
    question = _("Enter: continue. N: read the drives again. P: back.")
    if nothing_attached.statable(talk.state):
        keys = ("N", "A", "P")
        question = _("Enter: continue. N: read the drives again. A: nothing is attached. P: back.")
    typed = one_of(
        talk,
        keys,
        lambda: question,
        lambda: _("A drive that is refused is not touched. The Reprise stick is never offered."),
    )
    if typed == "A":
        return _state_storage(talk)
    if typed == "P":
        return LineStep.MACHINE
    if typed == "N":
        talk.output.say(_("Reading the drives…"))
        talk.do(lambda engine: engine.look())
        return LineStep.DRIVES
    return _on_from_drives(talk)


def _state_storage(talk: Conversation) -> LineStep:
    """A person's word that nothing is attached to a controller; Enter alone says nothing."""
    talk.output.say(nothing_attached.warning(), *nothing_attached.rows(talk.state))
    typed = talk.ask(nothing_attached.question(), nothing_attached.warning())
    about = nothing_attached.stated(talk.state, typed)
    if about is not None:
        if talk.do(lambda engine: engine.state_storage(about)):
            talk.output.say(nothing_attached.done())
    elif typed:
        talk.output.say(nothing_attached.wrong())
    return LineStep.DRIVES


def _on_from_drives(talk: Conversation) -> LineStep:
    if talk.has_changed(talk.state):
        return LineStep.DRIVES
    if talk.heard.erasable:
        return LineStep.SYSTEM
    return LineStep.WORK if talk.do(lambda engine: engine.seal()) else LineStep.DRIVES


def system(talk: Conversation) -> LineStep:
    """What is installed after the erasure, chosen before it."""
    digest = talk.heard.digest
    talk.wait_for(lambda: talk.status.offer.digest == digest, _("One moment…"))
    offered = (*talk.status.offer.choices, None)
    talk.say(shown.choices(talk.status, talk.state, offered))
    number = _number(talk, len(offered))
    if number is None:
        return LineStep.DRIVES
    talk.choice, talk.install = offered[number - 1], talk.status.install
    if takes_names(talk.status, talk.choice) and not _name_system(talk):
        return LineStep.SYSTEM
    if talk.install is None:
        return LineStep.CONFIRM
    encrypt = _encrypts(talk, talk.install.encrypt)
    if encrypt is None:
        return LineStep.SYSTEM
    talk.install = replace(talk.install, encrypt=encrypt)
    return LineStep.CONFIRM


def _encrypts(talk: Conversation, wished: bool) -> bool | None:
    """False where the system cannot ask its owner; None: back."""
    if not can_encrypt(talk.status, talk.choice):
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


def _number(talk: Conversation, most: int) -> int | None:
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
        out_of_range(talk, typed, most, ("P",))


def _name_system(talk: Conversation) -> bool:
    """False: back."""
    labels = tuple(name_labels().items())
    number = 0
    while talk.install is not None and number < len(labels):
        field, label = labels[number]
        value = str(getattr(talk.install, field))
        question = _("{label}: {value}?").format(label=label, value=value)
        given = _answer(talk, question, _("Enter alone keeps what was said."), first=False)
        if given is None and number == 0:
            return False
        if given:
            changed: dict[str, Any] = {field: given[:_LONGEST]}
            talk.install = replace(talk.install, **changed)
        number += 1 if given is not None else -1
    return True


def confirm_plan(talk: Conversation) -> LineStep:
    """Reads the whole plan out; only then its word counts."""
    talk.output.say(_("Confirm the erasure") + ".")
    talk.say(shown.plan(talk.status, talk.state, talk.choice, talk.install))
    while True:
        talk.forget_typed()
        typed = talk.ask(
            confirm.question(talk.state),
            _(
                "To start, type the word that is asked for, in capitals or not, then Enter. P goes"
                " back; nothing has been erased so far. Where something is unusual, a part of a"
                " serial number is asked for as well."
            ),
        )
        if typed.upper() == "P":
            return LineStep.SYSTEM
        state = talk.state  # nothing comes between what is asked of it
        if not state.digest:
            talk.output.say(confirm.being_read())
            continue
        if talk.has_changed(state):
            return LineStep.DRIVES
        if not confirm.agrees(state, typed):
            talk.output.say(confirm.wrong(state))
        elif ordering.confirm(talk, state.digest, talk.choice):
            return LineStep.WORK
        else:
            talk.do(lambda engine: engine.look())
            return LineStep.DRIVES
