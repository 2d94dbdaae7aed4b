"""What a session came to, from its state and from what is known of the stick and the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reprise import wording
from reprise.domain.lifecycle import DriveState
from reprise.domain.open_storage import open_reasons
from reprise.domain.unreached import Unreached
from reprise.i18n import _
from reprise.sentences.drives import in_scope

if TYPE_CHECKING:
    from reprise.ports import OutboxItem
    from reprise.workflow.services import StickLine
    from reprise.workflow.session_state import DriveView, SessionState


def own_drives(state: SessionState) -> tuple[DriveView, ...]:
    return tuple(view for view in state.drives if in_scope(view))


def unreached(state: SessionState) -> tuple[Unreached, ...]:
    """Storage that may be there, that nothing here reaches and that no operator's word answers."""
    return open_reasons(state.inventory, state.plan, state.stated)


def told_of_storage(state: SessionState) -> tuple[str, ...]:
    """The same in words, each a warning; then what the operator has stated."""
    return (
        *(_("Warning: ") + words for words in wording.unreached(unreached(state))),
        *wording.statements(state.stated),
    )


def is_empty(state: SessionState) -> bool:
    """No drive was found, and none may be hidden."""
    return not own_drives(state) and not unreached(state)


def all_erased(state: SessionState) -> bool:
    """Every drive of the PC is erased and verified, and none may be hidden."""
    return not unreached(state) and all(d.state is DriveState.SANITIZED for d in own_drives(state))


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
