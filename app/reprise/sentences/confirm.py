"""The one confirmation: what is asked for, and whether that is what was typed. A stray key never
erases, and what is unusual asks for more than one word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reprise import wording
from reprise.domain.install.options import InstallOptions
from reprise.domain.planning.plan import Attempt
from reprise.domain.planning.techniques import SPECS, Family, Technique
from reprise.domain.planning.unusual import serial_tail
from reprise.i18n import _, ngettext
from reprise.sentences.drives import already_text, before_text, model_of, name_of
from reprise.sentences.system import can_encrypt, image_title
from reprise.workflow.engine.port import InstallChoice, StationStatus
from reprise.workflow.session.drive_view import DriveView
from reprise.workflow.session.state import SessionState

FEW = 4  # drives that are named one by one


def attempt_text(attempt: Attempt) -> str:
    words = [wording.technique(attempt.technique), wording.method(attempt.claims)]
    depth = wording.depth(attempt.verify)
    words.append(depth[:1].lower() + depth[1:])
    if attempt.expected_s is not None:
        words.append(wording.about(attempt.expected_s))
    return ", ".join(words)


def plan_steps(view: DriveView) -> Iterator[tuple[str, str]]:
    """What is done to the drive, in order: a lead ("" for the first attempt), and what it is."""
    if view.plan is None:
        return
    for step in view.plan.preparations:
        yield _("first: "), wording.preparation(step)
    for index, attempt in enumerate(view.plan.attempts):
        yield _("if that fails: ") if index else "", attempt_text(attempt)


def plain_technique(technique: Technique) -> str:
    """What the drive is asked for, as everybody understands it."""
    row = SPECS[technique]
    if row.family is Family.HOST_OVERWRITE:
        return _("fully overwritten")
    return _("the drive destroys its key") if row.crypto else _("the drive erases itself")


def _level(attempt: Attempt) -> str:
    """Clear or Purge: the standard's own words, without the gloss."""
    return attempt.claims.value.capitalize()


def plan_text(view: DriveView) -> str:
    """What the plan begins with: how, which level it is to reach, how long it takes."""
    attempt = view.plan.attempts[0] if view.plan and view.plan.attempts else None
    if attempt is None:
        return ""
    words, command = plain_technique(attempt.technique), SPECS[attempt.technique].command
    parts = [f"{words} ({command})" if command else words, _level(attempt)]
    if attempt.expected_s is not None:
        parts.append(wording.about(attempt.expected_s).replace(" ", "\u00a0"))
    return " · ".join(parts)


def plan_cells(view: DriveView) -> tuple[str, str, str]:
    """The same for a table: how, level, time."""
    attempt = view.plan.attempts[0] if view.plan and view.plan.attempts else None
    if attempt is None:
        return "", "", ""
    time = "" if attempt.expected_s is None else wording.about(attempt.expected_s)
    return plain_technique(attempt.technique), _level(attempt), time


def warnings(views: Iterable[DriveView]) -> Iterator[tuple[str, ...]]:
    """Drives with the same warnings together: each warning, with their names."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for view in views:
        if view.plan and view.plan.warnings:
            alike.setdefault(view.plan.warnings, []).append(name_of(view.drive))
    for codes, names in alike.items():
        yield tuple(f"{_named(names)} – {wording.code(code)}" for code in codes)


def more_warnings(count: int) -> str:
    """What stands behind the first one of several; "" where there are no others."""
    words = ngettext("({count} more: F4)", "({count} more: F4)", count)
    return f" {words.format(count=count)}" if count else ""


def _named(names: Sequence[str]) -> str:
    if len(names) <= FEW:
        return ", ".join(names)
    return ngettext("{count} drive", "{count} drives", len(names)).format(count=len(names))


def untouched_text(state: SessionState) -> str:
    """The drives that the plan leaves alone; empty: none."""
    kept = [d for d in state.drives if d not in state.erasable]
    return ", ".join(f"{name_of(d.drive)} ({model_of(d.drive)})" for d in kept)


def install_text(
    status: StationStatus,
    state: SessionState,
    choice: InstallChoice | None,
    given: InstallOptions | None,
) -> str:
    """`given`: what the system is given."""
    view = None if choice is None else state.drive(choice.drive)
    if choice is None or view is None:
        return _("nothing")
    encrypt = given is not None and given.encrypt
    if encrypt and not can_encrypt(status, choice):
        words = _("nothing: {system} cannot be encrypted as the settings ask; see “System”")
        return words.format(system=image_title(status, choice.image))
    words = _("{system} on {drive}, if its erasure is verified")
    if encrypt:
        words = _("{system} on {drive}, encrypted for its owner, if its erasure is verified")
    return words.format(system=image_title(status, choice.image), drive=name_of(view.drive))


def looked_at(state: SessionState) -> DriveView | None:
    """The drive whose serial number is asked for: the one that is unusual, or the first of a
    PC that is; None where nothing is."""
    unusual, drives = state.unusual, state.erasable
    if not unusual or not drives:
        return None
    named = [view for reason in unusual for view in drives if view.key == reason.drive]
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


def known_meanwhile(state: SessionState) -> str:
    """That more is known than was shown, or another plan stands: a stick came, or the drives were
    read again."""
    told = [(name_of(view.drive), of_before(view)) for view in state.erasable]
    named = [_("{label}: {value}").format(label=name, value=words) for name, words in told if words]
    text = _("The plan, or what is known of the drives, has changed: read it again.")
    return " ".join((text, *([f"{wording.series(named)}."] if 0 < len(named) <= FEW else [])))


def of_before(view: DriveView) -> str:
    """What earlier sessions of the stick came to with it; "" where nothing is known."""
    installed = _("this stick installed a system on it before") if view.past.installed else ""
    return wording.join((before_text(view), installed)) or already_text(view)


def unread() -> str:
    """There are drives that were not on the screen yet."""
    return _("The list goes on: read it to its end first (Down arrow or Page Down).")


def being_read() -> str:
    """There is no plan at this moment."""
    return _("The drives are being read again: wait, then type the word again.")


def not_read() -> str:
    return _("Nothing was erased: not every drive was on the screen yet.")


def wrong(state: SessionState) -> str:
    if looked_at(state) is None:
        return _("The word typed was not {word}: nothing was erased.").format(word=word())
    return _("That was not the word and the serial number: nothing was erased.")
