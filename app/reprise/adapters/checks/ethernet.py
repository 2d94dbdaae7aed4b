"""Wired ports: whether each of them sees a link."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.adapters.checks.checked_pc import CheckedPc
from reprise.adapters.hardware.peripherals import read_network
from reprise.adapters.hardware.sysfs import read_int, read_text
from reprise.domain.checks.ethernet import judge_ethernet
from reprise.domain.checks.results import CheckResult
from reprise.ports import StopFlag

_MAX_MBIT_S = 800_000  # drivers say 4294967295 (-1) where there is no link


class EthernetCheck:
    """Implements ports.sheets.checks.FunctionCheck. It remembers the ports that had a link, so that
    one cable serves for all: plug it in, check, plug it into the next one, check again."""

    def __init__(self, pc: CheckedPc) -> None:
        self._pc = pc
        self._linked: dict[str, int | None] = {}  # port -> Mbit/s

    def run(self, _stop: StopFlag) -> Iterator[CheckResult]:
        cards = read_network(self._pc.roots, self._pc.udev)
        ports = tuple(card.name for card in cards if card.kind == "ethernet")
        for port in ports:
            folder = self._pc.roots.sys / "class/net" / port
            if read_text(folder / "carrier") == "1":
                speed = read_int(folder / "speed")
                self._linked[port] = speed if speed and speed < _MAX_MBIT_S else None
        linked = tuple(port for port in ports if port in self._linked)
        speeds = [self._linked[port] for port in linked]
        slowest = min((speed for speed in speeds if speed is not None), default=None)
        yield judge_ethernet(ports, linked, slowest)
