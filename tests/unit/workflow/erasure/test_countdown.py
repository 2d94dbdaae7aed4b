"""The countdown to what nobody asked for just now: never too early, never after a person came."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from reprise.workflow.erasure.countdown import Countdown, CountdownGoal, CountdownState

PLAN = CountdownGoal("plan", 30)
HELD = CountdownGoal("plan", 30, ("the stick is full",))


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def countdown() -> tuple[Countdown, Clock]:
    clock = Clock()
    return Countdown(clock), clock


def test_it_is_over_after_its_time_and_says_so_once() -> None:
    counting, clock = countdown()
    assert counting.left_s is None
    assert counting.look(PLAN) is CountdownState.COUNTING
    assert counting.left_s == 30
    clock.now_s += 29.5
    assert counting.look(PLAN) is CountdownState.COUNTING
    assert counting.left_s == 1, "a begun second"
    clock.now_s += 0.5
    assert counting.look(PLAN) is CountdownState.OVER
    assert counting.left_s == 0
    assert counting.look(PLAN) is CountdownState.ENDED
    assert counting.look(CountdownGoal("another", 30)) is CountdownState.ENDED


def test_it_never_begins_at_its_first_look() -> None:
    counting, clock = countdown()
    clock.now_s += 1000
    assert counting.look(CountdownGoal("plan", 0)) is CountdownState.COUNTING


def test_a_person_stops_it_for_good() -> None:
    counting, clock = countdown()
    counting.look(PLAN)
    counting.stop()
    assert counting.left_s is None
    clock.now_s += 1000
    assert counting.look(PLAN) is CountdownState.ENDED
    assert counting.look(CountdownGoal("another", 30)) is CountdownState.ENDED


def test_what_is_in_its_way_makes_it_begin_anew() -> None:
    for between, stand in ((HELD, CountdownState.HELD), (CountdownGoal(), CountdownState.IDLE)):
        counting, clock = countdown()
        counting.look(PLAN)
        clock.now_s += 29
        assert counting.look(between) is stand
        assert counting.left_s is None
        clock.now_s += 29
        assert counting.look(PLAN) is CountdownState.COUNTING
        assert counting.left_s == 30


def test_another_plan_begins_it_anew() -> None:
    counting, clock = countdown()
    counting.look(PLAN)
    clock.now_s += 30
    assert counting.look(CountdownGoal("another", 40)) is CountdownState.COUNTING
    assert counting.left_s == 40


class AnyTurn(RuleBasedStateMachine):
    """Against what was seen, kept whole: what is over must have been seen, free and the same, for
    as long as it lasts."""

    def __init__(self) -> None:
        super().__init__()
        self.counting, self.clock = countdown()
        self.seen: list[tuple[float, CountdownGoal]] = []
        self.final = False

    @rule(seconds=st.floats(0, 40))
    def time_passes(self, seconds: float) -> None:
        self.clock.now_s += seconds

    @rule()
    def a_person_comes(self) -> None:
        self.counting.stop()
        self.final = True

    @rule(
        about=st.sampled_from(["", "plan", "plan", "another"]),
        reasons=st.sampled_from([(), (), (), ("in the way",)]),
    )
    def it_looks(self, about: str, reasons: tuple[str, ...]) -> None:
        aim = CountdownGoal(about, 30, reasons)
        stand = self.counting.look(aim)
        self.seen.append((self.clock.now_s, aim))
        assert (stand is CountdownState.ENDED) == self.final
        if not self.final:
            assert (stand is CountdownState.OVER) == self._due()
            assert (stand is CountdownState.IDLE) == (not about)
            assert (stand is CountdownState.HELD) == bool(about and reasons)
        self.final = self.final or stand is CountdownState.OVER

    def _due(self) -> bool:
        now_s, aim = self.seen[-1]
        if not aim.about or aim.reasons:
            return False
        begun_s, looks = now_s, 0
        for when_s, one in reversed(self.seen):
            if one != aim:
                break
            begun_s, looks = when_s, looks + 1
        return looks > 1 and now_s - begun_s >= aim.lasts_s

    @invariant()
    def it_counts_what_is_left(self) -> None:
        left_s = self.counting.left_s
        assert left_s is None or 0 <= left_s <= 30


TestAnyTurn = AnyTurn.TestCase
