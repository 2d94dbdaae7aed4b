"""A demonstration says one thing about the network, wherever it is asked."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from threading import Event

import pytest

from reprise.adapters.demo.checks import played_checks
from reprise.adapters.demo.names import MACHINES
from reprise.adapters.demo.network import PlayedNetwork
from reprise.bootstrap.demo import Demonstration
from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.results import CheckResult
from reprise.domain.station.connectivity import ConnectionStep
from reprise_common.network import LinkKind, LinkState
from station_kit.held_clock import HeldClock


@pytest.mark.parametrize("machine", MACHINES)
def test_sheets_and_checks_agree_about_cables_and_radio(machine: str, tmp_path: Path) -> None:
    shown = Demonstration(machine, tmp_path, HeldClock())
    pc = shown.pc.probe_inventory()
    by_name = {link.name: link for link in shown.network.links(())}
    assert list(by_name) == [card.name for card in pc.network]
    wired = [card for card in pc.network if card.kind == "ethernet"]
    for card in wired:
        assert by_name[card.name].kind is LinkKind.ETHERNET
        assert (by_name[card.name].state is LinkState.UP) == bool(card.link)
        assert bool(by_name[card.name].addresses) == bool(card.link)
    checks = played_checks(pc, HeldClock())
    linked = sum(bool(card.link) for card in wired)
    assert linked, "reports are sent: a cable is plugged in"
    assert _told(checks[CheckId.ETHERNET].run(Event())).measures[0].value == linked
    found = {finding.step: finding.detail for finding in _quick(shown).test_server("kid")}
    assert found[ConnectionStep.LINK] in {card.name for card in wired if card.link}
    has_wifi = any(card.kind == "wifi" for card in pc.network)
    assert bool(shown.network.access_points(rescan=False)) == has_wifi
    assert (_told(checks[CheckId.WIFI].run(Event())).reason is CheckReason.NONE_FOUND) != has_wifi


@pytest.mark.parametrize("machine", MACHINES)
def test_every_check_can_be_played(machine: str, tmp_path: Path) -> None:
    pc = Demonstration(machine, tmp_path, HeldClock()).pc.probe_inventory()
    checks = played_checks(pc, HeldClock())
    assert set(checks) == {check for check in CheckId if check is not CheckId.SCREEN}
    assert all(_told(played.run(Event())).check is check for check, played in checks.items())


def _quick(shown: Demonstration) -> PlayedNetwork:
    shown.network._pause_s = 0.0
    return shown.network


def _told(items: Iterable[object]) -> CheckResult:
    return next(item for item in items if isinstance(item, CheckResult))
