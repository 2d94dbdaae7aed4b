"""A person may cut the power once the report is on a stick or the server has it, never before."""

from __future__ import annotations

import pytest

from reprise.domain.report.events import ReportSealed
from reprise.ports import OutboxItem
from reprise.workflow.session.came_to import proof_is_safe
from reprise.workflow.session.services import StickLine
from reprise.workflow.session.state import SessionState

SEALED = SessionState(sealed=ReportSealed("r-1", "ab" * 32, "stick"))
STICK = StickLine("stick", may_pull=True)
MEMORY = StickLine("memory", may_pull=True)


def queued(state: str, report_id: str = "r-1") -> OutboxItem:
    return OutboxItem(report_id, "/x", 1, state)


@pytest.mark.parametrize("stick", [STICK, MEMORY, StickLine("folder", may_pull=True), None])
@pytest.mark.parametrize("outbox", [(), (queued("sent"),), (queued("sent", ""),)])
def test_an_unsealed_session_is_never_safe(
    stick: StickLine | None, outbox: tuple[OutboxItem, ...]
) -> None:
    assert not proof_is_safe(SessionState(), stick, outbox)


def test_on_a_stick_it_is_safe_and_in_memory_it_is_not() -> None:
    assert proof_is_safe(SEALED, STICK, ())
    assert proof_is_safe(SEALED, StickLine("folder", may_pull=False), ())
    assert not proof_is_safe(SEALED, MEMORY, ())
    assert not proof_is_safe(SEALED, None, ())


@pytest.mark.parametrize(
    ("state", "safe"), [("sent", True), ("waiting", False), ("refused", False)]
)
def test_in_memory_only_the_servers_receipt_makes_it_safe(state: str, safe: bool) -> None:
    assert proof_is_safe(SEALED, MEMORY, (queued(state),)) is safe
    assert proof_is_safe(SEALED, None, (queued("sent", "another"), queued(state))) is safe


def test_that_another_report_was_sent_says_nothing() -> None:
    assert not proof_is_safe(SEALED, MEMORY, (queued("sent", "another"),))
