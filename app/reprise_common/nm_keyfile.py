"""A Wi-Fi profile as NetworkManager's keyfile plugin reads it (nm-settings-keyfile(5))."""

from __future__ import annotations

from uuid import UUID, uuid5

from reprise_common.network import JoinRequest, Security

_OURS = UUID("8f7b0d0e-6a51-4c0f-9f1e-2b5d1c3a7e40")  # drawn once: the space of our profiles
# "wpa-psk" lets the card take WPA3 where the access point offers both (nm-settings(5), key-mgmt)
_KEY_MANAGEMENT = {
    Security.WEP: "none",
    Security.WPA2: "wpa-psk",
    Security.WPA2_WPA3: "wpa-psk",
    Security.WPA3: "sae",
    Security.ENHANCED_OPEN: "owe",
    None: "wpa-psk",
}


def profile_uuid(ssid: str) -> str:
    """The same for the same network: a second try replaces the first."""
    return str(uuid5(_OURS, ssid.encode("utf-8", "surrogateescape").hex()))


def keyfile_text(request: JoinRequest, name: str = "") -> str:
    """It holds the password: for root's eyes only. `name`: what a person sees in a list of
    networks, where someone will."""
    raw = request.ssid.encode("utf-8", "surrogateescape")
    rows = [
        "[connection]",
        f"id={_value(name) if name else f'reprise-{raw.hex()}'}",
        f"uuid={profile_uuid(request.ssid)}",
        "type=wifi",
        "",
        "[wifi]",
        "ssid=" + "".join(f"{byte};" for byte in raw),
    ]
    if request.hidden:
        rows.append("hidden=true")
    return "\n".join((*rows, *_security(request), ""))


def _security(request: JoinRequest) -> tuple[str, ...]:
    open_hidden = request.security is None and not request.password
    key_management = _KEY_MANAGEMENT.get(request.security)
    if key_management is None or open_hidden:
        return ()
    rows = ("", "[wifi-security]", f"key-mgmt={key_management}")
    if request.security is Security.ENHANCED_OPEN:
        return rows
    name = "wep-key0" if request.security is Security.WEP else "psk"
    return (*rows, f"{name}={_value(request.password)}")


def _value(text: str) -> str:
    r"""GKeyFile: "\" begins an escape, blanks at the ends are cut off unless written as \s."""
    return text.replace("\\", "\\\\").replace(" ", "\\s").replace("\t", "\\t")
