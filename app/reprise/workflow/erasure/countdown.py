"""The countdown to what nobody asked for just now: an erasure without a person, a PC that switches
itself off. The same for screen and plain lines, which only word it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from math import floor


@dataclass(frozen=True, slots=True)
class CountdownGoal:
    """What is counted down to now. `about`: which plan, or which report; for another one it begins
    anew. "": there is nothing to count down to. `reasons`: what is in its way, as sentences."""

    about: str = ""
    lasts_s: int = 0
    reasons: tuple[str, ...] = ()


class CountdownState(Enum):
    IDLE = auto()  # nothing to count down to
    HELD = auto()  # a reason is in its way: once there is none, it begins anew
    COUNTING = auto()
    OVER = auto()  # told once: now is the time
    ENDED = auto()  # it was told, or a person stopped it: nothing comes any more


class Countdown:
    """`clock`: seconds, and never back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._about = ""  # of what it counts; "": it does not
        self._lasts_s, self._since_s = 0, 0.0
        self._ended = False

    @property
    def left_s(self) -> int | None:
        """Begun seconds; None where none is counted."""
        if not self._about:
            return None
        return max(self._lasts_s - floor(self._clock() - self._since_s), 0)

    def anew(self) -> None:
        """What it showed or said may not have reached anybody: the next look begins it again."""
        self._about = ""

    def stop(self) -> None:
        """A person is there: for good."""
        self._ended, self._about = True, ""

    def look(self, aim: CountdownGoal) -> CountdownState:
        """Look again and again: the time between two looks counts where both saw the same, free."""
        if self._ended:
            return CountdownState.ENDED
        if not aim.about or aim.reasons:
            self._about = ""
            return CountdownState.HELD if aim.about else CountdownState.IDLE
        if aim.about != self._about:
            self._about = aim.about
            self._lasts_s, self._since_s = aim.lasts_s, self._clock()
            return CountdownState.COUNTING
        if self.left_s:
            return CountdownState.COUNTING
        self._ended = True
        return CountdownState.OVER
