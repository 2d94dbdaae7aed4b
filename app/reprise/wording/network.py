"""The network in plain words: its links, its access points, and what came of joining one."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.i18n import N_, _
from reprise_common.network import AccessPoint, Joined, Link, LinkKind, LinkState, Security

LINK_KINDS: Mapping[LinkKind, str] = {LinkKind.ETHERNET: "Ethernet", LinkKind.WIFI: "Wi-Fi"}

_LINK_STATES: Mapping[LinkState, str] = {
    LinkState.NO_DRIVER: N_("this system has no driver for it"),
    LinkState.NO_FIRMWARE: N_("its firmware is not on the stick"),
    LinkState.UNMANAGED: N_("not used"),
    LinkState.SWITCHED_OFF: N_("switched off by a switch or a key of the PC"),
    LinkState.RADIO_OFF: N_("switched off"),
    LinkState.UNAVAILABLE: N_("not ready"),
    LinkState.UNPLUGGED: N_("no cable"),
    LinkState.IDLE: N_("not connected"),
    LinkState.CONNECTING: N_("connecting…"),
    LinkState.NEEDS_PASSWORD: N_("waits for the password"),
    LinkState.UP: N_("connected"),
}


def link_state(link: Link) -> str:
    if link.kind is LinkKind.ETHERNET and link.state is LinkState.IDLE:
        return _("cable plugged in, no address")
    return _(_LINK_STATES[link.state])


_SECURITIES: Mapping[Security, str] = {
    Security.OPEN: N_("open"),
    Security.ENHANCED_OPEN: N_("open, encrypted"),
    Security.WEP: N_("WEP (weak)"),
    Security.WPA2: "WPA2",
    Security.WPA2_WPA3: N_("WPA2 or WPA3"),
    Security.WPA3: "WPA3",
    Security.ENTERPRISE: N_("personal account"),
}


def security(one: AccessPoint) -> str:
    return _(_SECURITIES[one.security])


_JOINED: Mapping[Joined, str] = {
    Joined.OK: N_("Connected."),
    Joined.PASSWORD_LENGTH: N_("A password of this network has 8 to 63 characters. Type it again."),
    Joined.NO_ADAPTER: N_("The Wi-Fi of this PC does not work. Plug in a cable."),
    Joined.ENTERPRISE: N_(
        "This network asks for a personal account. Use another network or a cable."
    ),
    Joined.PASSWORD: N_("The password was refused. Type it again: capitals matter."),
    Joined.NOT_FOUND: N_("This network is out of range. Check its name, or move closer."),
    Joined.NO_ADDRESS: N_(
        "The password is right, but the network gives no address. Restart its box, or use a cable."
    ),
    Joined.KEY_UNCHECKED: N_(
        "The network gives no address: the password may be wrong. Type it again, or use a cable."
    ),
    Joined.REFUSED: N_("The access point refuses this PC. Check the password, or move closer."),
    Joined.TIMEOUT: N_("The access point does not answer in time. Move closer and try again."),
    Joined.FAILED: N_("The connection failed. Try again, or use a cable."),
}


def quoted(name: str) -> str:
    """The name of a network: as it is, spaces and all."""
    return _("“{name}”").format(name=name)


def joined(code: Joined, security: Security | None = None) -> str:
    """`security`: of the network; None: not known."""
    if code is Joined.PASSWORD_LENGTH and security is Security.WEP:
        return _("A WEP password has 5 or 13 characters. Type it again.")
    return _(_JOINED[code])


# What a test looks for: a member without words would be shown as its code.
TABLES = (LINK_KINDS, _LINK_STATES, _SECURITIES, _JOINED)
