"""States of a drive and the legal moves between them. Any other move is a programming error."""

from __future__ import annotations

from enum import StrEnum


class DriveState(StrEnum):
    DETECTED = "detected"
    PLANNED = "planned"
    REFUSED = "refused"
    CONFIRMED = "confirmed"
    ERASING = "erasing"
    VERIFYING = "verifying"
    SANITIZED = "sanitized"
    UNVERIFIED = "unverified"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


FINAL = frozenset(
    {
        DriveState.REFUSED,
        DriveState.SANITIZED,
        DriveState.UNVERIFIED,
        DriveState.FAILED,
        DriveState.INTERRUPTED,
    }
)

_MOVES: dict[DriveState, frozenset[DriveState]] = {
    DriveState.DETECTED: frozenset({DriveState.PLANNED, DriveState.REFUSED}),
    DriveState.PLANNED: frozenset({DriveState.CONFIRMED, DriveState.REFUSED, DriveState.PLANNED}),
    DriveState.REFUSED: frozenset({DriveState.PLANNED}),
    DriveState.CONFIRMED: frozenset({DriveState.ERASING, DriveState.REFUSED, DriveState.FAILED}),
    DriveState.ERASING: frozenset(
        {DriveState.VERIFYING, DriveState.FAILED, DriveState.INTERRUPTED, DriveState.UNVERIFIED}
    ),
    DriveState.VERIFYING: frozenset(
        {
            DriveState.ERASING,  # the next planned attempt
            DriveState.SANITIZED,
            DriveState.UNVERIFIED,
            DriveState.FAILED,
            DriveState.INTERRUPTED,
        }
    ),
    DriveState.SANITIZED: frozenset({DriveState.PLANNED}),
    # the next planned attempt may follow one that could not be verified
    DriveState.UNVERIFIED: frozenset({DriveState.PLANNED, DriveState.ERASING}),
    DriveState.FAILED: frozenset({DriveState.PLANNED, DriveState.ERASING}),
    DriveState.INTERRUPTED: frozenset({DriveState.PLANNED, DriveState.CONFIRMED}),
}


def move(now: DriveState, to: DriveState) -> DriveState:
    """Return `to` where the move is legal.

    Raises ValueError on an illegal move: in particular nothing reaches SANITIZED but through
    VERIFYING.
    """
    if to not in _MOVES[now]:
        raise ValueError(f"illegal move {now} -> {to}")
    return to
