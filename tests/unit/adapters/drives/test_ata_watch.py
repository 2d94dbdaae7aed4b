"""What a drive says while it sanitizes itself, told without a drive."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters.drives.firmware.ata_watch import AtaWatch
from reprise.adapters.drives.firmware.step import WatchStep
from reprise.adapters.drives.passthrough.sgio import HEADER, MEMBERS
from reprise.domain.drives.capabilities import SanitizeState
from reprise.wire.sat import SanitizeStatus

S = SanitizeState
STUCK_S = 100.0


def told(state: SanitizeState, progress: int = 0) -> SanitizeStatus:
    return SanitizeStatus(state, progress)


def last(
    *states: SanitizeStatus | None, before: SanitizeState = S.IDLE, earlier: bool = False
) -> WatchStep:
    """One look a second."""
    watch = AtaWatch(before, STUCK_S, 0.0, earlier=earlier)
    return [watch.see(state, float(now)) for now, state in enumerate(states)][-1]


def test_running_then_done() -> None:
    assert last(told(S.RUNNING), told(S.RUNNING, 5)) is WatchStep.GOING_ON
    assert last(told(S.RUNNING), told(S.SUCCEEDED), before=S.SUCCEEDED) is WatchStep.FINISHED


ENDED = SanitizeStatus(S.UNKNOWN, ended=True)


@pytest.mark.parametrize(
    ("first", "before", "earlier", "step"),
    [
        (told(S.RUNNING), S.UNKNOWN, False, WatchStep.FINISHED),
        (told(S.RUNNING), S.UNKNOWN, True, WatchStep.FINISHED),
        (ENDED, S.IDLE, False, WatchStep.FINISHED),
        (ENDED, S.UNKNOWN, False, WatchStep.NOT_OURS),
        (ENDED, S.IDLE, True, WatchStep.NOT_OURS),
    ],
)
def test_an_end_whose_success_bit_is_cut_off(
    first: SanitizeStatus, before: SanitizeState, earlier: bool, step: WatchStep
) -> None:
    """It must be told for seconds; one that fails meanwhile has failed."""
    looks = [first, *[ENDED] * 10]
    assert last(*looks[:9], before=before, earlier=earlier) is WatchStep.GOING_ON
    assert last(*looks, before=before, earlier=earlier) is step
    assert last(*looks[:9], told(S.FAILED), before=before, earlier=earlier) is WatchStep.FAILED
    assert last(*looks[:9], told(S.RUNNING, 9), ENDED, before=before) is WatchStep.GOING_ON


@pytest.mark.parametrize("before", [S.SUCCEEDED, S.UNKNOWN, S.FROZEN])
def test_a_success_that_may_be_older_is_not_ours(before: SanitizeState) -> None:
    assert last(told(S.SUCCEEDED), before=before) is WatchStep.NOT_OURS


@pytest.mark.parametrize("before", [S.IDLE, S.FAILED])
def test_a_success_where_there_was_none_is_ours(before: SanitizeState) -> None:
    assert last(told(S.SUCCEEDED), before=before) is WatchStep.FINISHED


def test_idle_twice_is_no_success() -> None:
    assert last(told(S.IDLE)) is WatchStep.GOING_ON
    assert last(told(S.RUNNING), told(S.IDLE), told(S.IDLE)) is WatchStep.NOT_OURS
    assert last(told(S.IDLE), told(S.IDLE), earlier=True) is WatchStep.NOT_OURS


@pytest.mark.parametrize("before", list(S))
def test_a_success_that_nobody_saw_coming_is_not_an_earlier_sessions(before: SanitizeState) -> None:
    """Some drives keep it over the power: the drive may have been used again since."""
    seen = before is S.RUNNING
    step = last(told(S.SUCCEEDED), before=before, earlier=True)
    assert step is (WatchStep.FINISHED if seen else WatchStep.NOT_OURS)
    assert (
        last(told(S.RUNNING), told(S.SUCCEEDED), before=before, earlier=True) is WatchStep.FINISHED
    )


def test_no_progress_for_too_long_is_a_hang() -> None:
    for status in (told(S.RUNNING, 655), None):
        assert last(*[status] * 90) is WatchStep.GOING_ON
        assert last(*[status] * 103) is WatchStep.HUNG


def test_progress_is_life() -> None:
    assert last(*[told(S.RUNNING, at) for at in range(300)]) is WatchStep.GOING_ON


@given(st.lists(st.sampled_from([S.RUNNING, S.IDLE, S.FROZEN, S.UNKNOWN, S.FAILED]), min_size=1))
def test_nothing_but_success_is_the_end(states: list[SanitizeState]) -> None:
    assert last(*map(told, states), before=S.IDLE) is not WatchStep.FINISHED


def test_the_header_is_as_long_as_the_kernels() -> None:
    assert HEADER.size == 88  # sizeof(struct sg_io_hdr) where pointers have 8 bytes
    assert len(HEADER.unpack(bytes(HEADER.size))) == len(MEMBERS)


def test_nothing_is_done_of_what_was_not_told_yet() -> None:
    watch = AtaWatch(S.IDLE, STUCK_S, 0.0, earlier=False)
    assert (watch.progress, watch.seen_running) == (0, False)
    watch.see(told(S.RUNNING, 7), 1.0)
    assert (watch.progress, watch.seen_running) == (7, True)


def test_as_long_as_the_limit_is_no_hang_yet() -> None:
    watch = AtaWatch(S.IDLE, STUCK_S, 0.0, earlier=False)
    assert watch.see(None, STUCK_S) is WatchStep.GOING_ON
    assert watch.see(None, STUCK_S + 0.5) is WatchStep.HUNG
