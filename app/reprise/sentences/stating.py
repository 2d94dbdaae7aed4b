"""An operator's word that nothing is attached to a controller: what is asked for, and whether that
is what was typed."""

from __future__ import annotations

from reprise import wording
from reprise.domain.unreached import Unreached
from reprise.i18n import _
from reprise.workflow.session_state import SessionState


def statable(state: SessionState) -> tuple[Unreached, ...]:
    """In the order in which they are numbered, from 1."""
    return tuple(one for one in state.unreached if one.statable)


def rows(state: SessionState) -> tuple[str, ...]:
    return tuple(
        f"{number}. {wording.unreached_place(one)}" for number, one in enumerate(statable(state), 1)
    )


def warning() -> str:
    return _(
        "Only where you have opened this PC and looked. The report and its certificate say that it"
        " is your word and was not observed."
    )


def word() -> str:
    return _("NOTHING")


def question() -> str:
    ask = _(
        "If nothing is attached there but the drives in the list, type the number, a space and"
        " {word}:"
    )
    return ask.format(word=word())


def stated(state: SessionState, typed: str) -> Unreached | None:
    """Which one `question` was answered for; None: that was no answer."""
    number, _space, rest = " ".join(typed.split()).partition(" ")
    found = statable(state)
    if rest.casefold() != word().casefold() or not (number.isascii() and number.isdecimal()):
        return None
    return found[int(number) - 1] if 1 <= int(number) <= len(found) else None


def wrong() -> str:
    return _("That was not a number of the list and {word}: nothing was stated.").format(
        word=word()
    )
