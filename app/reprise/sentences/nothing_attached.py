"""An operator's word that nothing is attached to a controller: what is asked for, and whether that
is what was typed."""

from __future__ import annotations

from reprise import wording
from reprise.domain.drives.open_storage import reasons
from reprise.domain.drives.unreached import Unreached
from reprise.i18n import _
from reprise.workflow.session.state import SessionState


def statable(state: SessionState) -> tuple[Unreached, ...]:
    """What can be asked about and is not answered yet."""
    return tuple(_numbered(state).values())


def _numbered(state: SessionState) -> dict[int, Unreached]:
    """`statable`, by number, from 1. A number stays with its place when another one is answered:
    whoever types the same answer twice has stated one thing."""
    places = (place for place in (*reasons(state.inventory, state.plan), *state.vanished))
    asked = enumerate((place for place in places if place.statable), 1)
    return {number: place for number, place in asked if place in state.unreached}


def rows(state: SessionState) -> tuple[str, ...]:
    return tuple(
        f"{number}. {wording.unreached_place(place)}" for number, place in _numbered(state).items()
    )


def warning() -> str:
    return _(
        "Only if you have opened this PC and looked. The report and its certificate say that"
        " this is your statement, not an observation."
    )


def word() -> str:
    return _("NOTHING")


def question() -> str:
    ask = _(
        "If nothing is attached there other than the listed drives, type the number, Space, then"
        " {word}:"
    )
    return ask.format(word=word())


def stated(state: SessionState, typed: str) -> Unreached | None:
    """Which one `question` was answered for; None: that was no answer."""
    number, _space, rest = " ".join(typed.split()).partition(" ")
    if rest.casefold() != word().casefold() or not (number.isascii() and number.isdecimal()):
        return None
    return _numbered(state).get(int(number))


def done() -> str:
    return _("Stated: the report will say so.")


def wrong() -> str:
    return _("That was not a number from the list followed by {word}: nothing was stated.").format(
        word=word()
    )
