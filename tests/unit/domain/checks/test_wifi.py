"""When Wi-Fi passes."""

from __future__ import annotations

from reprise.domain.checks.wifi import judge_wifi
from unit.domain.checks.results_told import PASSED, UNKNOWN, L, M, R, whole


def test_one_network_is_enough() -> None:
    assert whole(judge_wifi(0, None)) == (UNKNOWN, R.NO_NETWORK_AROUND, "", {}, ())
    one = (PASSED, None, "", {M.NETWORKS: 1}, (L.NOTHING_SENT,))
    assert whole(judge_wifi(1, None)) == one
    assert whole(judge_wifi(1, 0))[3] == {M.NETWORKS: 1, M.BEST_SIGNAL: 0}
