"""Nothing becomes SANITIZED but through VERIFYING, and every legal move stands here once more."""

from __future__ import annotations

import pytest

from reprise.domain.erasure.lifecycle import FINAL, DriveState, move

S = DriveState
MOVES = {
    S.DETECTED: {S.PLANNED, S.REFUSED},
    S.PLANNED: {S.CONFIRMED, S.REFUSED, S.PLANNED},
    S.REFUSED: {S.PLANNED},
    S.CONFIRMED: {S.ERASING, S.REFUSED, S.FAILED},
    S.ERASING: {S.VERIFYING, S.FAILED, S.INTERRUPTED, S.UNVERIFIED},
    S.VERIFYING: {S.ERASING, S.SANITIZED, S.UNVERIFIED, S.FAILED, S.INTERRUPTED},
    S.SANITIZED: {S.PLANNED},
    S.UNVERIFIED: {S.PLANNED, S.ERASING},
    S.FAILED: {S.PLANNED, S.ERASING},
    S.INTERRUPTED: {S.PLANNED, S.CONFIRMED},
}


def test_only_verifying_leads_to_sanitized() -> None:
    for state in DriveState:
        if state is DriveState.VERIFYING:
            assert move(state, DriveState.SANITIZED) is DriveState.SANITIZED
        else:
            with pytest.raises(ValueError, match="illegal move"):
                move(state, DriveState.SANITIZED)


@pytest.mark.parametrize("now", list(DriveState))
@pytest.mark.parametrize("to", list(DriveState))
def test_each_move_is_legal_or_an_error(now: DriveState, to: DriveState) -> None:
    if to in MOVES[now]:
        assert move(now, to) is to
    else:
        with pytest.raises(ValueError, match=f"illegal move {now} -> {to}"):
            move(now, to)


def test_where_a_drive_rests() -> None:
    assert {S.REFUSED, S.SANITIZED, S.UNVERIFIED, S.FAILED, S.INTERRUPTED} == FINAL
