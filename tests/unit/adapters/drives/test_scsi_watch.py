"""What the watch makes of senses in any order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters.drives.firmware.scsi_watch import ScsiWatch
from reprise.adapters.drives.firmware.step import WatchStep
from reprise.wire.sense import Sense

CALM, FAILED, ATTENTION = Sense(0, 0, 0), Sense(3, 0x31, 3), Sense(6, 0x29, 0)
OTHER = Sense(2, 0x04, 0x02)


def running(progress: int | None) -> Sense:
    return Sense(2, 0x04, 0x1B, progress)


def test_a_drive_that_tells_no_progress_gets_the_time_of_its_size() -> None:
    watch = ScsiWatch(10, 1000, 0.0, earlier=False)
    assert watch.see(running(None), 1) is WatchStep.GOING_ON
    assert watch.see(running(None), 900) is WatchStep.GOING_ON
    assert watch.see(running(None), 1002) is WatchStep.HUNG
    watch = ScsiWatch(10, 1000, 0.0, earlier=False)
    assert watch.see(running(5), 1) is WatchStep.GOING_ON
    assert watch.see(running(None), 12) is WatchStep.HUNG


def test_as_long_as_the_limit_is_no_hang_yet() -> None:
    watch = ScsiWatch(10, 10, 0.0, earlier=False)
    assert watch.see(OTHER, 10) is WatchStep.GOING_ON
    assert watch.see(OTHER, 10.5) is WatchStep.HUNG


def test_progress_resets_the_clock() -> None:
    watch = ScsiWatch(10, 10, 0.0, earlier=False)
    for second in range(0, 100, 9):
        assert watch.see(running(second), second) is WatchStep.GOING_ON
    assert watch.see(running(99), 102) is WatchStep.GOING_ON
    assert watch.see(running(99), 120) is WatchStep.HUNG


STEPS = st.lists(
    st.one_of(
        st.sampled_from([CALM, FAILED, ATTENTION, OTHER, None]),
        st.integers(0, 65535).map(running),
    ),
    max_size=30,
)


@given(STEPS, st.booleans())
def test_it_ends_only_where_the_drive_says_so(senses: list[Sense | None], earlier: bool) -> None:
    """FINISHED needs a drive at rest; what an earlier session began, seen running too."""
    watch = ScsiWatch(1e9, 1e9, 0.0, earlier=earlier)
    ran = False
    for second, sense in enumerate(senses):
        step = watch.see(sense, second)
        ran = ran or bool(sense and sense.sanitizing)
        if step is WatchStep.FAILED:
            assert sense == FAILED
            return
        if step is WatchStep.CALM:
            assert sense == CALM
            step = watch.ready()
        if step is WatchStep.FINISHED:
            assert sense == CALM
            assert ran or not earlier
            return
        if step is WatchStep.NOT_OURS:
            assert earlier
            assert not ran
            return
        assert step is WatchStep.GOING_ON


def test_a_drive_that_was_never_seen_running_must_be_at_rest_twice() -> None:
    for earlier, end in ((False, WatchStep.FINISHED), (True, WatchStep.NOT_OURS)):
        watch = ScsiWatch(10, 10, 0.0, earlier=earlier)
        assert watch.see(CALM, 1) is WatchStep.CALM
        assert watch.ready() is WatchStep.GOING_ON
        assert watch.see(ATTENTION, 2) is WatchStep.GOING_ON
        assert watch.ready() is WatchStep.GOING_ON, "twice in a row"
        assert watch.ready() is end
        ran = ScsiWatch(10, 10, 0.0, earlier=earlier)
        ran.see(running(5), 1)
        assert ran.ready() is WatchStep.FINISHED


def test_the_last_sense_is_kept_for_the_report() -> None:
    watch = ScsiWatch(10, 10, 0.0, earlier=False)
    watch.see(running(5), 1)
    watch.see(None, 2)
    assert watch.last == running(5)


def test_only_a_drive_without_trouble_and_without_work_is_at_rest() -> None:
    """SPC-5, 4.4.8: NO SENSE and RECOVERED ERROR report no trouble."""

    def step(key: int, code: int, qualifier: int) -> WatchStep:
        return ScsiWatch(10, 10, 0.0, earlier=False).see(Sense(key, code, qualifier), 1)

    for key in (0, 1):
        assert step(key, 0, 0) is WatchStep.CALM
        assert step(key, 0x04, 0x1B) is WatchStep.GOING_ON, "sanitize in progress"
        assert step(key, 0x00, 0x16) is WatchStep.GOING_ON, "operation in progress"
    for key in (2, 4, 6, 0xB):
        assert step(key, 0, 0) is WatchStep.GOING_ON
