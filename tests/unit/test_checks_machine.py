"""Memory and processor checks really run for a moment; the rest reads made trees."""

from __future__ import annotations

import ctypes
from datetime import UTC, datetime
from threading import Event as Flag

import pytest

from reprise.adapters.checks import memory
from reprise.adapters.checks.battery import BatteryCheck
from reprise.adapters.checks.clock_battery import ClockBatteryCheck
from reprise.adapters.checks.memory import BLOCK_BYTES, Dose, MemoryCheck
from reprise.adapters.checks.processor import ProcessorCheck
from reprise.domain.checks import (
    CheckLimit,
    CheckProgress,
    CheckReason,
    CheckResult,
    CheckStatus,
    MeasureName,
)
from reprise.ports import ClockReading
from unit.check_kit import end, told
from unit.made_tree import MadeTree

SMALL = Dose(max_bytes=BLOCK_BYTES)
EDAC = "sys/devices/system/edac/mc/mc0"


@pytest.fixture
def meminfo(tree: MadeTree) -> MadeTree:
    tree.write("proc/meminfo", "MemTotal: 8048992 kB\nMemAvailable: 4000000 kB\n")
    return tree


def test_the_memory_of_this_machine_comes_back_as_written() -> None:
    result = end(MemoryCheck(dose=Dose(max_bytes=2 * BLOCK_BYTES)))
    assert told(result) == (CheckStatus.PASSED, None)
    assert result.measured(MeasureName.TESTED) == 2 * BLOCK_BYTES
    assert CheckLimit.MEMORY_SHARE in result.limits


@pytest.mark.parametrize("fill", [1, 2], ids=["pattern", "opposite"])
def test_one_wrong_byte_is_found(
    meminfo: MadeTree, monkeypatch: pytest.MonkeyPatch, fill: int
) -> None:
    done: list[int] = []
    real = memory._fill

    def with_a_dead_cell(block: memory._Block, pool: int) -> int:
        real(block, pool)
        done.append(1)
        if len(done) == fill:
            place = block.address + 12_345_678
            ctypes.memset(place, ctypes.string_at(place, 1)[0] ^ 0x10, 1)
        return 0

    monkeypatch.setattr(memory, "_fill", with_a_dead_cell)
    result = end(MemoryCheck(meminfo.roots, SMALL))
    assert told(result) == (CheckStatus.FAILED, CheckReason.WRONG_BITS)
    assert result.measured(MeasureName.ERRORS) == 1


def test_no_two_stretches_of_the_pattern_are_alike(meminfo: MadeTree) -> None:
    """A cell that answers for two addresses would not be seen otherwise."""
    block = memory._Block(3)
    places = [place for _address, place in block.units()]
    block.close()
    assert len(set(places)) == BLOCK_BYTES // (64 * 1024)


def test_what_edac_counts_meanwhile_fails(
    meminfo: MadeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("ce_count", "ce_noinfo_count", "ue_count", "ue_noinfo_count"):
        meminfo.write(f"{EDAC}/{kind}", "3\n")
    assert told(end(MemoryCheck(meminfo.roots, SMALL))) == (CheckStatus.PASSED, None)
    real = memory._compare

    def with_a_corrected_error(block: memory._Block, pool: int) -> int:
        meminfo.write(f"{EDAC}/ce_count", "4\n")
        return real(block, pool)

    monkeypatch.setattr(memory, "_compare", with_a_corrected_error)
    result = end(MemoryCheck(meminfo.roots, SMALL))
    assert told(result) == (CheckStatus.FAILED, CheckReason.MEMORY_EVENTS)
    assert CheckLimit.NO_ERROR_COUNTER not in result.limits


@pytest.mark.parametrize("available", ["MemAvailable: 580000 kB\n", ""])
def test_too_little_free_memory_is_not_a_pass(tree: MadeTree, available: str) -> None:
    tree.write("proc/meminfo", f"MemTotal: 1000000 kB\n{available}")
    result = end(MemoryCheck(tree.roots))
    assert told(result) == (CheckStatus.UNKNOWN, CheckReason.TOO_LITTLE_MEMORY)


def test_memory_that_is_refused_is_not_called_tested(
    meminfo: MadeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_number: int) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(memory, "_Block", refused)
    result = end(MemoryCheck(meminfo.roots, SMALL))
    assert told(result) == (CheckStatus.UNKNOWN, CheckReason.TOO_LITTLE_MEMORY)


def test_a_stopped_check_has_no_result() -> None:
    stop = Flag()
    for check in (MemoryCheck(dose=SMALL), ProcessorCheck(load_s=60.0)):
        stop.clear()
        seen = []
        for item in check.run(stop):
            seen.append(item)
            stop.set()
        assert not any(isinstance(item, CheckResult) for item in seen)


def test_a_check_that_is_left_in_the_middle_leaves_no_thread() -> None:
    running = MemoryCheck(dose=SMALL).run(Flag())
    assert isinstance(next(running), CheckProgress)
    running.close()


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
    result = end(ProcessorCheck(tree.roots, load_s=0.6))
    assert told(result) == (CheckStatus.PASSED, None)
    assert result.measured(MeasureName.PEAK_TEMPERATURE) == 71
    assert result.measured(MeasureName.SLOWDOWNS) == 0
    assert (result.measured(MeasureName.CORES) or 0) >= 1


def test_heat_fails(tree: MadeTree) -> None:
    cpu(tree, 100)
    result = end(ProcessorCheck(tree.roots, load_s=0.1))
    assert told(result) == (CheckStatus.FAILED, CheckReason.TOO_HOT)


def test_a_processor_that_slows_down_fails(tree: MadeTree) -> None:
    cpu(tree, 90)
    running = ProcessorCheck(tree.roots, load_s=1.0).run(Flag())
    next(running)  # must come before the load's end, on a busy machine too
    cpu(tree, 90, throttled=9)
    *_ticks, result = running
    assert isinstance(result, CheckResult)
    assert told(result) == (CheckStatus.FAILED, CheckReason.SLOWED_BY_HEAT)
    assert result.measured(MeasureName.SLOWDOWNS) == 2


def test_without_a_thermometer_the_check_is_not_passed(tree: MadeTree) -> None:
    result = end(ProcessorCheck(tree.roots, load_s=0.1))
    assert told(result) == (CheckStatus.UNKNOWN, CheckReason.NO_SENSOR)
    assert CheckLimit.NO_THROTTLE_COUNTER in result.limits


def test_a_wrong_result_fails(tree: MadeTree, monkeypatch: pytest.MonkeyPatch) -> None:
    cpu(tree, 60)
    monkeypatch.setattr(
        "reprise.adapters.checks.processor._burn",
        lambda _cpu, tally, leave, _expected: (setattr(tally, "wrong", 1), leave.wait()),
    )
    result = end(ProcessorCheck(tree.roots, load_s=0.1))
    assert told(result) == (CheckStatus.FAILED, CheckReason.WRONG_SUMS)


def battery(tree: MadeTree, **facts: str) -> None:
    shown = {"type": "Battery", "status": "Discharging", "model_name": "N5YH9"}
    shown |= {"energy_full_design": "65000000", "energy_full": "52000000"}
    for name, value in (shown | facts).items():
        tree.write(f"sys/class/power_supply/BAT0/{name}", value + "\n")


def test_a_battery_that_gives_power_passes(tree: MadeTree) -> None:
    battery(tree, energy_now="40000000", cycle_count="211")
    running = BatteryCheck(tree.roots, discharge_s=0.2).run(Flag())
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
    assert told(end(BatteryCheck(tree.roots, discharge_s=0.05))) == (status, reason)


NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
NOW_S = int(NOW.timestamp())


class FakeClock:
    def __init__(self, trusted: bool) -> None:
        self.trusted = trusted

    def read(self) -> ClockReading:
        return ClockReading(NOW, 1.0)

    def trust(self) -> tuple[bool, str]:
        return self.trusted, "ntp" if self.trusted else "rtc"


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
    check = ClockBatteryCheck(FakeClock(trusted), lambda: newest, tree.roots)
    assert told(end(check)) == (status, reason)


def test_a_clock_that_tells_no_flag_says_so(tree: MadeTree) -> None:
    tree.write("sys/class/rtc/rtc0/since_epoch", f"{NOW_S}\n")
    result = end(ClockBatteryCheck(FakeClock(True), lambda: 0, tree.roots))
    assert result.status is CheckStatus.PASSED
    assert CheckLimit.CLOCK_NO_FLAG in result.limits
    assert CheckLimit.CLOCK_ON_MAINS in result.limits
