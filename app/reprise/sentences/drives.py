"""One drive in words: which it is, what is on it, what became of it, what to do with it now."""

from __future__ import annotations

from collections.abc import Iterable

from reprise import wording
from reprise.domain.drives.scope import STICK_CODES
from reprise.domain.drives.volumes import SERVING, Volume, is_unread, volumes_of
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import Refusal
from reprise.i18n import N_, _, ngettext
from reprise.wording.volumes import room, volume_title
from reprise.workflow.past.sessions import holds_something
from reprise.workflow.session.drive_view import DriveView
from reprise.workflow.session.state import SessionState

_VERDICT = {
    DriveState.SANITIZED: N_("ERASED AND VERIFIED"),
    DriveState.UNVERIFIED: N_("NOT VERIFIED"),
    DriveState.FAILED: N_("FAILED"),
    DriveState.INTERRUPTED: N_("INTERRUPTED – not erased"),
    DriveState.REFUSED: N_("REFUSED – not erased"),
}
UNPLUGGED, TOO_HOT = "unplugged", "too-hot"  # DriveInterrupted.cause
_MOST_IN_A_LINE = 3
_REASONS = 3  # for a refusal, said one by one


def name_of(drive: Drive) -> str:
    return drive.node.removeprefix("/dev/")


def model_of(drive: Drive) -> str:
    return drive.identity.model or _("unknown model")


def serial_of(drive: Drive) -> str:
    return drive.identity.serial or drive.identity.wwn or _("unknown")


def title_words(drive: Drive) -> tuple[str, str, str, str]:
    """sda, ST500LM012, 500 Go, n° S2Z…"""
    serial = _("S/N {serial}").format(serial=serial_of(drive))
    return name_of(drive), model_of(drive), wording.size(drive.identity.size_bytes), serial


def counts_text(state: SessionState) -> str:
    """The sum: how many there are, and what will be done to them."""
    total, erased = len(state.drives), len(state.erasable)
    kept = total - erased
    parts = [_("{count} to be erased").format(count=erased)]
    if kept:
        words = ngettext("{count} not touched", "{count} not touched", kept)
        parts.append(words.format(count=kept))
    text = ngettext("{count} drive: {what}", "{count} drives: {what}", total)
    return text.format(count=total, what=", ".join(parts))


def kind_text(drive: Drive) -> str:
    return f"{wording.transport(drive.transport)}, {wording.media(drive.media)}"


def content_words(drive: Drive, read: Iterable[Volume] = ()) -> tuple[str, ...]:
    """What is on the drive, a partition each, so that nobody erases the wrong one. `read`: what was
    found inside (DriveView.volumes)."""
    pairs = volumes_of(drive, read)
    return tuple(
        wording.join(
            (f"{_place(part.node, drive)}{volume_title(part, volume)}", room(part, volume))
        )
        for part, volume in pairs
    ) or (_nothing(drive),)


def content_line(drive: Drive, read: Iterable[Volume] = ()) -> str:
    """What matters of it in one line: Windows 10, 87 Go utilisés · données, 12 Go utilisés."""
    return " · ".join(content_parts(drive, read))


def content_parts(drive: Drive, read: Iterable[Volume] = ()) -> tuple[str, ...]:
    """The parts of content_line: few, the most telling first, without the systems' own partitions
    where there are others."""
    pairs = volumes_of(drive, read)
    telling = [pair for pair in pairs if pair[1].kind not in SERVING] or list(pairs)
    telling.sort(key=lambda pair: (not pair[1].system, -pair[0].size_bytes))
    words = [
        wording.join((volume_title(part, volume, short=True), room(part, volume, short=True)))
        for part, volume in telling[:_MOST_IN_A_LINE]
    ]
    if more := len(telling) - len(words):
        words.append(_("{count} more").format(count=more))
    return tuple(words) or (_nothing(drive),)


def _place(node: str, drive: Drive) -> str:
    return "" if node == drive.node else f"{node.removeprefix('/dev/')} "


def _nothing(drive: Drive) -> str:
    unread = is_unread(drive)
    return _("what it holds could not be read") if unread else _("no partition found")


def wear_words(drive: Drive) -> tuple[str, ...]:
    """What is known besides the verdict on its health."""
    smart, words = drive.smart, []
    if smart.temperature_c is not None:
        words.append(f"{smart.temperature_c} °C")
    if smart.power_on_hours is not None:
        hours = wording.number(smart.power_on_hours)
        words.append(_("{hours} h of use").format(hours=hours))
    return tuple(words)


def refusal_text(refusals: tuple[Refusal, ...]) -> str:
    """Dozens of volumes may hold a drive: a few reasons, and how many more there are."""
    words = wording.refusals(refusals)
    more = len(words) - _REASONS
    if more <= 1:
        return wording.join(words)
    others = ngettext("{count} more reason", "{count} more reasons", more).format(count=more)
    return wording.join((*words[:_REASONS], others))


def is_stick(view: DriveView) -> bool:
    return not view.own and any(refusal.code in STICK_CODES for refusal in view.refusals)


_ENDED = {
    DriveState.FAILED: N_("earlier erasure FAILED"),
    DriveState.UNVERIFIED: N_("earlier erasure NOT VERIFIED"),
    DriveState.INTERRUPTED: N_("INTERRUPTED – not erased"),
}


def before_text(view: DriveView) -> str:
    """What an earlier session left unfinished on it, or could not do; "" where nothing."""
    past = view.past
    if past.interrupted and past.unended and holds_something(view.drive):
        return _("INTERRUPTED, or ended without the stick")  # its journal breaks off
    if past.interrupted:
        return _(_ENDED[DriveState.INTERRUPTED])
    if past.cut_install:
        return _("INSTALLATION CUT OFF, does not start")
    word = _ENDED.get(past.ended) if past.ended else None
    return _(word) if word else ""


def already_text(view: DriveView) -> str:
    """That an earlier session on this stick came to its end with it; "" where none did."""
    past = view.past
    erased = past.erased and not past.unfinished and past.ended is None
    return _("this stick erased and verified it before") if erased else ""


def verdict_text(view: DriveView) -> str:
    """Success is said of SANITIZED only."""
    word = _VERDICT.get(view.state)
    return not_erased() if word is None else _(word)


def not_erased() -> str:
    """Of a drive, and of a PC."""
    return _("NOT ERASED")


def detail(view: DriveView) -> str:
    if view.state is DriveState.SANITIZED:
        technique = wording.technique(view.attempt.technique) if view.attempt else ""
        return wording.join((wording.method(view.achieved), technique))
    if view.state is DriveState.REFUSED:
        return refusal_text(view.refusals)
    if view.state is DriveState.INTERRUPTED:
        return wording.code(view.cause)
    return wording.code(wording.leading(view.reasons))


def unproven(limitations: Iterable[str]) -> str:
    """What stands beside "erased and verified" wherever that is said; "" where nothing does."""
    text = wording.series(wording.code(limitation) for limitation in limitations)
    return _("Not proven: {limitations}").format(limitations=text) if text else ""


_FIRST = {
    DriveState.FAILED: N_("Do not give this drive away."),
    DriveState.UNVERIFIED: N_("Treat this drive as not erased."),
    DriveState.INTERRUPTED: N_("Start this PC again from the stick: the erasure can be finished."),
}
_PLUG_IN = N_(
    "Plug it in again, then start this PC again from the stick: the erasure can be finished."
)
_COOL = N_(
    "Clear the vents or put a fan in front, then start this PC again from the stick: the erasure "
    "can be finished. If the drive is not hot to the hand, its sensor is wrong: the limits are in "
    "policy.toml."
)
_FIRST_AFTER = {UNPLUGGED: _PLUG_IN, TOO_HOT: _COOL}


def advice(view: DriveView) -> str:
    """What the technician does with the drive now; empty where there is nothing to do."""
    if view.state is DriveState.REFUSED:
        return wording.advice_for_refusals(view.refusals)
    first = _FIRST.get(view.state, "")
    if view.state is DriveState.INTERRUPTED:
        first = _FIRST_AFTER.get(view.cause, first)
    more = wording.advice_for_reasons(view.reasons) if first else ""
    return " ".join(text for text in (_(first) if first else "", more) if text)
