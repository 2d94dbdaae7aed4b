"""Wi-Fi: whether a scan hears anybody."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.adapters.checks.checked_pc import CheckedPc
from reprise.adapters.checks.programs import known, succeeded
from reprise.adapters.hardware.peripherals import read_network
from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.results import CheckProgress, CheckResult, unknown
from reprise.domain.checks.wifi import judge_wifi
from reprise.ports import StopFlag
from reprise_common import nmcli

_SCAN_S = 25.0
_QUICK_S = 10.0


class WifiCheck:
    """Implements ports.sheets.checks.FunctionCheck."""

    def __init__(self, pc: CheckedPc) -> None:
        self._pc = pc

    def run(self, _stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        return known(CheckId.WIFI, self._steps())

    def _steps(self) -> Iterator[CheckResult]:
        cards = read_network(self._pc.roots, self._pc.udev)
        if not any(card.kind == "wifi" for card in cards):
            yield unknown(CheckId.WIFI, CheckReason.NONE_FOUND)
            return
        radio = self._pc.runner.run(nmcli.argv_radio(), _QUICK_S)
        if nmcli.parse_radio(radio.text) is not None:
            yield unknown(CheckId.WIFI, CheckReason.SWITCHED_OFF)
            return
        heard = succeeded(self._pc.runner.run(nmcli.argv_wifi_signals(), _SCAN_S))
        signals = nmcli.parse_wifi_signals(heard.text)
        yield judge_wifi(len(signals), max(signals, default=None))
