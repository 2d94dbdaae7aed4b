"""The processor check really runs for a moment; its sensors are made trees."""

from __future__ import annotations

from threading import Event as Flag

import pytest

from reprise.adapters.checks.processor import ProcessorCheck, _Tally
from reprise.domain.checks.catalogue import CheckLimit, CheckReason, MeasureName
from reprise.domain.checks.results import CheckResult, CheckStatus
from unit.adapters.checks.check_kit import end, pc_of, told
from unit.adapters.hardware.made_tree import MadeTree


def cpu(tree: MadeTree, celsius: int, crit: int = 100, throttled: int = 7) -> None:
    tree.write("sys/class/hwmon/hwmon0/name", "acpitz\n")
    tree.write("sys/class/hwmon/hwmon0/temp1_input", "119000\n")
    tree.write("sys/class/hwmon/hwmon1/name", "coretemp\n")
    for core in (1, 2):
        tree.write(f"sys/class/hwmon/hwmon1/temp{core}_input", f"{celsius - 2 + core}000\n")
        tree.write(f"sys/class/hwmon/hwmon1/temp{core}_crit", f"{crit}000\n")
    folder = "sys/devices/system/cpu/cpu0/thermal_throttle"
    tree.write(f"{folder}/core_throttle_count", f"{throttled}\n")
    tree.write(f"{folder}/package_throttle_count", f"{throttled}\n")


def test_this_machines_cores_compute_rightly_under_load(tree: MadeTree) -> None:
    cpu(tree, 71)
    result = end(ProcessorCheck(pc_of(tree), load_s=0.6))
    assert told(result) == (CheckStatus.PASSED, None)
    assert result.measured(MeasureName.PEAK_TEMPERATURE) == 71
    assert result.measured(MeasureName.SLOWDOWNS) == 0
    assert (result.measured(MeasureName.CORES) or 0) >= 1


def test_heat_fails(tree: MadeTree) -> None:
    cpu(tree, 100)
    result = end(ProcessorCheck(pc_of(tree), load_s=0.1))
    assert told(result) == (CheckStatus.FAILED, CheckReason.TOO_HOT)


def test_a_processor_that_slows_down_fails(tree: MadeTree) -> None:
    cpu(tree, 90)
    running = ProcessorCheck(pc_of(tree), load_s=1.0).run(Flag())
    next(running)  # must come before the load's end, on a busy machine too
    cpu(tree, 90, throttled=9)
    *_ticks, result = running
    assert isinstance(result, CheckResult)
    assert told(result) == (CheckStatus.FAILED, CheckReason.SLOWED_BY_HEAT)
    assert result.measured(MeasureName.SLOWDOWNS) == 2


def test_without_a_thermometer_the_check_is_not_passed(tree: MadeTree) -> None:
    result = end(ProcessorCheck(pc_of(tree), load_s=0.1))
    assert told(result) == (CheckStatus.UNKNOWN, CheckReason.NO_SENSOR)
    assert CheckLimit.NO_THROTTLE_COUNTER in result.limits


def test_a_wrong_result_fails(tree: MadeTree, monkeypatch: pytest.MonkeyPatch) -> None:
    cpu(tree, 60)

    def miscounts(_cpu: int, tally: _Tally, leave: Flag, _expected: object) -> None:
        tally.wrong = 1
        leave.wait()

    monkeypatch.setattr("reprise.adapters.checks.processor._burn", miscounts)
    result = end(ProcessorCheck(pc_of(tree), load_s=0.1))
    assert told(result) == (CheckStatus.FAILED, CheckReason.WRONG_SUMS)
