"""The Ethernet check on made trees."""

from __future__ import annotations

from reprise.adapters.checks.ethernet import EthernetCheck
from reprise.domain.checks.catalogue import CheckReason, MeasureName
from reprise.domain.checks.results import CheckStatus
from unit.adapters.checks.check_kit import end, pc_of, told
from unit.adapters.checks.network_card import card
from unit.adapters.hardware.made_tree import MadeTree


def test_one_cable_serves_two_ports(tree: MadeTree) -> None:
    card(tree, "eno1", carrier="1", speed="1000")
    card(tree, "eno2", carrier="0", speed="4294967295")
    check = EthernetCheck(pc_of(tree))
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
    check = EthernetCheck(pc_of(tree))
    assert told(end(check)) == (CheckStatus.UNKNOWN, CheckReason.NO_CABLE)
    assert told(end(EthernetCheck(pc_of(MadeTree(tree.root / "bare"))))) == (
        CheckStatus.UNKNOWN,
        CheckReason.NONE_FOUND,
    )
