"""Of several links: which one is up, and which is nearest to it."""

from __future__ import annotations

import pytest

from reprise.domain.station.connectivity import (
    ConnectionStep,
    Finding,
    Reach,
    StepResult,
    judge_address,
    judge_link,
)
from reprise_common.network import Link, LinkKind, LinkState

CABLE, WIFI = LinkKind.ETHERNET, LinkKind.WIFI
LINK, ADDRESS = ConnectionStep.LINK, ConnectionStep.ADDRESS


def failed(step: ConnectionStep, reason: Reach, detail: str = "") -> Finding:
    return Finding(step, StepResult.FAILED, reason, detail)


def link(name: str, kind: LinkKind, state: LinkState, *addresses: str, detail: str = "") -> Link:
    return Link(name=name, kind=kind, state=state, addresses=addresses, detail=detail)


def test_without_an_adapter_or_with_none_that_works_there_is_nothing_to_name() -> None:
    assert judge_link(()) == failed(LINK, Reach.NO_ADAPTER)
    dead = link("eth0", CABLE, LinkState.UNAVAILABLE)
    assert judge_link((dead,)) == failed(LINK, Reach.LINK_DOWN)


def test_the_first_link_that_is_up_is_named() -> None:
    links = (
        link("eth0", CABLE, LinkState.UNPLUGGED),
        link("wlan0", WIFI, LinkState.UP, "169.254.1.1/16", "192.0.2.5/24"),
        link("eth1", CABLE, LinkState.UP, "192.0.2.6/24"),
    )
    assert judge_link(links) == Finding(LINK, StepResult.OK, None, "wlan0")
    assert judge_address(links) == Finding(ADDRESS, StepResult.OK, None, "192.0.2.5/24")


def test_what_is_nearest_to_a_link_is_told_with_its_name_or_what_is_missing() -> None:
    unplugged = link("eth0", CABLE, LinkState.UNPLUGGED)
    asks = link("wlan0", WIFI, LinkState.NEEDS_PASSWORD)
    assert judge_link((unplugged, asks)) == failed(LINK, Reach.WIFI_NOT_JOINED, "wlan0")
    lacks = link("0000:03:00.0", WIFI, LinkState.NO_FIRMWARE, detail="iwlwifi-9.ucode")
    assert judge_link((lacks,)) == failed(LINK, Reach.NO_FIRMWARE, "iwlwifi-9.ucode")
    assert judge_link((unplugged,)) == failed(LINK, Reach.CABLE, "eth0")


def test_an_address_of_a_link_that_is_down_leads_nowhere() -> None:
    down = link("eth0", CABLE, LinkState.IDLE, "192.0.2.5/24")
    assert judge_address((down,)) == failed(ADDRESS, Reach.NO_ADDRESS)
    assert judge_address(()) == failed(ADDRESS, Reach.NO_ADDRESS)


@pytest.mark.parametrize(
    ("state", "cable", "wifi"),
    [
        (LinkState.CONNECTING, Reach.NO_ADDRESS, Reach.WIFI_NOT_JOINED),
        (LinkState.IDLE, Reach.NO_ADDRESS, Reach.WIFI_NOT_JOINED),
        (LinkState.NEEDS_PASSWORD, Reach.LINK_DOWN, Reach.WIFI_NOT_JOINED),
        (LinkState.UNPLUGGED, Reach.CABLE, Reach.LINK_DOWN),
        (LinkState.SWITCHED_OFF, Reach.WIFI_OFF, Reach.WIFI_OFF),
        (LinkState.RADIO_OFF, Reach.WIFI_OFF, Reach.WIFI_OFF),
        (LinkState.NO_FIRMWARE, Reach.NO_FIRMWARE, Reach.NO_FIRMWARE),
        (LinkState.NO_DRIVER, Reach.NO_DRIVER, Reach.NO_DRIVER),
        (LinkState.UNMANAGED, Reach.LINK_DOWN, Reach.LINK_DOWN),
        (LinkState.UNAVAILABLE, Reach.LINK_DOWN, Reach.LINK_DOWN),
    ],
)
def test_what_each_state_lacks(state: LinkState, cable: Reach, wifi: Reach) -> None:
    assert judge_link((link("x", CABLE, state),)).reason is cable
    assert judge_link((link("x", WIFI, state),)).reason is wifi
