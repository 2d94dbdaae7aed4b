"""Erasing without a person: what the settings ask for, and every reason not to begin.

The reasons are looked at when the countdown begins, at each of its looks, and once more by
Session.confirm: a screen cannot begin what they forbid."""

from __future__ import annotations

from collections.abc import Iterator

from reprise import wording
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.install.our_system import holds_our_system
from reprise.domain.station.unattended import Unattended
from reprise.i18n import _
from reprise.workflow.engine.port import Connection, EngineClient, InstallChoice
from reprise.workflow.erasure.countdown import CountdownGoal
from reprise.workflow.past.sessions import Past, holds_something
from reprise.workflow.session.drive_view import DriveView
from reprise.workflow.session.state import SessionState

# Cause of an interruption after which a PC goes on by itself. Whoever stopped an erasure or pulled
# its drive out had a reason, a cable that slipped off may again, a drive too hot may be so again,
# and a program that broke down would break down again.
_GOES_ON = frozenset({"power-cut"})


def to_begin(engine: EngineClient, told_s: int = 0, trouble: tuple[str, ...] = ()) -> CountdownGoal:
    """`told_s`: until what is about to happen was said, on top of what the settings ask for.
    `trouble`: what went wrong at the screen alone."""
    state, status = engine.state, engine.status
    wanted = status.unattended
    if not wanted.erase or engine.line is not Connection.OPEN or status.stick is None:
        return CountdownGoal()
    wrong = status.problems or trouble
    held = (status.passing, *wrong) if status.passing else wrong
    reasons = obstacles(state, wanted, status.stick.where, held)
    return CountdownGoal(state.digest, wanted.countdown_s + told_s, reasons)


def to_install(engine: EngineClient, digest: str) -> InstallChoice | None:
    """What begins with that plan; None: nothing is installed."""
    return engine.status.offer.best(digest) if engine.status.unattended.install else None


def obstacles(
    state: SessionState, wanted: Unattended, where: str, problems: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Why nothing may begin without a person, as sentences; empty: it may.

    `where`: see ports.Store. `problems`: what went wrong so far (see Session.problems)."""
    if not wanted.erase:
        return (_("The settings do not ask for it."),)
    if state.by_hand:
        return (_("A key was pressed: continue by hand."),)
    reasons = list(problems)
    if not state.erasable:
        reasons.append(_("There is no drive to erase."))
    if where == "memory":
        reasons.append(_("Reports would be in memory only: a power cut would lose the proof."))
    reasons += [wording.unusual(unusual) for unusual in state.unusual]
    reasons += _of_the_past(state)
    return tuple(reasons)


def _of_the_past(state: SessionState) -> list[str]:
    drives = state.erasable
    reasons = [reason for drive in drives for reason in _of_the_drives_past(drive)]
    said = reasons and any(drive.past.ended for drive in drives)  # more than that it was erased
    if drives and not said and all(d.past.erased and not d.past.unfinished for d in drives):
        return [_("This stick has already erased this PC: it may hold its new system.")]
    return reasons


def _is_cut_off(past: Past) -> bool:
    """Its last erasure goes on where nobody had a reason to stop it."""
    return past.ended is DriveState.INTERRUPTED


def _of_the_drives_past(view: DriveView) -> Iterator[str]:
    past, drive = view.past, view.drive.node.removeprefix("/dev/")
    if past.interrupted and past.cause not in _GOES_ON:
        text = _("The erasure of {drive} was interrupted before: {cause}.")
        yield text.format(drive=drive, cause=wording.code(past.cause))
    if past.installed:
        text = _("This stick has already installed a system on {drive}: it may be in use.")
        yield text.format(drive=drive)
    elif holds_our_system(view.drive):  # by another stick, or by one whose journal is lost
        text = _("{drive} holds a system that Reprise installed: it may be in use.")
        yield text.format(drive=drive)
    elif past.erased and past.ended and (not _is_cut_off(past) or holds_something(view.drive)):
        text = _("This stick erased {drive} once; another of its erasures there ended thus: {end}.")
        yield text.format(drive=drive, end=wording.state(past.ended))
    elif past.erased and holds_something(view.drive):
        text = _("This stick has already erased {drive}, and it holds something again.")
        yield text.format(drive=drive)
    elif past.unended and holds_something(view.drive):
        text = _(
            "It is not known how the last session of this stick on {drive} ended, and the drive"
            " holds something: it may be its new system."
        )
        yield text.format(drive=drive)
