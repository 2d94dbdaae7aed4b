"""The short words on badges, and what each means in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.i18n import _
from reprise.server.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Label:
    """`tone` is a CSS class: good, bad, doubt or plain. `sign` repeats it without colour."""

    text: str
    sentence: str
    tone: str
    sign: str


def outcome_label(word: Outcome | str) -> Label:
    """How a PC's outcome is shown."""
    return {
        Outcome.SANITIZED: Label(
            _("Erased and verified"),
            _("Every drive of this PC was erased, and the erasure was verified."),
            "good",
            "✓",
        ),
        Outcome.FAILED: Label(
            _("Failed"),
            _("At least one drive could not be erased. Its data may still be there."),
            "bad",
            "✕",
        ),
        Outcome.INTERRUPTED: Label(
            _("Interrupted"),
            _("The erasure did not come to its end. Data may still be there."),
            "bad",
            "✕",
        ),
        Outcome.UNVERIFIED: Label(
            _("Not verified"),
            _("An erasure was run, but it is not proven. Treat the drive as not erased."),
            "doubt",
            "?",
        ),
        Outcome.UNTOUCHED: Label(
            _("Not all erased"),
            _("At least one drive of this PC was not erased."),
            "doubt",
            "!",
        ),
        Outcome.NO_DRIVE: Label(
            _("No drive"),
            _("No drive was found in this PC, so there was nothing to erase."),
            "plain",
            "–",
        ),
    }[Outcome(word)]
