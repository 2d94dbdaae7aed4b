"""What is said of drives under way: how many stand how, and each phase in a word for a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from reprise import wording
from reprise.domain.erasure.lifecycle import FINAL, DriveState
from reprise.i18n import N_, _, ngettext
from reprise.workflow.session.drive_view import DriveView

# The full ones are wording.codes.PHASES.
_SHORT: Mapping[str, str] = {
    "write": N_("writing"),
    "verify": N_("reading back"),
    "format": N_("erasing"),
    "sanitize": N_("erasing"),
    "security-erase": N_("erasing"),
    "prepare": N_("preparing"),
    "suspend": N_("asleep"),
    "cooling": N_("cooling"),
    "canaries": N_("marking"),
    "install": N_("installing"),
}
# Worst first: a person looks at those first.
_TROUBLE = (
    DriveState.FAILED,
    DriveState.INTERRUPTED,
    DriveState.REFUSED,
    DriveState.UNVERIFIED,
)


def stop_erasure() -> str:
    return _("Stop the erasure? The drives that are not finished will be INTERRUPTED, not erased.")


def stop_installation() -> str:
    return _("Stop the installation? The drive will not start the PC then.")


def phase_word(phase: str) -> str:
    """At most twelve cells, beside the drive's name."""
    return _(_SHORT[phase]) if phase in _SHORT else phase


def worst_first(views: Sequence[DriveView]) -> list[DriveView]:
    """Those with trouble first, the others in their order."""
    rank = {state: at for at, state in enumerate(_TROUBLE)}
    return sorted(views, key=lambda view: rank.get(view.state, len(_TROUBLE)))


def sum_text(views: Sequence[DriveView]) -> str:
    """ "12 drives: 11 under way, 1 interrupted"."""
    count = Counter(view.state if view.state in FINAL else None for view in views)
    parts = wording.join(
        _counted(state, count[state])
        for state in (None, DriveState.SANITIZED, *_TROUBLE)
        if count[state]
    )
    text = ngettext("{count} drive: {parts}", "{count} drives: {parts}", len(views))
    return text.format(count=wording.number(len(views)), parts=parts)


def _counted(state: DriveState | None, count: int) -> str:
    """`state` None: not ended."""
    text = {
        None: ngettext("{count} under way", "{count} under way", count),
        DriveState.SANITIZED: ngettext(
            "{count} erased and verified", "{count} erased and verified", count
        ),
        DriveState.FAILED: ngettext("{count} failed", "{count} failed", count),
        DriveState.INTERRUPTED: ngettext("{count} interrupted", "{count} interrupted", count),
        DriveState.REFUSED: ngettext("{count} refused", "{count} refused", count),
        DriveState.UNVERIFIED: ngettext("{count} not verified", "{count} not verified", count),
    }[state]
    return text.format(count=wording.number(count))
