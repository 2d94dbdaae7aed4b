"""The end of a session that nobody led: whether its PC may switch itself off."""

from __future__ import annotations

from reprise.domain.planning.plan import ConfirmedBy
from reprise.errors import RefusedError
from reprise.i18n import _
from reprise.workflow.engine.port import Connection, EngineClient, Work
from reprise.workflow.erasure.countdown import CountdownGoal
from reprise.workflow.session.came_to import all_went_well, proof_is_safe


def not_safe() -> str:
    return _("The report is not safe yet: plug in a Reprise stick, or connect the network.")


def off_in(seconds: int) -> str:
    text = _("The PC switches itself off in {seconds} s. Enter keeps it on.")
    return text.format(seconds=seconds)


def nobody_led(engine: EngineClient) -> bool:
    """The work began without a person."""
    order = engine.status.order
    return order is not None and order.by is ConfirmedBy.UNATTENDED


def to_switch_off(engine: EngineClient, told_s: int = 0) -> CountdownGoal:
    """`told_s`: see workflow.erasure.unattended.to_begin. Of a person who came the host knows."""
    state, status = engine.state, engine.status
    asked = status.unattended.power_off and nobody_led(engine)
    ended = engine.line is Connection.OPEN and status.work is Work.ENDED
    if not (asked and ended and all_went_well(state)) or state.started is None:
        return CountdownGoal()
    safe = proof_is_safe(state, status.stick, status.outbox)
    reasons = () if safe else (not_safe(),)
    return CountdownGoal(state.started.session_id, status.unattended.countdown_s + told_s, reasons)


def refuse_alone(engine: EngineClient) -> None:
    """Raises RefusedError where a PC must not switch itself off: what the engine knows last counts,
    and not what a surface counted down to."""
    aim, stays = to_switch_off(engine), _("The PC stays on.")
    if engine.state.by_hand:
        raise RefusedError(_("A key was pressed: continue by hand."), stays)
    if aim.reasons:
        raise RefusedError(aim.reasons[0], stays)
    if not aim.about:
        raise RefusedError(stays)
