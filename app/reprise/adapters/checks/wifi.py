"""Wi-Fi: whether a scan hears anybody."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.adapters.hardware.peripherals import read_network
from reprise.adapters.hardware.sysfs import Roots
from reprise.adapters.hardware.udev import UdevLookup
from reprise.domain.checks import CheckId, CheckReason, CheckResult
from reprise.domain.judge_devices import judge_wifi
from reprise.domain.judge_machine import unknown
from reprise.errors import ToolError
from reprise.ports import CommandRunner, StopFlag
from reprise.tools.nmcli_scan import (
    argv_wifi_radio,
    argv_wifi_scan,
    parse_wifi_radio,
    parse_wifi_scan,
)

_SCAN_S = 25.0
_QUICK_S = 10.0
_MAX_WORDS = 120


class WifiCheck:
    """Implements ports.FunctionCheck."""

    def __init__(self, runner: CommandRunner, udev: UdevLookup, roots: Roots | None = None) -> None:
        self._runner, self._udev, self._roots = runner, udev, roots or Roots()

    def run(self, _stop: StopFlag) -> Iterator[CheckResult]:
        cards = read_network(self._roots, self._udev)
        if not any(card.kind == "wifi" for card in cards):
            yield unknown(CheckId.WIFI, CheckReason.NONE_FOUND)
            return
        try:
            yield self._scan()
        except ToolError as error:
            yield unknown(CheckId.WIFI, CheckReason.TOOL_ABSENT, error.what)

    def _scan(self) -> CheckResult:
        radio = self._runner.run(argv_wifi_radio(), _QUICK_S)
        if parse_wifi_radio(radio.text) is False:
            return unknown(CheckId.WIFI, CheckReason.SWITCHED_OFF)
        result = self._runner.run(argv_wifi_scan(), _SCAN_S)
        if result.timed_out or result.exit_code != 0:
            said = result.stderr.decode("utf-8", "replace").strip()[:_MAX_WORDS]
            return unknown(CheckId.WIFI, CheckReason.TOOL_FAILED, said)
        scan = parse_wifi_scan(result.text)
        return judge_wifi(scan.networks, scan.best_percent)
