"""What the kernel counts while a check runs: memory errors, machine checks, heat."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reprise.adapters.hardware.sysfs import Roots, names, read_int, read_text
from reprise.tools.proc import parse_machine_checks

# Documentation/hwmon/sysfs-interface.rst of the kernel: temperatures in thousandths of a degree.
_PER_DEGREE = 1000
# The hwmon drivers of processors (Intel, AMD since K8, Zen by another driver, ARM).
_PROCESSORS = ("coretemp", "k8temp", "k10temp", "zenpower", "via_cputemp", "cpu_thermal")
_ZONES = ("x86_pkg_temp", "cpu-thermal", "cpu_thermal")  # thermal zones, where there is no hwmon
_SANE_C = range(1, 130)  # a sensor that says 0 or 255 does not work


def memory_errors(roots: Roots) -> int | None:
    """Errors that EDAC counted since the start, corrected or not, and machine checks. None where
    there is no memory controller of EDAC: corrected errors are invisible then."""
    folder = roots.sys / "devices/system/edac/mc"
    controllers = [folder / name for name in names(folder) if name.startswith("mc")]
    counts = [
        read_int(controller / kind)
        for controller in controllers
        for kind in ("ce_count", "ce_noinfo_count", "ue_count", "ue_noinfo_count")
    ]
    known = [count for count in counts if count is not None]
    return sum(known) + (machine_checks(roots) or 0) if known else None


def machine_checks(roots: Roots) -> int | None:
    """Machine check exceptions since the start, of all processors; None where not counted."""
    return parse_machine_checks(read_text(roots.proc / "interrupts") or "")


def slowdowns(roots: Roots) -> int | None:
    """Times that the processor slowed down for its heat since the start; None where it does not
    count (Documentation/ABI/testing/sysfs-devices-system-cpu: Intel only). Threads of one core
    and cores of one package tell the same count, so the largest one is taken."""
    folder = roots.sys / "devices/system/cpu"
    counts = [
        read_int(folder / name / "thermal_throttle" / kind)
        for name in names(folder)
        if name.startswith("cpu")
        for kind in ("core_throttle_count", "package_throttle_count")
    ]
    return max((count for count in counts if count is not None), default=None)


class Thermometer:
    """The processor's sensors. Their places are looked for once."""

    def __init__(self, roots: Roots) -> None:
        self._inputs = tuple(_inputs(roots))

    def celsius(self) -> int | None:
        """The hottest sensor; None where none can be read."""
        readings = (_degrees(path) for path in self._inputs)
        return max((reading for reading in readings if reading is not None), default=None)

    def limit_c(self) -> int | None:
        """The lowest critical temperature that the sensors name."""
        limits = (_degrees(Path(str(path).replace("_input", "_crit"))) for path in self._inputs)
        return min((limit for limit in limits if limit is not None), default=None)


def _inputs(roots: Roots) -> Iterable[Path]:
    folder = roots.sys / "class/hwmon"
    inputs = [
        path
        for name in names(folder)
        if read_text(folder / name / "name") in _PROCESSORS
        for path in sorted((folder / name).glob("temp*_input"))
    ]
    if inputs:
        return inputs
    zones = roots.sys / "class/thermal"
    return [zones / n / "temp" for n in names(zones) if read_text(zones / n / "type") in _ZONES]


def _degrees(path: Path) -> int | None:
    raw = read_int(path)
    value = None if raw is None else round(raw / _PER_DEGREE)
    return value if value in _SANE_C else None
