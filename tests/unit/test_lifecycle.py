"""Nothing becomes SANITIZED but through VERIFYING."""

import pytest

from reprise.domain.lifecycle import DriveState, move


def test_only_verifying_leads_to_sanitized() -> None:
    for state in DriveState:
        if state is DriveState.VERIFYING:
            assert move(state, DriveState.SANITIZED) is DriveState.SANITIZED
        else:
            with pytest.raises(ValueError, match="illegal move"):
                move(state, DriveState.SANITIZED)
