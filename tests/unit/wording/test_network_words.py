"""The network in plain words, where two cases differ in a word or a date."""

from __future__ import annotations

import pytest

from reprise.domain.station.connectivity import Reach
from reprise.wording.connectivity import said
from reprise.wording.delivery import what_to_do
from reprise.wording.network import joined, link_state
from reprise_common.network import Joined, Link, LinkKind, LinkState, Security


@pytest.mark.parametrize(
    ("code", "security", "lengths"),
    [
        (Joined.PASSWORD_LENGTH, Security.WEP, "5 ou 13"),
        (Joined.PASSWORD_LENGTH, Security.WPA2, "8 à 63"),
        (Joined.PASSWORD_LENGTH, None, "8 à 63"),
        (Joined.PASSWORD, Security.WEP, None),
        (Joined.NOT_FOUND, Security.WEP, None),
    ],
)
def test_only_a_password_of_a_wrong_length_is_told_how_long_it_is(
    code: Joined, security: Security | None, lengths: str | None
) -> None:
    told = joined(code, security)
    assert [one for one in ("5 ou 13", "8 à 63") if one in told] == ([lengths] if lengths else [])


@pytest.mark.parametrize(
    "reason", [Reach.CLOCK_WRONG, Reach.CLOCK_DOUBTFUL, Reach.CERTIFICATE_DATE]
)
def test_a_date_is_said_as_it_is_written_here(reason: Reach) -> None:
    told = said(reason, "2026-11-24")
    assert "24\N{NO-BREAK SPACE}novembre\N{NO-BREAK SPACE}2026" in told
    assert "2026-11-24" not in told


def test_a_wifi_that_nobody_joined_has_no_cable() -> None:
    wifi = Link(name="wlp2s0", kind=LinkKind.WIFI, state=LinkState.IDLE)
    cable = Link(name="eno1", kind=LinkKind.ETHERNET, state=LinkState.IDLE)
    assert link_state(wifi) == "non connecté"
    assert "câble branché" in link_state(cable)


@pytest.mark.parametrize("reason", [Reach.PORT_CLOSED, Reach.NO_ANSWER, Reach.DNS_SILENT])
def test_whatever_is_wrong_nobody_has_to_send_the_report_by_hand(reason: Reach) -> None:
    advice = what_to_do("", reason, "192.0.2.10")
    assert advice.endswith("Le rapport partira de lui-même dès que le serveur répondra.")
    assert not advice.startswith("Le rapport"), "and what there is to do"
