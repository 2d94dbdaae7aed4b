"""When wired ports pass."""

from __future__ import annotations

import pytest

from reprise.domain.checks.ethernet import judge_ethernet
from unit.domain.checks.results_told import PASSED, UNKNOWN, L, M, R, whole


@pytest.mark.parametrize(
    ("linked", "speed", "expected"),
    [
        (("a", "b", "c"), 1000, (PASSED, None, "", {M.LINK_SPEED: 1000}, (L.NOTHING_SENT,))),
        (("b",), None, (UNKNOWN, R.SOME_PORTS, "a, c", {}, (L.NOTHING_SENT,))),
        ((), None, (UNKNOWN, R.NO_CABLE, "a, b, c", {}, ())),
    ],
)
def test_each_wired_port_must_have_had_a_link(
    linked: tuple[str, ...], speed: int | None, expected: tuple[object, ...]
) -> None:
    status, reason, detail, values, limits = whole(judge_ethernet(("a", "b", "c"), linked, speed))
    assert (values.pop(M.PORTS_SEEN), values.pop(M.PORTS)) == (len(linked), 3)
    assert (status, reason, detail, values, limits) == expected


def test_a_pc_without_a_wired_port_says_so() -> None:
    assert whole(judge_ethernet((), (), None)) == (UNKNOWN, R.NONE_FOUND, "", {}, ())
