r"""nmcli: terse output. In tables ":" parts the fields and "\" guards both; in lists of one device
(`device show`) the value is all behind the first colon, unguarded (nmcli(1), --escape)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from reprise_common.network import AccessPoint, Joined, LinkKind, LinkState, Security

_TERSE = ("nmcli", "--terse", "--escape", "yes", "--colors", "no")
JOIN_WAIT_S = 45  # NetworkManager's own limit for a Wi-Fi password is 25 s, for DHCP 45 s
TIMED_OUT = 3  # nmcli(1), EXIT STATUS

_DEVICE = (
    "GENERAL.DEVICE",
    "GENERAL.TYPE",
    "GENERAL.DBUS-PATH",
    "GENERAL.STATE",
    "GENERAL.VENDOR",
    "GENERAL.PRODUCT",
    "GENERAL.FIRMWARE-MISSING",
    "WIRED-PROPERTIES.CARRIER",
    "IP4.ADDRESS",
    "IP6.ADDRESS",
)
_WIFI = ("IN-USE", "SSID-HEX", "SIGNAL", "SECURITY", "WPA-FLAGS", "RSN-FLAGS")


def argv_devices() -> tuple[str, ...]:
    return (*_TERSE, "--fields", ",".join(_DEVICE), "device", "show")


def argv_radio() -> tuple[str, ...]:
    return (*_TERSE, "--fields", "WIFI-HW,WIFI", "radio")


def argv_radio_on() -> tuple[str, ...]:
    return ("nmcli", "radio", "wifi", "on")


def argv_wifi_list(*, rescan: bool) -> tuple[str, ...]:
    listen = "yes" if rescan else "no"
    return (*_TERSE, "--fields", ",".join(_WIFI), "device", "wifi", "list", "--rescan", listen)


def argv_wifi_signals() -> tuple[str, ...]:
    """Without the networks' names: not needed for that, and nobody's business."""
    return (*_TERSE, "--fields", "SIGNAL", "device", "wifi", "list", "--rescan", "yes")


def argv_load(keyfile: str) -> tuple[str, ...]:
    return ("nmcli", "connection", "load", keyfile)


def argv_up(uuid: str, wait_s: int) -> tuple[str, ...]:
    return ("nmcli", "--wait", str(wait_s), "connection", "up", "uuid", uuid)


_BUS = "org.freedesktop.NetworkManager"
_LISTEN = (
    *("busctl", "--json=short", "monitor", f"--match=type=error,sender={_BUS}"),
    f"--match=type=signal,sender={_BUS},interface={_BUS}.Device,member=StateChanged",
)


def argv_join(uuid: str) -> tuple[str, ...]:
    """For root. nmcli tells why it failed in words alone, and NetworkManager forgets its number at
    once: so the bus is listened to meanwhile, a moment longer than nmcli needs to know it."""
    listen, devices, up = map(shlex.join, (_LISTEN, argv_devices(), argv_up(uuid, JOIN_WAIT_S)))
    then = "code=$?; [ $code = 0 ] || sleep 1; kill $listener; exit $code"
    return ("sh", "-c", f"{listen} & listener=$!; {devices}; {up}; {then}")


def argv_reload() -> tuple[str, ...]:
    return ("nmcli", "connection", "reload")


def split_terse(line: str) -> tuple[str, ...]:
    r"""a:b\:c:d -> a, b:c, d"""
    parts, guarded = [""], False
    for char in line:
        if guarded:
            parts[-1] += char
            guarded = False
        elif char == "\\":
            guarded = True
        elif char == ":":
            parts.append("")
        else:
            parts[-1] += char
    return tuple(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class NmDevice:
    """`path`: its object on the bus."""

    name: str
    path: str
    kind: LinkKind
    state: LinkState
    model: str
    addresses: tuple[str, ...]


_KINDS = {"ethernet": LinkKind.ETHERNET, "wifi": LinkKind.WIFI}
# NMDeviceState (NetworkManager's D-Bus types); 40 … 90 are steps on the way up, 110 the way down
_STATES = {
    10: LinkState.UNMANAGED,
    20: LinkState.UNAVAILABLE,
    30: LinkState.IDLE,
    60: LinkState.NEEDS_PASSWORD,
    100: LinkState.UP,
    110: LinkState.IDLE,
    120: LinkState.IDLE,
}


def parse_devices(text: str) -> tuple[NmDevice, ...]:
    """Ethernet and Wi-Fi only, by name."""
    devices = (_device(block) for block in _blocks(text))
    return tuple(
        sorted((device for device in devices if device is not None), key=lambda device: device.name)
    )


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """One device each."""
    block: dict[str, str] = {}
    for line in text.splitlines():
        name, _colon, value = line.partition(":")
        if block and name == "GENERAL.DEVICE":
            yield block
            block = {}
        if name:
            block[name] = "" if value == "--" else value
    if block:
        yield block


def _device(block: dict[str, str]) -> NmDevice | None:
    kind = _KINDS.get(block.get("GENERAL.TYPE", ""))
    if kind is None:
        return None
    maker, product = block.get("GENERAL.VENDOR", ""), block.get("GENERAL.PRODUCT", "")
    return NmDevice(
        name=block.get("GENERAL.DEVICE", ""),
        path=block.get("GENERAL.DBUS-PATH", ""),
        kind=kind,
        state=_state(block, kind),
        model=f"{maker} {product}".strip(),
        addresses=tuple(v for n, v in block.items() if v and n.startswith(("IP4.A", "IP6.A"))),
    )


def _state(block: dict[str, str], kind: LinkKind) -> LinkState:
    if block.get("GENERAL.FIRMWARE-MISSING") == "yes":
        return LinkState.NO_FIRMWARE
    number = block.get("GENERAL.STATE", "").partition(" ")[0]
    state = _STATES.get(int(number) if number.isdecimal() else 0, LinkState.CONNECTING)
    if kind is LinkKind.ETHERNET and state in (LinkState.UNAVAILABLE, LinkState.IDLE):
        carrier = block.get("WIRED-PROPERTIES.CARRIER")
        return LinkState.UNPLUGGED if carrier == "off" else state
    return state


def parse_radio(text: str) -> LinkState | None:
    """Why no radio works; None where it may."""
    hardware, software = (*split_terse(text.strip()), "", "")[:2]
    if hardware == "disabled":
        return LinkState.SWITCHED_OFF
    return LinkState.RADIO_OFF if software == "disabled" else None


def parse_wifi_signals(text: str) -> tuple[int, ...]:
    """In percent, one of each access point in reach."""
    return tuple(int(line) for line in text.split() if line.isdecimal())


def parse_wifi_list(text: str) -> tuple[AccessPoint, ...]:
    """Every station in reach, hidden ones with an empty name; lines that are none are left out."""
    rows = (split_terse(line) for line in text.splitlines())
    return tuple(_access_point(row) for row in rows if len(row) == len(_WIFI))


def _access_point(row: tuple[str, ...]) -> AccessPoint:
    in_use, name, signal, words, wpa, rsn = row
    return AccessPoint(
        ssid=_ssid(name),
        signal=min(int(signal), 100) if signal.isdecimal() else 0,
        security=_security(words, f"{wpa} {rsn}"),
        joined=in_use.strip() == "*",
    )


def _ssid(digits: str) -> str:
    """A hidden network sends no name, or as many zero bytes as it has letters."""
    try:
        name = bytes.fromhex(digits)
    except ValueError:
        return ""
    return name.strip(b"\0").decode("utf-8", "surrogateescape")


def _security(words: str, flags: str) -> Security:
    """The flags name the key management, which the short words of SECURITY hide in part."""
    keys = set(flags.split())
    psk, sae = "psk" in keys, "sae" in keys
    if "802.1X" in words or "802.1X" in flags:
        return Security.ENTERPRISE if not (psk or sae) else Security.WPA2
    if sae:
        return Security.WPA2_WPA3 if psk else Security.WPA3
    if psk:
        return Security.WPA2
    return _by_words(words, keys)


def _by_words(words: str, keys: set[str]) -> Security:
    if keys & {"owe", "owe_transition_mode"} or "OWE" in words:
        return Security.OPEN if "OWE-TM" in words and "owe" not in keys else Security.ENHANCED_OPEN
    if "WPA3" in words:
        return Security.WPA2_WPA3 if "WPA2" in words or "WPA1" in words else Security.WPA3
    if "WPA" in words:
        return Security.WPA2
    return Security.WEP if "WEP" in words else Security.OPEN


# NMDeviceStateReason (NetworkManager's D-Bus types) of a device that fails
_REASONS = {
    **dict.fromkeys((5, 6), Joined.NO_ADDRESS),  # IP_CONFIG_UNAVAILABLE, IP_CONFIG_EXPIRED
    7: Joined.PASSWORD,  # NO_SECRETS: those it had are wrong, and nobody gives others
    **dict.fromkeys((8, 10, 11), Joined.REFUSED),  # SUPPLICANT_DISCONNECT, _FAILED, _TIMEOUT
    **dict.fromkeys((15, 16, 17), Joined.NO_ADDRESS),  # DHCP_START_FAILED, DHCP_ERROR, DHCP_FAILED
    53: Joined.NOT_FOUND,  # SSID_NOT_FOUND
}
_FAILED = re.compile(r'"path":"([^"]+)".*"data":\[120,\d+,(\d+)\]')  # [new state, old one, reason]
_NO_DEVICE = f'"error_name":"{_BUS}.UnknownDevice"'


def parse_join(exit_code: int, text: str, security: Security | None) -> Joined:
    """By the last failure of a Wi-Fi device, in what argv_join printed."""
    if exit_code == 0:
        return Joined.OK
    if exit_code == TIMED_OUT:
        return Joined.TIMEOUT
    wifi = {device.path for device in parse_devices(text) if device.kind is LinkKind.WIFI}
    reasons = [int(reason) for path, reason in _FAILED.findall(text) if path in wifi]
    if not reasons:
        return Joined.NO_ADAPTER if _NO_DEVICE in text else Joined.FAILED
    code = _REASONS.get(reasons[-1], Joined.FAILED)
    unchecked = code is Joined.NO_ADDRESS and security is Security.WEP
    return Joined.KEY_UNCHECKED if unchecked else code
