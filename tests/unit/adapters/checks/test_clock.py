"""The clock check on made trees."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.adapters.checks.clock import ClockCheck
from reprise.domain.checks.catalogue import CheckLimit, CheckReason
from reprise.domain.checks.results import CheckStatus
from unit.adapters.checks.check_kit import NOW, FakeClock, end, pc_of, told
from unit.adapters.hardware.made_tree import MadeTree

NOW_S = int(NOW.timestamp())
OKAY = "rtc_time\t: 15:59:58\nbatt_status\t: okay\n"
DEAD = OKAY.replace("okay", "dead")
YEAR_S = 365 * 24 * 3600


@pytest.mark.parametrize(
    ("rtc_s", "driver", "trusted", "status", "reason"),
    [
        (NOW_S - 60, OKAY, True, CheckStatus.PASSED, None),
        (NOW_S - 60, OKAY, False, CheckStatus.PASSED, None),
        (NOW_S + 7200, OKAY, True, CheckStatus.PASSED, None),  # local time
        (NOW_S, DEAD, True, CheckStatus.FAILED, CheckReason.CLOCK_FLAG),
        (NOW_S - 2 * YEAR_S, OKAY, False, CheckStatus.FAILED, CheckReason.CLOCK_LOST),
        (NOW_S - YEAR_S // 4, OKAY, False, CheckStatus.FAILED, CheckReason.CLOCK_LOST),
        (NOW_S + 80 * YEAR_S, OKAY, False, CheckStatus.FAILED, CheckReason.CLOCK_LOST),
        (NOW_S + YEAR_S, OKAY, True, CheckStatus.FAILED, CheckReason.CLOCK_WRONG),
        (None, OKAY, True, CheckStatus.UNKNOWN, CheckReason.NOT_READABLE),
    ],
)
def test_clocks(
    tree: MadeTree,
    rtc_s: int | None,
    driver: str,
    trusted: bool,
    status: CheckStatus,
    reason: CheckReason | None,
) -> None:
    if rtc_s is not None:
        tree.write("sys/class/rtc/rtc0/since_epoch", f"{rtc_s}\n")
    tree.write("proc/driver/rtc", driver)
    newest = NOW_S - 30 * 24 * 3600
    check = ClockCheck(replace(pc_of(tree), clock=FakeClock(trusted), newest_s=lambda: newest))
    assert told(end(check)) == (status, reason)


def test_a_clock_that_tells_no_flag_says_so(tree: MadeTree) -> None:
    tree.write("sys/class/rtc/rtc0/since_epoch", f"{NOW_S}\n")
    result = end(ClockCheck(replace(pc_of(tree), clock=FakeClock(trusted=True))))
    assert result.status is CheckStatus.PASSED
    assert CheckLimit.CLOCK_NO_FLAG in result.limits
    assert CheckLimit.CLOCK_ON_MAINS in result.limits
