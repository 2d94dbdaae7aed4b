"""What a session came to, from its state and from what is known of the stick and the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reprise.domain.report.outcome import Outcome

if TYPE_CHECKING:
    from reprise.ports import OutboxItem
    from reprise.workflow.session.services import StickLine
    from reprise.workflow.session.state import SessionState


def all_erased(state: SessionState) -> bool:
    """Every drive of the PC is erased and verified, there is at least one, and none may be
    hidden."""
    return state.outcome is Outcome.ERASED


def all_went_well(state: SessionState) -> bool:
    """And what was to be installed is. Where its proof is, is another question."""
    return all_erased(state) and (state.install is None or state.install.ok is True)


def state_of_sending(state: SessionState, outbox: Sequence[OutboxItem]) -> str:
    """Of this session's report: "waiting", "sent", "refused", or "" where it is not queued."""
    sealed = state.sealed
    ours = [item for item in outbox if sealed and item.report_id == sealed.report_id]
    return ours[0].state if ours else ""


def proof_is_safe(
    state: SessionState, stick: StickLine | None, outbox: Sequence[OutboxItem]
) -> bool:
    """Whether the PC may lose its power: the report is on a stick, or the server has it."""
    if state.sealed is None:
        return False
    on_stick = stick is not None and stick.where != "memory"
    return on_stick or state_of_sending(state, outbox) == "sent"
