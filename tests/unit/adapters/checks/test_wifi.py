"""The Wi-Fi check on made trees."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reprise.adapters.checks.wifi import WifiCheck
from reprise.domain.checks.catalogue import CheckReason, MeasureName
from reprise.domain.checks.results import CheckResult, CheckStatus
from unit.adapters.checks.check_kit import end, pc_of, told
from unit.adapters.checks.network_card import card
from unit.adapters.hardware.made_tree import MadeTree, answer


def wifi(tree: MadeTree, radio: str, scan: str, code: int = 0) -> CheckResult:
    card(tree, "wlo1")
    (tree.root / "sys/class/net/wlo1/phy80211").mkdir(exist_ok=True)

    def nmcli(argv: Sequence[str]) -> object:
        return answer(radio if "radio" in argv else scan, code, b"Error: no.")(argv)

    tree.answers["nmcli"] = nmcli  # type: ignore[assignment]
    return end(WifiCheck(pc_of(tree)))


def test_a_scan_that_hears_networks_passes_and_keeps_no_names(tree: MadeTree) -> None:
    result = wifi(tree, "enabled:enabled\n", "87\n44\n30\n")
    assert told(result) == (CheckStatus.PASSED, None)
    assert result.measured(MeasureName.NETWORKS) == 3
    assert result.measured(MeasureName.BEST_SIGNAL) == 87
    assert not any("SSID" in word for argv in tree.asked for word in argv)


@pytest.mark.parametrize(
    ("radio", "scan", "code", "reason"),
    [
        ("disabled:enabled\n", "", 0, CheckReason.SWITCHED_OFF),
        ("enabled:enabled\n", "", 0, CheckReason.NO_NETWORK_AROUND),
        ("enabled:enabled\n", "", 8, CheckReason.TOOL_FAILED),
        ("?", "", 0, CheckReason.NO_NETWORK_AROUND),
    ],
)
def test_wifi_without_a_network_is_unknown(
    tree: MadeTree, radio: str, scan: str, code: int, reason: CheckReason
) -> None:
    assert told(wifi(tree, radio, scan, code)) == (CheckStatus.UNKNOWN, reason)


def test_wifi_without_card_or_tool(tree: MadeTree) -> None:
    check = WifiCheck(pc_of(tree))
    assert told(end(check)) == (CheckStatus.UNKNOWN, CheckReason.NONE_FOUND)
    card(tree, "wlo1")
    (tree.root / "sys/class/net/wlo1/wireless").mkdir()
    assert told(end(check)) == (CheckStatus.UNKNOWN, CheckReason.TOOL_ABSENT)
