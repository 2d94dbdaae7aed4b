"""The one confirmation: what is asked for, and whether that is what was typed. A stray key never
erases, and what is unusual asks for more than one word."""

from __future__ import annotations

from reprise import wording
from reprise.domain.plan import Attempt
from reprise.domain.unusual import serial_tail
from reprise.i18n import _
from reprise.sentences.drives import model_of, name_of
from reprise.sentences.system import can_encrypt, image_title
from reprise.workflow.desk.port import Board, InstallChoice
from reprise.workflow.drive_view import DriveView
from reprise.workflow.services import InstallDefaults
from reprise.workflow.session_state import SessionState


def attempt_text(attempt: Attempt) -> str:
    words = [wording.technique(attempt.technique), wording.method(attempt.claims)]
    words.append(wording.depth(attempt.verify))
    if attempt.expected_s is not None:
        words.append(wording.about(attempt.expected_s))
    return ", ".join(words)


def untouched_text(state: SessionState) -> str:
    """The drives that the plan leaves alone; empty: none."""
    kept = [d for d in state.drives if d not in state.erasable]
    return ", ".join(f"{name_of(d.drive)} ({model_of(d.drive)})" for d in kept)


def install_text(
    board: Board, state: SessionState, choice: InstallChoice | None, given: InstallDefaults | None
) -> str:
    """`given`: what the system is given."""
    view = None if choice is None else state.drive(choice.drive)
    if choice is None or view is None:
        return _("nothing")
    encrypt = given is not None and given.encrypt
    if encrypt and not can_encrypt(board, choice):
        words = _("nothing: {system} cannot be encrypted as the settings ask; see “System”")
        return words.format(system=image_title(board, choice.image))
    words = _("{system} on {drive}, where its erasure is verified")
    if encrypt:
        words = _("{system} on {drive}, encrypted for its owner, where its erasure is verified")
    return words.format(system=image_title(board, choice.image), drive=name_of(view.drive))


def looked_at(state: SessionState) -> DriveView | None:
    """The drive whose serial number is asked for: the one that is unusual, or the first of a
    PC that is; None where nothing is."""
    found, drives = state.unusual, state.erasable
    if not found or not drives:
        return None
    named = [view for one in found for view in drives if view.key == one.drive]
    return (*named, *drives)[0]


def word() -> str:
    """What the operator types. Its letters are on every keyboard of the station."""
    return _("ERASE")


def question(state: SessionState) -> str:
    view = looked_at(state)
    if view is None:
        ask = _("All data on the drives above will be permanently lost. To start, type {word}:")
        return ask.format(word=word())
    ask = _(
        "All data on the drives above will be permanently lost. To start, type {word}, "
        "Space, then the last {count} characters of the serial number of {drive}:"
    )
    count = len(serial_tail(view.drive))
    return ask.format(word=word(), count=count, drive=name_of(view.drive))


def agrees(state: SessionState, typed: str) -> bool:
    """Whether this is what `question` asked for."""
    view = looked_at(state)
    expected = word() if view is None else f"{word()} {serial_tail(view.drive)}"
    return " ".join(typed.split()).casefold() == expected.casefold()


def wrong(state: SessionState) -> str:
    if looked_at(state) is None:
        return _("The word typed was not {word}: nothing was erased.").format(word=word())
    return _("That was not the word and the serial number: nothing was erased.")
