"""The PC's network: its links, the Wi-Fi networks in reach, and what a try to join one came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class LinkKind(StrEnum):
    ETHERNET = "ethernet"
    WIFI = "wifi"


class LinkState(StrEnum):
    """From "there is hardware only" to "it works"."""

    NO_DRIVER = "no-driver"  # the PC has the card, this system nothing for it
    NO_FIRMWARE = "no-firmware"  # the card's own program is not on the stick
    UNMANAGED = "unmanaged"
    SWITCHED_OFF = "switched-off"  # radio: a switch or key of the PC
    RADIO_OFF = "radio-off"  # radio: turned off in this system
    UNAVAILABLE = "unavailable"
    UNPLUGGED = "unplugged"
    IDLE = "idle"
    CONNECTING = "connecting"
    NEEDS_PASSWORD = "needs-password"  # noqa: S105 - a state
    UP = "up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`name`: the interface ("enp3s0"), or the card's slot ("0000:03:00.0") where it has none.
    `addresses` with their prefix length. `ssid`: what a Wi-Fi link is joined to. `detail`: the
    firmware file that is missing."""

    name: str
    kind: LinkKind
    state: LinkState
    model: str = ""
    addresses: tuple[str, ...] = ()
    ssid: str = ""
    detail: str = ""


class Security(StrEnum):
    """What an access point asks of whoever joins."""

    OPEN = "open"
    ENHANCED_OPEN = "owe"  # no password, encrypted all the same
    WEP = "wep"
    WPA2 = "wpa2"  # WPA, too: joined in the same way
    WPA2_WPA3 = "wpa2-wpa3"
    WPA3 = "wpa3"
    ENTERPRISE = "enterprise"  # a name and a password or certificate of each person

    @property
    def takes_password(self) -> bool:
        return self not in (Security.OPEN, Security.ENHANCED_OPEN, Security.ENTERPRISE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPoint:
    """One network name with one kind of security: the strongest of its stations. `signal` in
    percent; `in_reach` False: it was, and is kept in its place for whoever is choosing it. `ssid`
    in UTF-8; bytes that are not are kept as lone surrogates (PEP 383)."""

    ssid: str
    signal: int
    security: Security
    joined: bool = False
    in_reach: bool = True

    @property
    def key(self) -> tuple[str, Security]:
        return self.ssid, self.security


def strongest(seen: Sequence[AccessPoint]) -> tuple[AccessPoint, ...]:
    """One of each network, the one joined first, then by signal. Hidden names are left out."""
    best: dict[tuple[str, Security], AccessPoint] = {}
    for point in seen:
        known = best.get(point.key)
        if point.ssid and (known is None or _rank(point) > _rank(known)):
            best[point.key] = point
    return tuple(sorted(best.values(), key=lambda point: (_rank(point), point.ssid), reverse=True))


def _rank(one: AccessPoint) -> tuple[bool, int]:
    return one.joined, one.signal


def kept_in_place(
    shown: Sequence[AccessPoint], seen: Sequence[AccessPoint], chosen: tuple[str, Security] | None
) -> tuple[AccessPoint, ...]:
    """`seen` in the order in which `shown` stands: nothing moves under a person's eyes. New ones
    come last; what has gone goes, but for the one that is `chosen`."""
    now = {point.key: point for point in seen}
    rows = []
    for point in shown:
        if point.key in now:
            rows.append(now.pop(point.key))
        elif point.key == chosen:
            rows.append(replace(point, in_reach=False, joined=False, signal=0))
    return (*rows, *now.values())


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """`security` None: of a hidden network nobody knows it; a password says that there is one."""

    ssid: str
    password: str = ""
    hidden: bool = False
    security: Security | None = None

    def __repr__(self) -> str:
        """Without the password, wherever this ends up."""
        return f"JoinRequest({self.ssid!r}, {self.security})"


class Joined(StrEnum):
    """What came of it."""

    OK = "ok"
    PASSWORD_LENGTH = "password-length"  # noqa: S105 - cannot be one; nothing was tried
    NO_ADAPTER = "no-adapter"
    ENTERPRISE = "enterprise"  # not offered here
    PASSWORD = "password"  # noqa: S105 - refused
    NOT_FOUND = "not-found"
    NO_ADDRESS = "no-address"  # joined, but DHCP gave nothing
    KEY_UNCHECKED = "key-unchecked"  # the same, where a wrong password ends so, too: WEP
    REFUSED = "refused"  # by the access point, for another reason
    TIMEOUT = "timeout"
    FAILED = "failed"


_WPA_SHORTEST, _WPA_LONGEST = 8, 63  # IEEE 802.11, Annex J.4.1: a pass phrase
_HEX = frozenset("0123456789abcdefABCDEF")


def password_fits(security: Security | None, password: str) -> bool:
    """Whether an access point of this kind can have this password at all: typing mistakes are
    told before half a minute of waiting."""
    size = len(password.encode())
    if security is None and not password:
        return True
    if security is Security.WPA3:  # SAE takes any
        return size > 0
    if security is Security.WEP:
        return size in (5, 13) or (size in (10, 26) and set(password) <= _HEX)
    if security is not None and not security.takes_password:
        return True
    return _WPA_SHORTEST <= size <= _WPA_LONGEST or (size == 64 and set(password) <= _HEX)
