"""What the station knows of its network, and what a test of the server found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum


class LinkKind(StrEnum):
    ETHERNET = "ethernet"
    WIFI = "wifi"


class LinkState(StrEnum):
    """How far one network card has come."""

    NO_CABLE = "no-cable"
    SWITCHED_OFF = "switched-off"  # Wi-Fi: by a key, a switch or the BIOS
    NO_FIRMWARE = "no-firmware"  # the card's firmware is not in the image
    UNUSABLE = "unusable"
    IDLE = "idle"  # could be used; nothing was asked of it
    CONNECTING = "connecting"
    FAILED = "failed"
    NO_ADDRESS = "no-address"  # connected, and nobody gave an address
    CONNECTED = "connected"


class Security(StrEnum):
    """What a Wi-Fi network asks of those who join it."""

    OPEN = "open"
    WEP = "wep"
    WPA = "wpa"  # a password; WPA, WPA2, or WPA2 and WPA3
    WPA3 = "wpa3"  # a password; WPA3 only
    ENTERPRISE = "enterprise"  # a user's own account (802.1X)


@dataclass(frozen=True, slots=True)
class Link:
    """One network card. `name`: of what it is connected to, "" where it is not."""

    device: str
    kind: LinkKind
    state: LinkState
    name: str = ""
    addresses: tuple[str, ...] = ()  # without those that reach the cable's end only
    gateways: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkState:
    """`running`: whether the service that handles the network answers."""

    links: tuple[Link, ...] = ()
    running: bool = True

    @property
    def connected(self) -> tuple[Link, ...]:
        return tuple(link for link in self.links if link.state is LinkState.CONNECTED)

    @property
    def has_wifi(self) -> bool:
        return any(link.kind is LinkKind.WIFI for link in self.links)


@dataclass(frozen=True, slots=True)
class WifiNetwork:
    """One name in the air. `signal_percent`: of the strongest of its access points."""

    ssid: str
    signal_percent: int
    security: Security
    in_use: bool = False


@dataclass(frozen=True, slots=True)
class WifiWish:
    """A Wi-Fi network to join. `password` "": an open one."""

    ssid: str
    password: str = field(default="", repr=False)
    hidden: bool = False
    security: Security = Security.OPEN


def good_password(password: str) -> bool:
    """8 to 63 printable ASCII characters or 64 hex digits (IEEE 802.11-2020, J.4)."""
    if re.fullmatch(r"[0-9A-Fa-f]{64}", password):
        return True
    return 8 <= len(password) <= 63 and password.isascii() and password.isprintable()


class JoinFault(StrEnum):
    """Why a Wi-Fi network was not joined."""

    PASSWORD = "wrong-password"  # noqa: S105 - a code
    BAD_PASSWORD = "impossible-password"  # noqa: S105 - a code; no network has such a one
    NOT_FOUND = "network-not-found"
    NO_ADDRESS = "network-gave-no-address"
    TIMEOUT = "network-too-slow"
    UNSUPPORTED = "kind-of-network-not-supported"
    FAILED = "join-failed"


@dataclass(frozen=True, slots=True)
class Joined:
    """How joining ended. `fault` None: the network is in use. `detail`: the service's words."""

    fault: JoinFault | None = None
    detail: str = ""


class SendStep(StrEnum):
    """What must work, one after the other, before a report can be sent."""

    SETTINGS = "settings"
    LINK = "link"
    ADDRESS = "address"
    NAME = "name"
    REACH = "reach"
    SECURE = "secure"  # TLS; only with https://
    ANSWER = "answer"
    KEY = "key"


class SendFault(StrEnum):
    """What is wrong. Each has words and an advice (wording/network.py)."""

    NO_SERVER = "no-server-set"
    SETTINGS = "server-settings-unusable"
    NO_SERVICE = "no-network-service"
    NO_CARD = "no-network-card"
    NO_LINK = "no-link"
    NO_ADDRESS = "no-address"
    NAME_UNKNOWN = "name-unknown"
    PROXY_NAME_UNKNOWN = "proxy-name-unknown"
    CLOSED = "port-closed"
    SILENT = "no-answer-to-connection"
    UNREACHABLE = "no-way-to-the-server"
    PROXY_CLOSED = "proxy-port-closed"
    PROXY_SILENT = "proxy-silent"
    PROXY_REFUSES = "proxy-refuses"
    PROXY_ACCOUNT = "proxy-wants-an-account"
    NOT_SECURE = "server-speaks-no-tls"
    CLOCK = "clock-may-be-wrong"
    CERTIFICATE_DATES = "certificate-out-of-date"
    CERTIFICATE_NAME = "certificate-of-another-name"
    CERTIFICATE_UNKNOWN = "certificate-of-an-unknown-authority"
    TLS = "tls-failed"
    SLOW = "server-too-slow"
    REDIRECTED = "redirected-elsewhere"
    NOT_REPRISE = "not-a-reprise-server"
    SERVER_TROUBLE = "server-in-trouble"
    KEY_REFUSED = "key-refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """One step of the test. `fault` None: it works. `detail` is data: an address, a date, or the
    server's own words."""

    step: SendStep
    fault: SendFault | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ServerTest:
    """What a test found, in the order of the steps; the first fault ends it."""

    server: str  # the address in the settings
    proxy: str  # "" where none is used; without its password
    findings: tuple[Finding, ...]

    @property
    def fault(self) -> Finding | None:
        return next((found for found in self.findings if found.fault is not None), None)
