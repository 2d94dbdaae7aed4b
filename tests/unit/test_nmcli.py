"""nmcli's words. `nmcli-device-show.txt` is a recording; what no virtual machine has (Wi-Fi, a
missing firmware) is one mutation of it, or a table as nmcli(1) describes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprise.domain.network import (
    JoinFault,
    LinkKind,
    LinkState,
    Security,
    WifiNetwork,
    WifiWish,
    good_password,
)
from reprise.tools import nmcli

RECORDED = (Path(__file__).parent / "recorded" / "nmcli-device-show.txt").read_text()


def test_cards_with_their_addresses() -> None:
    first, second = nmcli.parse_links(RECORDED).links  # and no loopback
    assert (first.device, first.kind, first.state) == (
        "veth0",
        LinkKind.ETHERNET,
        LinkState.CONNECTED,
    )
    assert first.name == "a:b\\c ?"
    assert (first.addresses, first.gateways, first.dns) == (
        ("192.0.2.5/24",),
        ("192.0.2.1",),
        ("192.0.2.53",),
    )
    assert second.state is LinkState.CONNECTING
    assert second.addresses == ()  # fe80:: reaches the cable's end only


@pytest.mark.parametrize(
    ("was", "now", "state"),
    [
        ("100 (connected)", "20 (unavailable)", LinkState.NO_CABLE),
        ("100 (connected)", "30 (disconnected)", LinkState.IDLE),
        ("100 (connected)", "10 (unmanaged)", LinkState.UNUSABLE),
        ("100 (connected)", "120 (failed)", LinkState.FAILED),
        ("100 (connected)", "", LinkState.UNUSABLE),
        ("192.0.2.5/24", "169.254.7.1/16", LinkState.NO_ADDRESS),
        ("192.0.2.5/24", "--", LinkState.NO_ADDRESS),
    ],
)
def test_states_of_a_cable(was: str, now: str, state: LinkState) -> None:
    assert nmcli.parse_links(RECORDED.replace(was, now)).links[0].state is state


@pytest.mark.parametrize(("missing", "state"), [("no", "switched-off"), ("yes", "no-firmware")])
def test_a_wifi_card_that_is_not_there_says_why(missing: str, state: str) -> None:
    text = RECORDED.replace("TYPE:ethernet", "TYPE:wifi").replace("100 (conn", "20 (unav")
    text = text.replace("FIRMWARE-MISSING:no", f"FIRMWARE-MISSING:{missing}")
    found = nmcli.parse_links(text)
    assert found.has_wifi
    assert found.links[0].state == state


@pytest.mark.parametrize("text", ["", "\n\n", "garbage", "GENERAL.DEVICE:eth0", ":\n:"])
def test_what_is_no_table_of_cards_gives_none(text: str) -> None:
    assert nmcli.parse_links(text).links == ()


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("a:b", ["a", "b"]),
        (r"a\:b\\c ?:802-3-ethernet", [r"a:b\c ?", "802-3-ethernet"]),  # recorded
        (r"\\:x", ["\\", "x"]),
        (":", ["", ""]),
        ("", [""]),
        ("end\\", ["end"]),
    ],
)
def test_escapes_of_a_table(line: str, fields: list[str]) -> None:
    assert nmcli.split_terse(line) == fields


def row(ssid: bytes, signal: str = "50", security: str = "WPA2", use: str = " ") -> str:
    return f"{use}:{ssid.hex().upper()}:{signal}:{security}"


def test_networks_come_once_each_the_one_in_use_first() -> None:
    text = "\n".join(
        (
            row("Médiathèque: accueil".encode(), "40", ""),
            row(b"Agglo\\:", "30"),
            row(b"Agglo\\:", "80"),
            row(b"Maison", "20", "WPA2 WPA3", "*"),
            row(b""),  # hides its name
            row(b"\0\0\0\0"),  # so does this one
            "*:zz:50:WPA2",
            "not a row",
        )
    )
    assert nmcli.parse_scan(text) == (
        WifiNetwork("Maison", 20, Security.WPA, in_use=True),
        WifiNetwork("Agglo\\:", 80, Security.WPA),
        WifiNetwork("Médiathèque: accueil", 40, Security.OPEN),
    )


def test_a_name_that_is_no_text_keeps_its_bytes() -> None:
    (network,) = nmcli.parse_scan(row(b"caf\xe9"))
    profile = nmcli.wifi_profile(WifiWish(network.ssid), "x", "u")
    assert "ssid=99;97;102;233;" in profile


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("", Security.OPEN),
        ("WEP", Security.WEP),
        ("WPA1 WPA2", Security.WPA),
        ("WPA2 WPA3", Security.WPA),
        ("WPA3", Security.WPA3),
        ("WPA2 802.1X", Security.ENTERPRISE),
        ("OWE", Security.OPEN),
    ],
)
def test_what_a_network_asks_for(words: str, kind: Security) -> None:
    assert nmcli.security(words) is kind


def test_the_profile_is_what_networkmanager_reads() -> None:
    """Read back from NetworkManager 1.52 with `nmcli --show-secrets` when this was written."""
    wish = WifiWish("My:\\", ' ab\\c;d"#x', hidden=True, security=Security.WPA)
    text = nmcli.wifi_profile(wish, "reprise-wifi", "5f5f0b9a-1111-4a4a-8b8b-000000000001")
    rows = text.splitlines()
    assert "ssid=77;121;58;92;" in rows
    assert 'psk=\\sab\\\\c;d"#x' in rows
    assert {"hidden=true", "key-mgmt=wpa-psk", "autoconnect=true"} <= set(rows)


def test_wpa3_alone_and_open_networks() -> None:
    wpa3 = nmcli.wifi_profile(WifiWish("a", "12345678", security=Security.WPA3), "n", "u")
    assert "key-mgmt=sae" in wpa3.splitlines()
    assert "wifi-security" not in nmcli.wifi_profile(WifiWish("a"), "n", "u")


@pytest.mark.parametrize(
    ("code", "words", "fault"),
    [
        (0, "", None),
        (3, "Error: Timeout 45 sec expired.", JoinFault.TIMEOUT),
        (
            4,
            "Error: Connection activation failed: (7) Secrets were required, but not provided.",
            JoinFault.PASSWORD,
        ),
        (
            4,
            "Error: Connection activation failed: (53) The Wi-Fi network could not be found.",
            JoinFault.NOT_FOUND,
        ),
        (
            4,
            "Error: Connection activation failed: (5) IP configuration could not be reserved.",
            JoinFault.NO_ADDRESS,
        ),
        (8, "Error: NetworkManager is not running.", JoinFault.FAILED),
    ],
)
def test_why_it_was_not_joined(code: int, words: str, fault: JoinFault | None) -> None:
    assert nmcli.parse_join(code, words) is fault


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("12345678", True),
        (" 2345678", True),
        ("x" * 63, True),
        ("ab" * 32, True),
        ("x" * 64, False),
        ("1234567", False),
        ("mot de passé", False),
        ("tab\there1", False),
    ],
)
def test_passwords_that_no_network_has(password: str, good: bool) -> None:
    assert good_password(password) is good
