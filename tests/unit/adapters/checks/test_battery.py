"""The battery check on made trees."""

from __future__ import annotations

from threading import Event as Flag

import pytest

from reprise.adapters.checks.battery import BatteryCheck
from reprise.domain.checks.catalogue import CheckReason, MeasureName
from reprise.domain.checks.results import CheckProgress, CheckResult, CheckStatus
from unit.adapters.checks.check_kit import end, pc_of, told
from unit.adapters.hardware.made_tree import MadeTree


def battery(tree: MadeTree, **facts: str) -> None:
    shown = {"type": "Battery", "status": "Discharging", "model_name": "N5YH9"}
    shown |= {"energy_full_design": "65000000", "energy_full": "52000000"}
    for name, value in (shown | facts).items():
        tree.write(f"sys/class/power_supply/BAT0/{name}", value + "\n")


def test_a_battery_that_gives_power_passes(tree: MadeTree) -> None:
    battery(tree, energy_now="40000000", cycle_count="211")
    running = BatteryCheck(pc_of(tree), discharge_s=0.2).run(Flag())
    assert isinstance(next(running), CheckProgress)
    battery(tree, energy_now="39900000")
    *_ticks, result = running
    assert isinstance(result, CheckResult)
    assert told(result) == (CheckStatus.PASSED, None)
    assert result.measured(MeasureName.HEALTH) == 80.0
    assert result.measured(MeasureName.ENERGY_DROP) == 0.1
    assert result.measured(MeasureName.CHARGE_CYCLES) == 211
    assert result.detail == "N5YH9"


@pytest.mark.parametrize(
    ("facts", "status", "reason"),
    [
        ({"energy_full": "30000000"}, CheckStatus.FAILED, CheckReason.WORN_OUT),
        ({"status": "Charging"}, CheckStatus.UNKNOWN, CheckReason.ON_MAINS),
        ({"energy_full_design": "0"}, CheckStatus.UNKNOWN, CheckReason.NO_CAPACITY),
        ({"energy_now": "40000000"}, CheckStatus.FAILED, CheckReason.NOT_GIVING),
        ({"present": "0"}, CheckStatus.UNKNOWN, CheckReason.NONE_FOUND),
    ],
)
def test_other_batteries(
    tree: MadeTree, facts: dict[str, str], status: CheckStatus, reason: CheckReason
) -> None:
    battery(tree, **facts)
    assert told(end(BatteryCheck(pc_of(tree), discharge_s=0.05))) == (status, reason)
