"""How far the way to the server goes: one finding a step, each with a code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_interface

from reprise_common.network import Link, LinkKind, LinkState


class ConnectionStep(StrEnum):
    """In the order in which they are tried; behind one that fails none is."""

    LINK = "link"
    ADDRESS = "address"
    NAME = "name"
    CONNECT = "connect"
    TLS = "tls"
    ANSWER = "answer"
    ENROLLED = "enrolled"


class Reach(StrEnum):
    """Why a step of the connection test failed, or a report is not on the server."""

    NO_SERVER = "no-server"
    NO_ADAPTER = "no-adapter"
    NO_DRIVER = "no-driver"
    NO_FIRMWARE = "no-firmware"
    CABLE = "cable"
    WIFI_OFF = "wifi-off"
    WIFI_NOT_JOINED = "wifi-not-joined"
    LINK_DOWN = "link-down"
    NO_ADDRESS = "no-address"
    NAME_UNKNOWN = "name-unknown"
    DNS_SILENT = "dns-silent"
    PORT_CLOSED = "port-closed"
    NO_ANSWER = "no-answer"
    UNREACHABLE = "unreachable"
    NO_NETWORK = "no-network"  # the kernel knows no way out of this PC
    PROXY_NAME = "proxy-name"
    PROXY_CLOSED = "proxy-closed"
    PROXY_NO_ANSWER = "proxy-no-answer"
    PROXY_PASSWORD = "proxy-password"  # noqa: S105 - the proxy asks for one
    PROXY_DENIES = "proxy-denies"
    PROXY_CANNOT = "proxy-cannot"  # the proxy itself does not come through
    NOT_A_PROXY = "not-a-proxy"
    CLOCK_WRONG = "clock-wrong"
    CLOCK_DOUBTFUL = "clock-doubtful"  # expired, unless it is the PC's clock that is wrong
    CERTIFICATE_DATE = "certificate-date"
    CERTIFICATE_AUTHORITY = "certificate-authority"
    CERTIFICATE_NAME = "certificate-name"
    CA_FILE = "ca-file"
    NOT_TLS = "not-tls"
    TLS_FAILED = "tls-failed"
    BROKE_OFF = "broke-off"
    LOGIN_PAGE = "login-page"
    NOT_REPRISE = "not-reprise"
    SERVER_ERROR = "server-error"
    ANSWER = "answer"  # longer or slower than any of a Reprise server
    RECEIPT = "receipt"  # of another report, or of other bytes
    NOT_ENROLLED = "not-enrolled"
    UNREAD = "unread"  # the report's own file


class StepResult(StrEnum):
    OK = "ok"
    FAILED = "failed"
    NOT_TRIED = "not-tried"


@dataclass(frozen=True, slots=True)
class Finding:
    """`reason` where it failed; `detail`: an address, a name, a date, for the sentence."""

    step: ConnectionStep
    outcome: StepResult
    reason: Reach | None = None
    detail: str = ""


def passed(step: ConnectionStep, detail: str = "") -> Finding:
    return Finding(step, StepResult.OK, None, detail)


def failed(step: ConnectionStep, reason: Reach, detail: str = "") -> Finding:
    return Finding(step, StepResult.FAILED, reason, detail)


def judge_link(links: Sequence[Link]) -> Finding:
    """Whether a cable or a Wi-Fi network is there; if not, what is nearest to being it."""
    up = [link for link in links if link.state is LinkState.UP]
    if up:
        return passed(ConnectionStep.LINK, up[0].name)
    for state, kind, reason in _LINK_REASONS:
        for link in links:
            if link.state is state and kind in (None, link.kind):
                return failed(ConnectionStep.LINK, reason, link.detail or link.name)
    return failed(ConnectionStep.LINK, Reach.LINK_DOWN if links else Reach.NO_ADAPTER)


_LINK_REASONS = (
    (LinkState.CONNECTING, LinkKind.ETHERNET, Reach.NO_ADDRESS),
    (LinkState.NEEDS_PASSWORD, LinkKind.WIFI, Reach.WIFI_NOT_JOINED),
    (LinkState.CONNECTING, LinkKind.WIFI, Reach.WIFI_NOT_JOINED),
    (LinkState.IDLE, LinkKind.ETHERNET, Reach.NO_ADDRESS),  # a cable, and DHCP gave up
    (LinkState.UNPLUGGED, LinkKind.ETHERNET, Reach.CABLE),
    (LinkState.IDLE, LinkKind.WIFI, Reach.WIFI_NOT_JOINED),
    (LinkState.SWITCHED_OFF, None, Reach.WIFI_OFF),
    (LinkState.RADIO_OFF, None, Reach.WIFI_OFF),
    (LinkState.NO_FIRMWARE, None, Reach.NO_FIRMWARE),
    (LinkState.NO_DRIVER, None, Reach.NO_DRIVER),
)


def judge_address(links: Sequence[Link]) -> Finding:
    """An address of its own network does not come from a router: it leads nowhere."""
    for link in links:
        for address in link.addresses if link.state is LinkState.UP else ():
            if not ip_interface(address).is_link_local:
                return passed(ConnectionStep.ADDRESS, address)
    return failed(ConnectionStep.ADDRESS, Reach.NO_ADDRESS)
