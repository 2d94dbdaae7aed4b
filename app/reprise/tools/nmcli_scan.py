"""nmcli's list of the Wi-Fi networks around (nmcli(1): device wifi list, terse output)."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.tools.lines import plain_int


@dataclass(frozen=True, slots=True)
class Scan:
    networks: int  # access points
    best_percent: int | None  # the strongest signal, 0 to 100


def argv_wifi_scan() -> tuple[str, ...]:
    """Without the networks' names: they are not needed, and nobody's business."""
    columns = ("--terse", "--fields", "SIGNAL")
    return ("nmcli", *columns, "device", "wifi", "list", "--rescan", "yes")


def argv_wifi_radio() -> tuple[str, ...]:
    """Two words: whether hardware (a switch, a key) and software let Wi-Fi transmit."""
    return ("nmcli", "--terse", "--fields", "WIFI-HW,WIFI", "radio")


def parse_wifi_scan(text: str) -> Scan:
    signals = [one for line in text.splitlines() if (one := plain_int(line.strip())) is not None]
    return Scan(len(signals), max(signals, default=None))


def parse_wifi_radio(text: str) -> bool | None:
    """Whether Wi-Fi may transmit; None where the answer says nothing of it."""
    words = text.strip().split(":")
    if len(words) != 2 or not all(word in ("enabled", "disabled", "missing") for word in words):
        return None
    return "disabled" not in words
