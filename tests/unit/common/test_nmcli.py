"""nmcli's terse output, and the profile that NetworkManager is given."""

from __future__ import annotations

import configparser

import pytest

from reprise_common.network import (
    Joined,
    JoinRequest,
    LinkKind,
    LinkState,
    Security,
    kept_in_place,
    strongest,
)
from reprise_common.nm_keyfile import keyfile_text, profile_uuid
from reprise_common.nmcli import (
    parse_devices,
    parse_join,
    parse_radio,
    parse_wifi_list,
    parse_wifi_signals,
    split_terse,
)
from station_kit.places import RECORDED

DEVICES = """\
GENERAL.DEVICE:wlp2s0
GENERAL.TYPE:wifi
GENERAL.STATE:100 (connected)
GENERAL.VENDOR:Intel Corporation
GENERAL.PRODUCT:Wireless 8265 / 8275
GENERAL.FIRMWARE-MISSING:no
IP4.ADDRESS[1]:198.51.100.7/24
IP6.ADDRESS[1]:2001:db8::7/64
IP6.ADDRESS[2]:fe80::a11:96ff:fe00:1/64

GENERAL.DEVICE:enp0s31f6
GENERAL.TYPE:ethernet
GENERAL.STATE:20 (unavailable)
GENERAL.VENDOR:Intel Corporation
GENERAL.PRODUCT:--
GENERAL.FIRMWARE-MISSING:no
WIRED-PROPERTIES.CARRIER:off

GENERAL.DEVICE:p2p-dev-wlp2s0
GENERAL.TYPE:wifi-p2p
GENERAL.STATE:30 (disconnected)

GENERAL.DEVICE:lo
GENERAL.TYPE:loopback
GENERAL.STATE:100 (connected (externally))
IP4.ADDRESS[1]:127.0.0.1/8
"""


def test_devices() -> None:
    cable, wifi = parse_devices(DEVICES)
    assert (cable.name, cable.kind, cable.state) == (
        "enp0s31f6",
        LinkKind.ETHERNET,
        LinkState.UNPLUGGED,
    )
    assert cable.model == "Intel Corporation"
    assert (wifi.kind, wifi.state) == (LinkKind.WIFI, LinkState.UP)
    assert wifi.addresses == (
        "198.51.100.7/24",
        "2001:db8::7/64",
        "fe80::a11:96ff:fe00:1/64",
    )


@pytest.mark.parametrize(
    ("state", "carrier", "expected"),
    [
        ("20 (unavailable)", "on", LinkState.UNAVAILABLE),
        ("30 (disconnected)", "on", LinkState.IDLE),
        ("30 (disconnected)", "off", LinkState.UNPLUGGED),
        ("70 (connecting (getting IP configuration))", "on", LinkState.CONNECTING),
        ("100 (connected)", "on", LinkState.UP),
        ("10 (unmanaged)", "off", LinkState.UNMANAGED),
        ("120 (connection failed)", "on", LinkState.IDLE),
    ],
)
def test_states_of_a_cable(state: str, carrier: str, expected: LinkState) -> None:
    text = DEVICES.replace("20 (unavailable)", state).replace("CARRIER:off", f"CARRIER:{carrier}")
    assert parse_devices(text)[0].state is expected


def test_missing_firmware_is_more_than_a_state() -> None:
    text = DEVICES.replace("FIRMWARE-MISSING:no", "FIRMWARE-MISSING:yes", 1)
    assert parse_devices(text)[1].state is LinkState.NO_FIRMWARE


def test_devices_as_they_were_recorded() -> None:
    text = (RECORDED / "nmcli-device-show.txt").read_text()
    assert [(one.name, one.state, one.addresses) for one in parse_devices(text)] == [
        ("eth8", LinkState.CONNECTING, ("fe80::3540:ccb0:eba1:6199/64",)),
        ("eth9", LinkState.UP, ("192.0.2.50/24", "fe80::bfb2:4a2e:13a:cdaa/64")),
        ("peer8", LinkState.UNMANAGED, ()),
    ]


def test_nothing_is_no_device() -> None:
    assert parse_devices("") == ()


def test_radio() -> None:
    assert parse_radio("enabled:enabled\n") is None
    assert parse_radio("disabled:enabled\n") is LinkState.SWITCHED_OFF
    assert parse_radio("enabled:disabled\n") is LinkState.RADIO_OFF
    assert parse_radio("missing:enabled\n") is None
    assert parse_radio("") is None


def test_fields_with_colons_and_back_slashes() -> None:
    assert split_terse(r"*:AA\:BB\:CC:Caf\\e\: bar::") == ("*", "AA:BB:CC", r"Caf\e: bar", "", "")


def row(
    name: str, signal: object = 60, words: str = "WPA2", flags: str = "psk", use: str = " "
) -> str:
    rsn = f"pair_ccmp group_ccmp {flags}" if flags else "(none)"
    return f"{use}:{name.encode().hex().upper()}:{signal}:{words}:(none):{rsn}"


def test_networks_in_reach() -> None:
    text = "\n".join(
        [
            row("Mairie: l'atelier", 62, "WPA2 WPA3", "psk sae"),
            row("Mairie: l'atelier", 87, "WPA2 WPA3", "psk sae"),
            row("", 70),  # hidden
            " :00000000:65:WPA2:(none):pair_ccmp group_ccmp psk",  # hidden, as some send it
            row("Invités", 40, "", "", use="*"),
            row("Vieux", 30, "WEP", ""),
            row("Neuf", 20, "WPA3", "sae"),
            row("Rectorat", 90, "WPA2 802.1X", "802.1X"),
            row("Ouvert chiffré", 10, "OWE", "owe"),
            "nonsense",
        ]
    )
    found = strongest(parse_wifi_list(text))
    assert [(one.ssid, one.signal, one.security) for one in found] == [
        ("Invités", 40, Security.OPEN),
        ("Rectorat", 90, Security.ENTERPRISE),
        ("Mairie: l'atelier", 87, Security.WPA2_WPA3),
        ("Vieux", 30, Security.WEP),
        ("Neuf", 20, Security.WPA3),
        ("Ouvert chiffré", 10, Security.ENHANCED_OPEN),
    ]
    assert [one.ssid for one in found if one.joined] == ["Invités"]


@pytest.mark.parametrize(
    ("words", "flags", "expected"),
    [
        ("WPA1", "psk", Security.WPA2),
        ("WPA1 WPA2", "psk", Security.WPA2),
        ("WPA2 WPA3", "", Security.WPA2_WPA3),  # a card that does not tell the keys
        ("WPA3", "", Security.WPA3),
        ("WPA3 802.1X", "802.1X", Security.ENTERPRISE),
        ("OWE-TM", "owe_transition_mode", Security.OPEN),
        ("", "", Security.OPEN),
    ],
)
def test_what_an_access_point_offers(words: str, flags: str, expected: Security) -> None:
    (one,) = parse_wifi_list(row("x", 1, words, flags))
    assert one.security is expected


def test_signals_alone() -> None:
    assert parse_wifi_signals("87\n44\n\nError: no.\n") == (87, 44)


def test_a_name_that_is_not_utf_8_can_be_joined() -> None:
    (one,) = parse_wifi_list(" :436166E9:50::(none):(none)")
    assert "ssid=67;97;102;233;" in keyfile_text(JoinRequest(one.ssid, security=one.security))


def test_rows_stay_where_they_are() -> None:
    first = strongest(parse_wifi_list("\n".join([row("a", 90), row("b", 50), row("c", 40)])))
    later = strongest(parse_wifi_list("\n".join([row("d", 99), row("c", 80), row("a", 10)])))
    shown = kept_in_place(first, later, chosen=("b", Security.WPA2))
    assert [(one.ssid, one.signal, one.in_reach) for one in shown] == [
        ("a", 10, True),
        ("b", 0, False),
        ("c", 80, True),
        ("d", 99, True),
    ]
    assert [one.ssid for one in kept_in_place(shown, later, chosen=None)] == ["a", "c", "d"]
    again = strongest(parse_wifi_list(row("b", 77)))
    assert [one.in_reach for one in kept_in_place(shown, again, None)] == [True]


def heard(name: str) -> str:
    """Recorded on a cable, told of a Wi-Fi card."""
    text = (RECORDED / f"nm-join-{name}.txt").read_text("utf-8")
    return text.replace("GENERAL.TYPE:ethernet", "GENERAL.TYPE:wifi")


def failed(reason: int) -> str:
    return heard("no-address").replace("[120,70,5]", f"[120,70,{reason}]")


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (0, heard("no-address"), Joined.OK),
        (3, heard("no-address"), Joined.TIMEOUT),
        (4, heard("no-address"), Joined.NO_ADDRESS),
        (4, heard("no-secrets"), Joined.PASSWORD),
        (4, heard("no-device"), Joined.NO_ADAPTER),
        (4, failed(7), Joined.PASSWORD),
        (4, failed(8), Joined.REFUSED),
        (4, failed(11), Joined.REFUSED),
        (4, failed(17), Joined.NO_ADDRESS),
        (4, failed(53), Joined.NOT_FOUND),
        (4, failed(9), Joined.FAILED),
        (4, failed(999), Joined.FAILED),
        (4, failed(53) + failed(7), Joined.PASSWORD),  # the last one counts
        (4, heard("no-secrets") + heard("no-device"), Joined.PASSWORD),  # somebody else's error
        (4, heard("no-address").partition("{")[0], Joined.FAILED),  # nothing was heard
        (4, heard("no-address").replace("[120,", "[110,"), Joined.FAILED),
        (1, "something new", Joined.FAILED),
        (127, "", Joined.FAILED),
    ],
)
def test_why_joining_failed(code: int, text: str, expected: Joined) -> None:
    assert parse_join(code, text, Security.WPA2) is expected


def test_a_cable_that_fails_meanwhile_says_nothing_of_the_wifi() -> None:
    cable = (RECORDED / "nm-join-no-address.txt").read_text("utf-8")
    assert parse_join(4, cable, Security.WPA2) is Joined.FAILED
    assert parse_join(4, heard("no-secrets") + cable.replace("Devices/2", "Devices/7"), None) is (
        Joined.PASSWORD
    )


def test_nobody_checks_a_wep_password() -> None:
    """A wrong one joins, and then nothing answers."""
    assert parse_join(4, heard("no-address"), Security.WEP) is Joined.KEY_UNCHECKED
    assert parse_join(4, failed(53), Security.WEP) is Joined.NOT_FOUND
    assert parse_join(4, heard("no-secrets"), Security.WEP) is Joined.PASSWORD


def profile(request: JoinRequest) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser()
    parser.read_string(keyfile_text(request))
    return parser


@pytest.mark.parametrize(
    ("security", "management", "key"),
    [
        (Security.WPA2, "wpa-psk", "psk"),
        (Security.WPA2_WPA3, "wpa-psk", "psk"),
        (Security.WPA3, "sae", "psk"),
        (Security.WEP, "none", "wep-key0"),
        (None, "wpa-psk", "psk"),
    ],
)
def test_a_profile_asks_for_what_the_access_point_offers(
    security: Security | None, management: str, key: str
) -> None:
    made = profile(JoinRequest("Mairie", "secret-123", security=security))
    assert made["wifi-security"]["key-mgmt"] == management
    assert made["wifi-security"][key] == "secret-123"
    assert made["wifi"]["ssid"] == "77;97;105;114;105;101;"
    assert "hidden" not in made["wifi"]


def test_a_profile_without_a_password() -> None:
    assert not profile(JoinRequest("x", security=Security.OPEN)).has_section("wifi-security")
    assert not profile(JoinRequest("x", hidden=True)).has_section("wifi-security")
    assert profile(JoinRequest("x", hidden=True))["wifi"]["hidden"] == "true"
    owe = profile(JoinRequest("x", security=Security.ENHANCED_OPEN))["wifi-security"]
    assert dict(owe) == {"key-mgmt": "owe"}


def test_a_password_cannot_write_into_the_profile() -> None:
    text = keyfile_text(JoinRequest("x]\n[proxy]", " a\\b c ", security=Security.WPA2))
    assert "psk=\\sa\\\\b\\sc\\s" in text.splitlines()
    assert "[proxy]" not in text


def test_a_network_has_one_profile() -> None:
    assert profile_uuid("a") == profile_uuid("a") != profile_uuid("b")
