"""Paragraphs that several screens share: the sentences of `sentences.drives`, in colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reprise import wording
from reprise.domain.drives.volumes import Volume
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Drive, Health
from reprise.i18n import _
from reprise.sentences import drives as said
from reprise.tui.drawing import paint
from reprise.tui.drawing.glyphs import DOT
from reprise.workflow.session.drive_view import DriveView
from reprise.workflow.session.state import SessionState

MANY = 5  # drives; above it each takes one line

_BLOCKS = {DriveState.SANITIZED: paint.GOOD_BLOCK, DriveState.UNVERIFIED: paint.WARN_BLOCK}


def drive_title(view: DriveView) -> paint.Text:
    """sda  ST500LM012   500 Go   n° S2Z…"""
    name, *facts = said.title_words(view.drive)
    return paint.line((name, paint.STRONG), "  ", "   ".join(facts))


def content_text(drive: Drive, read: Iterable[Volume]) -> str:
    return said.content_line(drive, read)


def health_parts(drive: Drive) -> tuple[paint.Part, ...]:
    health = drive.smart.health
    style = {Health.PASSED: paint.PLAIN, Health.FAILING: paint.BAD}.get(health, paint.FAINT)
    wear = [f" {DOT} {word}" for word in said.wear_words(drive)]
    return (_("health: "), (wording.health(health), style), *wear)


def intent_parts(view: DriveView) -> tuple[paint.Part, ...]:
    """What will happen to the drive, said before the plan is confirmed."""
    if view.state is DriveState.REFUSED:
        if said.is_stick(view):
            return ((_("NOT OFFERED"), paint.FAINT), " – ", said.refusal_text(view.refusals))
        return ((_("REFUSED"), paint.BAD), " – ", said.refusal_text(view.refusals))
    if view.state is DriveState.DETECTED:
        return ((_("being looked at…"), paint.FAINT),)
    will: paint.Part = (_("WILL BE ERASED"), paint.WARN)
    before = said.before_text(view)
    already = said.already_text(view)
    if already:
        return (will, f" {DOT} ", (already, paint.FAINT))
    return ((before, paint.BAD), "   ", will) if before else (will,)


def fate_word(view: DriveView) -> str:
    """The same in a word, for a table."""
    if view.state is DriveState.REFUSED:
        return _("not offered") if said.is_stick(view) else _("refused")
    return _("looked at…") if view.state is DriveState.DETECTED else _("to be erased")


def storage_rows(state: SessionState, width: int) -> Iterator[paint.Text]:
    """Storage that may be there and cannot be reached, and what was stated about it."""
    warning = (_("Warning: "), paint.WARN)
    for words in wording.unreached(state.unreached):
        yield paint.indent(paint.line(warning, words), width, 0)
    for words in wording.statements(state.stated):
        yield paint.indent(paint.line(words), width, 0)


def verdict_block(view: DriveView) -> tuple[str, str]:
    """The large word of one drive."""
    return f" {said.verdict_text(view)} ", _BLOCKS.get(view.state, paint.BAD_BLOCK)


def verdict(view: DriveView) -> paint.Text:
    return paint.line("  ", verdict_block(view))
