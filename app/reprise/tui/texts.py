"""Sentences that several screens share."""

from __future__ import annotations

from reprise import wording
from reprise.domain.hardware import Drive, Health, Partition
from reprise.domain.lifecycle import DriveState
from reprise.domain.plan import Refusal, RefusalCode
from reprise.i18n import _, language
from reprise.tui import paint
from reprise.tui.glyphs import DOT
from reprise.workflow.desk.port import Desk
from reprise.workflow.session_state import DriveView

_STICK = frozenset({RefusalCode.BOOT_MEDIUM, RefusalCode.REPRISE_STICK})


def model_of(drive: Drive) -> str:
    return drive.identity.model or _("unknown model")


def serial_of(drive: Drive) -> str:
    return drive.identity.serial or drive.identity.wwn or _("unknown")


def image_title(desk: Desk, image: str) -> str:
    known = {one.name: one.title for one in desk.board.offer.images}
    return known.get(image, {}).get(language()) or image


def drive_title(view: DriveView) -> paint.Text:
    """sda  ST500LM012   500 Go   n° S2Z…"""
    drive = view.drive
    return paint.line(
        (drive.node.removeprefix("/dev/"), paint.STRONG),
        f"  {model_of(drive)}   {wording.size(drive.identity.size_bytes)}   ",
        _("S/N {serial}").format(serial=serial_of(drive)),
    )


def _fs(part: Partition) -> str:
    name = part.node.removeprefix("/dev/")
    label = part.label or part.part_label
    words = [name, part.fs_type or _("no known file system")]
    if label:
        words.append(f"« {label} »")
    words.append(wording.size(part.size_bytes))
    return " ".join(words)


def content_text(drive: Drive) -> str:
    """What is on the drive, so that nobody erases the wrong one."""
    if drive.partitions:
        return f" {DOT} ".join(_fs(p) for p in drive.partitions)
    if drive.fs_type:
        return f"{drive.fs_type} {drive.label or ''}".strip()
    return _("no partition found")


def health_parts(drive: Drive) -> tuple[paint.Part, ...]:
    smart = drive.smart
    style = {Health.PASSED: paint.PLAIN, Health.FAILING: paint.BAD}.get(smart.health, paint.FAINT)
    parts: list[paint.Part] = [_("health: "), (wording.health(smart.health), style)]
    if smart.temperature_c is not None:
        parts.append(f" {DOT} {smart.temperature_c} °C")
    if smart.power_on_hours is not None:
        hours = wording.number(smart.power_on_hours)
        parts.append(f" {DOT} " + _("{hours} h of use").format(hours=hours))
    return tuple(parts)


def refusal_text(refusals: tuple[Refusal, ...]) -> str:
    return wording.join(wording.refusals(refusals))


def is_stick(refusals: tuple[Refusal, ...]) -> bool:
    return any(r.code in _STICK for r in refusals)


def intent_parts(view: DriveView) -> tuple[paint.Part, ...]:
    """What will happen to the drive, said before the plan is confirmed."""
    if view.state is DriveState.REFUSED:
        if is_stick(view.refusals):
            return ((_("NOT OFFERED"), paint.FAINT), " – ", refusal_text(view.refusals))
        return ((_("REFUSED"), paint.BAD), " – ", refusal_text(view.refusals))
    if view.state is DriveState.DETECTED:
        return ((_("being looked at …"), paint.FAINT),)
    will: paint.Part = (_("WILL BE ERASED"), paint.WARN)
    if view.interrupted_before:
        return ((_("INTERRUPTED, not erased"), paint.BAD), "   ", will)
    return (will,)


def verdict(view: DriveView) -> paint.Text:
    """The large word of one drive. Success is said of SANITIZED only."""
    block, word = _VERDICT.get(view.state, (paint.BAD_BLOCK, N_("NOT ERASED")))
    return paint.line("  ", (f" {_(word)} ", block))


def verdict_paragraph(view: DriveView, width: int) -> paint.Text:
    """The drive, its verdict, why, and what to do now."""
    rows = [drive_title(view), verdict(view)]
    rows += [paint.indent(paint.line(text), width) for text in (detail(view), advice(view)) if text]
    return paint.lines(rows)


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    return msgid


_VERDICT = {
    DriveState.SANITIZED: (paint.GOOD_BLOCK, N_("ERASED AND VERIFIED")),
    DriveState.UNVERIFIED: (paint.WARN_BLOCK, N_("NOT VERIFIED")),
    DriveState.FAILED: (paint.BAD_BLOCK, N_("FAILED")),
    DriveState.INTERRUPTED: (paint.BAD_BLOCK, N_("INTERRUPTED – not erased")),
    DriveState.REFUSED: (paint.BAD_BLOCK, N_("REFUSED – not erased")),
}


def detail(view: DriveView) -> str:
    if view.state is DriveState.SANITIZED:
        technique = wording.technique(view.attempt.technique) if view.attempt else ""
        return wording.join((wording.method(view.achieved), technique))
    if view.state is DriveState.REFUSED:
        return refusal_text(view.refusals)
    if view.state is DriveState.INTERRUPTED:
        return wording.code(view.cause)
    return wording.join(wording.code(r) for r in view.reasons)


def advice(view: DriveView) -> str:
    """What the technician does with the drive now; empty where there is nothing to do."""
    said = {
        DriveState.FAILED: _("Do not give this drive away. Erase it again, or destroy it."),
        DriveState.UNVERIFIED: _("Not proven: erase it again, or treat it as not erased."),
        DriveState.INTERRUPTED: _(
            "Start this PC again from the stick: the erasure can be finished."
        ),
    }.get(view.state, "")
    if view.state is DriveState.REFUSED:
        more = wording.advice_for_refusals(view.refusals)
    elif view.state in (DriveState.FAILED, DriveState.UNVERIFIED):
        more = wording.advice_for_reasons(view.reasons)
    else:
        more = ""
    return " ".join(text for text in (said, more) if text)
