"""The short words on badges, and what each means in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from reprise import wording
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.techniques import Method
from reprise.domain.report.outcome import Outcome
from reprise.i18n import _


@dataclass(frozen=True, slots=True)
class Badge:
    """`tone` is a CSS class: good, bad, doubt or plain. `sign` repeats it without colour."""

    text: str
    sentence: str
    tone: str
    sign: str


def outcome_badge(word: Outcome | str) -> Badge:
    """How a PC's outcome is shown."""
    outcome = Outcome(word)
    said = wording.word(outcome)
    return {
        Outcome.ERASED: Badge(
            said,
            _("Every drive of this PC was erased, and the erasure was verified."),
            "good",
            "✓",
        ),
        Outcome.FAILED: Badge(
            said,
            _("At least one drive could not be erased. Its data may still be there."),
            "bad",
            "✕",
        ),
        Outcome.INTERRUPTED: Badge(
            said,
            _("The erasure was not completed. Data may still be there."),
            "bad",
            "✕",
        ),
        Outcome.UNVERIFIED: Badge(
            said,
            _("An erasure was run, but it is not proven. Treat the drive as not erased."),
            "doubt",
            "?",
        ),
        Outcome.INCOMPLETE: Badge(
            said,
            _("At least one drive of this PC was not erased, or may be out of reach."),
            "doubt",
            "!",
        ),
        Outcome.NO_DRIVE: Badge(
            said,
            _("No drive was found in this PC, so there was nothing to erase."),
            "plain",
            "–",
        ),
    }[outcome]


def drive_badge(state: DriveState, achieved: Method, sentence: str = "") -> Badge:
    """How a drive's state is shown."""
    tone, sign = {
        DriveState.SANITIZED: ("good", "✓"),
        DriveState.FAILED: ("bad", "✕"),
        DriveState.INTERRUPTED: ("bad", "✕"),
        DriveState.UNVERIFIED: ("doubt", "?"),
    }.get(state, ("plain", "–"))
    text = wording.state(state)
    if state is DriveState.SANITIZED:
        text = f"{text} – {wording.method(achieved)}"
    return Badge(text, sentence, tone, sign)
