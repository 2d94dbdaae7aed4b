"""Ethernet and Wi-Fi checks on made trees."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from reprise.adapters.checks.ethernet import EthernetCheck
from reprise.adapters.checks.wifi import WifiCheck
from reprise.domain.checks import CheckReason, CheckResult, CheckStatus, MeasureName
from unit.check_kit import end, told
from unit.made_tree import MadeTree, answer


def card(tree: MadeTree, name: str, **facts: str) -> None:
    (tree.root / f"sys/class/net/{name}/device").mkdir(parents=True, exist_ok=True)
    for file, value in ({"type": "1"} | facts).items():
        tree.write(f"sys/class/net/{name}/{file}", value + "\n")


def no_udev(_path: Path) -> dict[str, str]:
    return {}


def test_one_cable_serves_two_ports(tree: MadeTree) -> None:
    card(tree, "eno1", carrier="1", speed="1000")
    card(tree, "eno2", carrier="0", speed="4294967295")
    check = EthernetCheck(no_udev, tree.roots)
    first = end(check)
    assert told(first) == (CheckStatus.UNKNOWN, CheckReason.SOME_PORTS)
    assert first.detail == "eno2"
    card(tree, "eno1", carrier="0", speed="4294967295")
    card(tree, "eno2", carrier="1", speed="100")
    second = end(check)
    assert told(second) == (CheckStatus.PASSED, None)
    assert second.measured(MeasureName.LINK_SPEED) == 100


def test_no_cable_is_no_failure_and_no_pass(tree: MadeTree) -> None:
    card(tree, "eno1")
    check = EthernetCheck(no_udev, tree.roots)
    assert told(end(check)) == (CheckStatus.UNKNOWN, CheckReason.NO_CABLE)
    assert told(end(EthernetCheck(no_udev, MadeTree(tree.root / "bare").roots))) == (
        CheckStatus.UNKNOWN,
        CheckReason.NONE_FOUND,
    )


def wifi(tree: MadeTree, radio: str, scan: str, code: int = 0) -> CheckResult:
    card(tree, "wlo1")
    (tree.root / "sys/class/net/wlo1/phy80211").mkdir(exist_ok=True)

    def nmcli(argv: Sequence[str]) -> object:
        return answer(radio if "radio" in argv else scan, code, b"Error: no.")(argv)

    tree.answers["nmcli"] = nmcli  # type: ignore[assignment]
    return end(WifiCheck(tree, no_udev, tree.roots))


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
    check = WifiCheck(tree, no_udev, tree.roots)
    assert told(end(check)) == (CheckStatus.UNKNOWN, CheckReason.NONE_FOUND)
    card(tree, "wlo1")
    (tree.root / "sys/class/net/wlo1/wireless").mkdir()
    assert told(end(check)) == (CheckStatus.UNKNOWN, CheckReason.TOOL_ABSENT)
