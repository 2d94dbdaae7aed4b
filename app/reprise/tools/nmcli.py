"""nmcli (NetworkManager 1.52): what is asked, and its terse output read.

Tables come with ":" between the fields and a backslash before any ":" or "\\" inside one; `device
show` gives one "NAME:value" a line, nothing escaped (nmcli(1), --terse and --escape). The funnel's
C locale turns what is not ASCII into "?", so the name of a Wi-Fi network is asked for as hex.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reprise.domain.network import (
    JoinFault,
    Link,
    LinkKind,
    LinkState,
    NetworkState,
    Security,
    WifiNetwork,
    WifiWish,
)

NOT_RUNNING = 8  # nmcli(1), EXIT STATUS: NetworkManager is not running
_TOO_SLOW = 3  # the same: time-out expired

_SHOWN = (
    "GENERAL.DEVICE",
    "GENERAL.TYPE",
    "GENERAL.STATE",
    "GENERAL.REASON",
    "GENERAL.CONNECTION",
    "GENERAL.FIRMWARE-MISSING",
    "IP4.ADDRESS",
    "IP4.GATEWAY",
    "IP4.DNS",
    "IP6.ADDRESS",
    "IP6.GATEWAY",
    "IP6.DNS",
)
_SCANNED = ("IN-USE", "SSID-HEX", "SIGNAL", "SECURITY")

# Numbers of NMDeviceState, from libnm: nm-dbus-interface.h
_UNAVAILABLE, _DISCONNECTED, _ACTIVATED, _DEACTIVATING, _FAILED = 20, 30, 100, 110, 120
_WORDS_OF_FAULTS = (
    (JoinFault.PASSWORD, re.compile("secrets were required|supplicant|pre-shared key", re.I)),
    (JoinFault.NOT_FOUND, re.compile("could not be found|no suitable device", re.I)),
    (JoinFault.NO_ADDRESS, re.compile("IP configuration|DHCP", re.I)),
)


def argv_links() -> tuple[str, ...]:
    """All network cards, with their addresses."""
    return ("nmcli", "--terse", "--fields", ",".join(_SHOWN), "device", "show")


def argv_scan(*, again: bool) -> tuple[str, ...]:
    """The Wi-Fi networks in reach; `again`: listen anew, which takes some seconds."""
    rescan = "yes" if again else "auto"
    fields = ",".join(_SCANNED)
    return ("nmcli", "--terse", "--fields", fields, "device", "wifi", "list", "--rescan", rescan)


def argv_wifi_on() -> tuple[str, ...]:
    return ("nmcli", "radio", "wifi", "on")


def argv_load(path: str) -> tuple[str, ...]:
    """Read one profile. Whatever is secret stands in the file, never on a command line."""
    return ("nmcli", "connection", "load", path)


def argv_up(uuid: str, wait_s: int) -> tuple[str, ...]:
    return ("nmcli", "--wait", str(wait_s), "connection", "up", "uuid", uuid)


def argv_delete(uuid: str) -> tuple[str, ...]:
    return ("nmcli", "connection", "delete", "uuid", uuid)


def split_terse(line: str) -> list[str]:
    """The fields of one row of a table, their backslashes taken away."""
    fields, escaped = [""], False
    for char in line:
        if escaped or char not in ":\\":
            fields[-1] += char
            escaped = False
        elif char == "\\":
            escaped = True
        else:
            fields.append("")
    return fields


def parse_links(text: str) -> NetworkState:
    """Ethernet and Wi-Fi cards of `device show`; other kinds of devices are left out."""
    found = (_link(_pairs(block)) for block in text.split("\n\n") if block.strip())
    return NetworkState(tuple(link for link in found if link is not None))


def _pairs(block: str) -> dict[str, list[str]]:
    """IP4.DNS[1], IP4.DNS[2] … are one list under their common name; "--" is nothing."""
    pairs: dict[str, list[str]] = {}
    for line in block.splitlines():
        name, colon, value = line.partition(":")
        values = pairs.setdefault(name.partition("[")[0], [])
        if colon and value.strip() not in ("", "--"):
            values.append(value.strip())
    return pairs


def _link(pairs: Mapping[str, Sequence[str]]) -> Link | None:
    kind = _first(pairs, "GENERAL.TYPE")
    if kind not in ("ethernet", "wifi"):
        return None
    addresses = [*pairs.get("IP4.ADDRESS", ()), *pairs.get("IP6.ADDRESS", ())]
    wide = tuple(a for a in addresses if not a.lower().startswith(("fe80:", "169.254.")))
    return Link(
        device=_first(pairs, "GENERAL.DEVICE"),
        kind=LinkKind(kind),
        state=_state(pairs, LinkKind(kind), has_address=bool(wide)),
        name=_first(pairs, "GENERAL.CONNECTION"),
        addresses=wide,
        gateways=(*pairs.get("IP4.GATEWAY", ()), *pairs.get("IP6.GATEWAY", ())),
        dns=(*pairs.get("IP4.DNS", ()), *pairs.get("IP6.DNS", ())),
    )


def _first(pairs: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(pairs.get(name, ())), "")


def _number(text: str) -> int:
    """ "100 (connected)" -> 100; 0 where there is none."""
    found = re.match(r"\d+", text)
    return int(found[0]) if found else 0


def _state(pairs: Mapping[str, Sequence[str]], kind: LinkKind, *, has_address: bool) -> LinkState:
    number = _number(_first(pairs, "GENERAL.STATE"))
    if number == _UNAVAILABLE:
        if _first(pairs, "GENERAL.FIRMWARE-MISSING") == "yes":
            return LinkState.NO_FIRMWARE
        return LinkState.NO_CABLE if kind is LinkKind.ETHERNET else LinkState.SWITCHED_OFF
    if number < _UNAVAILABLE:
        return LinkState.UNUSABLE
    if number == _ACTIVATED:
        return LinkState.CONNECTED if has_address else LinkState.NO_ADDRESS
    known = {_DISCONNECTED: LinkState.IDLE, _DEACTIVATING: LinkState.IDLE}
    return known.get(number, LinkState.FAILED if number >= _FAILED else LinkState.CONNECTING)


def parse_scan(text: str) -> tuple[WifiNetwork, ...]:
    """The strongest first, one entry a name. Those that hide their name are left out."""
    best: dict[str, WifiNetwork] = {}
    for line in text.splitlines():
        fields = split_terse(line)
        if len(fields) != len(_SCANNED):
            continue
        ssid = _ssid(fields[1])
        if not ssid:
            continue
        one = WifiNetwork(ssid, _number(fields[2]), security(fields[3]), fields[0].strip() == "*")
        other = best.get(ssid)
        if other is None or (one.in_use, one.signal_percent) > (other.in_use, other.signal_percent):
            best[ssid] = one
    return tuple(sorted(best.values(), key=lambda n: (not n.in_use, -n.signal_percent, n.ssid)))


def _ssid(hexed: str) -> str:
    """A name is up to 32 bytes of anything; that of a hidden network is empty or all zeros."""
    try:
        data = bytes.fromhex(hexed)
    except ValueError:
        return ""
    return data.decode("utf-8", "surrogateescape") if data.strip(b"\0") else ""


def security(words: str) -> Security:
    """ "WPA2 WPA3" and its like (nmcli's SECURITY); "" is an open network."""
    said = set(words.upper().split())
    if "802.1X" in said:
        return Security.ENTERPRISE
    if said & {"WPA1", "WPA2", "WPA"}:
        return Security.WPA
    if "WPA3" in said:
        return Security.WPA3
    return Security.WEP if "WEP" in said else Security.OPEN


def parse_join(exit_code: int, words: str) -> JoinFault | None:
    """Why `connection up` failed; None where it did not."""
    if exit_code == 0:
        return None
    if exit_code == _TOO_SLOW:
        return JoinFault.TIMEOUT
    return next((f for f, said in _WORDS_OF_FAULTS if said.search(words)), JoinFault.FAILED)


def wifi_profile(wish: WifiWish, name: str, uuid: str) -> str:
    """The text of a keyfile (nm-settings-keyfile(5)). The network's name is a list of bytes, so
    that none of its characters means something else; it is joined again by itself."""
    ssid = "".join(f"{byte};" for byte in wish.ssid.encode("utf-8", "surrogateescape"))
    rows = ["[connection]", f"id={name}", f"uuid={uuid}", "type=wifi", "autoconnect=true", ""]
    rows += ["[wifi]", "mode=infrastructure", f"ssid={ssid}", f"hidden={str(wish.hidden).lower()}"]
    if wish.password:
        # wpa-psk takes WPA3, too, where the access point offers both; sae is WPA3 alone
        management = "sae" if wish.security is Security.WPA3 else "wpa-psk"
        rows += ["", "[wifi-security]", f"key-mgmt={management}", f"psk={_escaped(wish.password)}"]
    rows += ["", "[ipv4]", "method=auto", "", "[ipv6]", "method=auto", ""]
    return "\n".join(rows)


def _escaped(value: str) -> str:
    r"""As GKeyFile reads it: a backslash doubled, a space at the front as \s."""
    text = value.replace("\\", "\\\\")
    return "\\s" + text[1:] if text.startswith(" ") else text
