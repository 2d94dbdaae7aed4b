"""How the erasures of earlier sessions ended, and which of those ends stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reprise.domain.drives.same_drive import same_drive
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import DriveIdentity
from reprise.workflow.past.order import Ordered


@dataclass(frozen=True, slots=True)
class End:
    """What one session's report says of a drive, or would, that the session began to erase."""

    identity: DriveIdentity  # as it was when its last attempt began
    session_id: str
    state: DriveState

    @property
    def good(self) -> bool:
        return self.state is DriveState.SANITIZED


def ends_of(ends: Sequence[End], who: DriveIdentity) -> tuple[End, ...]:
    """Those of this drive. A drive that nothing tells apart has none: they may be another's."""
    return tuple(end for end in ends if same_drive(end.identity, who))


def worse_end(own: Sequence[End], order: Ordered) -> DriveState | None:
    """How the last of one drive's erasures that did not come to SANITIZED ended, unless one that
    did is surely later: where nobody knows which was later, the worse stands."""
    good = [erasure.session_id for erasure in own if erasure.good]
    for end in reversed(own):
        if not end.good and not any(order.surely_before(end.session_id, other) for other in good):
            return end.state
    return None
