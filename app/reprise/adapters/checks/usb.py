"""USB ports: in how many of them something was seen. Read from sysfs, which follows every plug."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

from reprise.adapters.checks.checked_pc import CheckedPc
from reprise.adapters.hardware.sysfs import names, read_text
from reprise.domain.checks.catalogue import CheckId, MeasureName, Unit
from reprise.domain.checks.results import CheckProgress, CheckResult, Measure
from reprise.domain.checks.usb import judge_usb
from reprise.ports import StopFlag

_TICK_S = 0.3
_DEVICE = re.compile(r"\d+-\d+(\.\d+)*")
# Documentation/ABI/testing/sysfs-bus-usb: what the firmware says of the connector (ACPI _UPC).
_OUTSIDE, _INSIDE = "hotplug", ("hardwired", "not used")


class UsbCheck:
    """Implements ports.sheets.checks.FunctionCheck. It ends by itself once every port that the
    firmware knows of was seen. A USB 3 connector is two ports, one on each bus: `peer` says so."""

    def __init__(self, pc: CheckedPc) -> None:
        self._devices = pc.roots.sys / "bus/usb/devices"

    def run(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        outside = frozenset(self._outside())
        count = len(outside) or None
        seen: dict[str, None] = {}
        while not (outside and outside.issubset(seen)):
            if stop.is_set():
                return
            seen.update(dict.fromkeys(self._used()))
            yield CheckProgress(
                check=CheckId.USB,
                seen=tuple(seen),
                measures=(
                    () if count is None else (Measure(MeasureName.PORTS, count, Unit.COUNT),)
                ),
            )
            time.sleep(_TICK_S)
        yield judge_usb(tuple(seen), count)

    def _outside(self) -> Iterator[str]:
        """Every connector that a person can reach, by its name."""
        for hub in names(self._devices):
            for folder in sorted((self._devices / hub).glob("*-port*")):
                if read_text(folder / "connect_type") == _OUTSIDE:
                    yield _connector(folder)

    def _used(self) -> Iterator[str]:
        """The connectors that something is plugged into now, through a hub or not."""
        for name in names(self._devices):
            connector = self._connector_of(name) if _DEVICE.fullmatch(name) else None
            if connector is not None:
                yield connector

    def _connector_of(self, device: str) -> str | None:
        """The outermost port that can be reached, on the way from the PC to the device. None for
        what is built in, or was pulled meanwhile."""
        parts = device.split(".")
        way = [".".join(parts[: n + 1]) for n in range(len(parts))]
        ports = [port for name in way if (port := _port(self._devices / name)) is not None]
        kinds = [read_text(port / "connect_type") for port in ports]
        for port, kind in zip(ports, kinds, strict=True):
            if kind == _OUTSIDE:
                return _connector(port)
        if not ports or kinds[-1] in _INSIDE:
            return None
        return _connector(ports[0])


def _port(device: Path) -> Path | None:
    link = device / "port"
    return link.resolve() if link.is_symlink() else None


def _connector(port: Path) -> str:
    """One name for both ports of a connector."""
    peer = port / "peer"
    both = {port.name, peer.resolve().name} if peer.is_symlink() else {port.name}
    return min(both)
