"""What a test asks for in one call: one drive's erasure, what was cut off, an engine of its own."""

from __future__ import annotations

from collections.abc import Callable

from reprise.domain.report.outcome import DriveResult
from reprise.ports import Emit, StopFlag
from reprise.workflow.engine.engine import Engine
from reprise.workflow.erasure.jobs import EraseOrder
from reprise.workflow.erasure.recovery import Interrupted, find_treated
from reprise.workflow.erasure.sanitize import EraseServices, erase_all
from reprise.workflow.past.order import Sessions, in_order
from reprise.workflow.session.services import StationServices


def erase_drive(
    order: EraseOrder, services: EraseServices, stop: StopFlag, emit: Emit
) -> DriveResult:
    """Run the attempts of one drive's plan in order, until one is VERIFIED."""
    (result,) = erase_all((order,), services, stop, emit)
    return result


def find_interrupted(sessions: Sessions) -> tuple[Interrupted, ...]:
    """From (session id, its journal) pairs in any order."""
    return find_treated(in_order(sessions)).interrupted


def in_this_process(
    open_services: Callable[[], StationServices], poll_s: float = 2.0
) -> Callable[[], Engine]:
    """Opens an engine in this very process."""

    def open_engine() -> Engine:
        engine = Engine(open_services, poll_s)
        engine.start()
        return engine

    return open_engine
