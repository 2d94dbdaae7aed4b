"""Wired ports: whether each of them sees a link."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.adapters.hardware.peripherals import read_network
from reprise.adapters.hardware.sysfs import Roots, read_int, read_text
from reprise.adapters.hardware.udev import UdevLookup
from reprise.domain.checks import CheckResult
from reprise.domain.judge_devices import judge_ethernet
from reprise.ports import StopFlag

_MAX_MBIT_S = 800_000  # drivers say 4294967295 (-1) where there is no link


class EthernetCheck:
    """Implements ports.FunctionCheck. It remembers the ports that had a link, so that one cable
    serves for all: plug it in, check, plug it into the next one, check again."""

    def __init__(self, udev: UdevLookup, roots: Roots | None = None) -> None:
        self._udev, self._roots = udev, roots or Roots()
        self._linked: dict[str, int | None] = {}  # port -> Mbit/s

    def run(self, _stop: StopFlag) -> Iterator[CheckResult]:
        cards = read_network(self._roots, self._udev)
        ports = tuple(card.name for card in cards if card.kind == "ethernet")
        for port in ports:
            folder = self._roots.sys / "class/net" / port
            if read_text(folder / "carrier") == "1":
                speed = read_int(folder / "speed")
                self._linked[port] = speed if speed and speed < _MAX_MBIT_S else None
        linked = tuple(port for port in ports if port in self._linked)
        speeds = [self._linked[port] for port in linked]
        slowest = min((speed for speed in speeds if speed is not None), default=None)
        yield judge_ethernet(ports, linked, slowest)
