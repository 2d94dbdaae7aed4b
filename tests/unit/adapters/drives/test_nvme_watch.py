"""What the Sanitize Status log makes of our command, told without a drive."""

from __future__ import annotations

import pytest

from reprise.adapters.drives.firmware.nvme_watch import SanitizeWatch
from reprise.adapters.drives.firmware.step import WatchStep
from reprise.wire.nvme_erase import SanitizeStatus

OURS, OTHER = 0x0A, 0x0B  # CDW10 of our command, and of another
IDLE, DONE, RUNNING, FAILED = 0b000, 0b001, 0b010, 0b011
ERASED = 1 << 8  # NVMe Base 5.16.1: Global Data Erased
STUCK_S = 100.0


def log(state: int, cdw10: int = OURS, progress: int = 0) -> SanitizeStatus:
    return SanitizeStatus(progress, state, cdw10)


def watch(before: SanitizeStatus | None = None, *, earlier: bool = False) -> SanitizeWatch:
    return SanitizeWatch(OURS, before, STUCK_S, 0.0, earlier)


def test_what_was_seen_running_and_succeeded_is_finished() -> None:
    one = watch()
    assert one.see(log(RUNNING, progress=7), 1) is WatchStep.GOING_ON
    assert one.see(log(DONE), 2) is WatchStep.FINISHED
    assert watch(log(RUNNING)).see(log(FAILED, progress=9), 1) is WatchStep.FAILED


@pytest.mark.parametrize("state", [DONE, FAILED])
def test_a_log_that_speaks_of_nothing_new_gets_five_seconds(state: int) -> None:
    one = watch(log(state))
    assert one.see(log(state), 4.9) is WatchStep.GOING_ON
    assert one.see(log(state), 5.0) is (WatchStep.FAILED if state == FAILED else WatchStep.NOT_OURS)
    assert watch(log(state), earlier=True).see(log(state), 0.1) in (
        WatchStep.FAILED,
        WatchStep.NOT_OURS,
    )


@pytest.mark.parametrize(
    ("purged", "step"),
    [(1 << 11, WatchStep.FINISHED), (0, WatchStep.FAILED), (1 << 10, WatchStep.FAILED)],
)
def test_a_purge_that_was_required_must_be_told(purged: int, step: WatchStep) -> None:
    """PREQ: purge or fail. A drive that says neither has cleared."""
    ours = OURS | 1 << 11
    one = SanitizeWatch(ours, log(IDLE, 0), STUCK_S, 0.0)
    assert one.see(log(RUNNING, ours), 1) is WatchStep.GOING_ON
    assert one.see(log(DONE | purged, ours), 2) is step


def test_as_long_as_the_limit_is_no_hang_yet() -> None:
    one = watch()
    assert one.see(None, STUCK_S) is WatchStep.GOING_ON
    assert one.see(None, STUCK_S + 0.5) is WatchStep.HUNG
    moving = watch()
    assert moving.see(log(RUNNING, progress=1), 90) is WatchStep.GOING_ON
    assert moving.see(log(RUNNING, progress=1), 190) is WatchStep.GOING_ON
    assert moving.see(log(RUNNING, progress=2), 191) is WatchStep.GOING_ON
    assert moving.see(log(RUNNING, progress=2), 292) is WatchStep.HUNG


def test_an_operation_of_somebody_else_is_not_ours() -> None:
    one = watch(log(IDLE, 0))
    assert one.see(log(RUNNING, OTHER), 1) is WatchStep.GOING_ON
    assert not one.seen_running
    assert one.see(log(DONE, OTHER), 2) is WatchStep.NOT_OURS


def test_an_earlier_sessions_success_counts_where_nothing_was_written_since() -> None:
    assert watch(earlier=True).see(log(DONE | ERASED), 1) is WatchStep.FINISHED
    assert watch(earlier=True).see(log(DONE), 1) is WatchStep.NOT_OURS
    assert watch(earlier=True).see(log(DONE | ERASED, OTHER), 1) is WatchStep.NOT_OURS


def test_that_user_data_was_written_is_no_news() -> None:
    """Else the success of long ago would look like ours."""
    assert watch(log(DONE | ERASED)).see(log(DONE), 9) is WatchStep.NOT_OURS
