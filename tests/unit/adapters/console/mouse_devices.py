"""Pointing devices as the kernel shows them, and the bytes of their events."""

from __future__ import annotations

from reprise.adapters.console.mouse.motion import EV_SYN, SYN_REPORT
from reprise.domain.station.pointing import Pointed, PointerAction
from reprise.tools.evdev import EVENT, InputFacts, parse_bits

Triple = tuple[int, int, int]
SYNC = (EV_SYN, SYN_REPORT, 0)
CENTRE = (40, 12)  # of 80 by 25

# As sysfs prints them. A Logitech USB mouse; QEMU's USB tablet; a Synaptics clickpad; an AT
# keyboard; an Xbox 360 pad; a laptop's motion sensor.
MOUSE = {"key": "ff0000 0 0 0 0", "rel": "903", "abs": "0", "properties": "0"}
TABLET = {"key": "70000 0 0 0 0", "rel": "900", "abs": "3", "properties": "0"}
CLICKPAD = {"key": "e520 10000 0 0 0 0", "rel": "0", "abs": "660800011000003", "properties": "5"}
SCREEN = {"key": "400 0 0 0 0 0", "rel": "0", "abs": "273800000000003", "properties": "2"}
KEYBOARD = {
    "key": "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe",
    "rel": "0",
    "abs": "0",
    "properties": "0",
}
GAME_PAD = {"key": "7cdb000000000000 0 0 0 0", "rel": "0", "abs": "3003f", "properties": "0"}
MOTION_SENSOR = {"key": "0", "rel": "0", "abs": "7", "properties": "40"}


def facts(bits: dict[str, str]) -> InputFacts:
    key, rel, absolute, properties = (
        parse_bits(bits[n]) for n in ("key", "rel", "abs", "properties")
    )
    return InputFacts("event0", 3, key, rel, absolute, properties)


def told(*events: Triple) -> bytes:
    """As a read of the device gives them."""
    return b"".join(EVENT.pack(1_700_000_000, 250_000, *event) for event in events)


def acts(found: list[Pointed]) -> list[PointerAction]:
    return [pointed.act for pointed in found]
