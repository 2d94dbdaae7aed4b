"""When USB ports pass."""

from __future__ import annotations

from reprise.domain.checks.usb import judge_usb
from unit.domain.checks.results_told import PASSED, UNKNOWN, L, M, R, whole


def test_each_port_that_the_firmware_counts_needs_a_stick() -> None:
    assert whole(judge_usb(("a", "b"), 2)) == (PASSED, None, "", {M.PORTS_SEEN: 2, M.PORTS: 2}, ())
    assert whole(judge_usb(("a",), 2))[:2] == (UNKNOWN, R.NOT_ALL_SEEN)
    uncounted = (PASSED, None, "", {M.PORTS_SEEN: 1}, (L.PORTS_NOT_COUNTED,))
    assert whole(judge_usb(("a",), None)) == uncounted
    assert whole(judge_usb((), None))[:2] == (UNKNOWN, R.NOT_ALL_SEEN)
    assert whole(judge_usb((), 0))[:2] == (UNKNOWN, R.NOT_ALL_SEEN)
