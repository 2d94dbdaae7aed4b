"""The battery's health by its own gauge, and a short discharge where the PC runs on it.

Nobody is asked to unplug the mains: a worn-out battery would cut the power of a running erasure.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from reprise.adapters.checks.checked_pc import CheckedPc
from reprise.adapters.hardware.peripherals import read_batteries
from reprise.adapters.hardware.sysfs import read_int, read_text
from reprise.domain.checks.battery import BatteryFacts, judge_battery
from reprise.domain.checks.catalogue import CheckId
from reprise.domain.checks.results import CheckProgress, CheckResult
from reprise.domain.pc.parts import Battery
from reprise.ports import StopFlag

DISCHARGE_S = 30.0
_TICK_S = 0.5


class BatteryCheck:
    """Implements ports.sheets.checks.FunctionCheck."""

    def __init__(self, pc: CheckedPc, discharge_s: float = DISCHARGE_S) -> None:
        self._roots, self._discharge_s = pc.roots, discharge_s

    def run(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        batteries = tuple(read_batteries(self._roots))
        began, first = time.monotonic(), self._energy_wh(batteries)
        on_battery = self._discharging(batteries)
        while on_battery and time.monotonic() - began < self._discharge_s:
            if stop.is_set():
                return
            part = (time.monotonic() - began) / self._discharge_s
            yield CheckProgress(check=CheckId.BATTERY, part=part)
            time.sleep(min(_TICK_S, self._discharge_s))
            on_battery = self._discharging(batteries)
        spent, last = time.monotonic() - began, self._energy_wh(batteries)
        measured = on_battery and first is not None and last is not None
        yield judge_battery(
            BatteryFacts(
                names=tuple(battery.model or battery.name for battery in batteries),
                design_wh=_sum(tuple(battery.design_wh for battery in batteries)),
                full_wh=_sum(tuple(battery.full_wh for battery in batteries)),
                cycles=max(
                    (battery.cycles for battery in batteries if battery.cycles is not None),
                    default=None,
                ),
                drop_wh=(first or 0.0) - (last or 0.0) if measured else None,
                duration_s=spent if measured else 0.0,
            )
        )

    def _discharging(self, found: tuple[Battery, ...]) -> bool:
        folder = self._roots.sys / "class/power_supply"
        return any(
            read_text(folder / battery.name / "status") == "Discharging" for battery in found
        )

    def _energy_wh(self, found: tuple[Battery, ...]) -> float | None:
        return _sum(tuple(self._one_wh(battery.name) for battery in found))

    def _one_wh(self, name: str) -> float | None:
        """From µWh, or from µAh at the design voltage in µV: the voltage of the moment falls with
        the load, and would be taken for energy that left."""
        cell = self._roots.sys / "class/power_supply" / name
        energy = read_int(cell / "energy_now")
        if energy is not None:
            return energy / 1e6
        charge, voltage = read_int(cell / "charge_now"), read_int(cell / "voltage_min_design")
        return charge * voltage / 1e12 if charge is not None and voltage else None


def _sum(values: tuple[float | None, ...]) -> float | None:
    """None where any is unknown, or where there is nothing: a part is not the whole."""
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None
