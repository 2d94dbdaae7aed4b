"""When a touchpad passes."""

from __future__ import annotations

from reprise.domain.checks.pointer import judge_pointer
from unit.domain.checks.results_told import PASSED, UNKNOWN, M, R, whole


def test_a_pointer_needs_some_motion_and_each_of_its_buttons() -> None:
    both = ("left", "right")
    values = {M.MOVES: 1, M.BUTTONS_SEEN: 2, M.BUTTONS: 2}
    assert whole(judge_pointer(1, both, both)) == (PASSED, None, "", values, ())
    still = judge_pointer(0, both, both)
    assert whole(still)[:2] == (UNKNOWN, R.NOT_ALL_SEEN)
    silent = whole(judge_pointer(1, ("middle",), both))
    assert silent[:3] == (UNKNOWN, R.NOT_ALL_SEEN, "left, right")
    assert silent[3][M.BUTTONS_SEEN] == 0
    assert whole(judge_pointer(1, both, ())) == (UNKNOWN, R.NONE_FOUND, "", {}, ())
