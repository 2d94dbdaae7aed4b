"""The kernel's input devices, by what sysfs tells of them: none is opened for it."""

from __future__ import annotations

from pathlib import Path

from reprise.adapters.hardware.sysfs import read_text
from reprise.tools.evdev import InputFacts, parse_bits


def input_facts(place: Path) -> InputFacts:
    """`place`: an event device's folder, …/input23/event5 or class/input/event5."""
    device = place / "device"

    def bits(file: str) -> frozenset[int]:
        return parse_bits(read_text(device / file) or "")

    return InputFacts(
        name=read_text(device / "name") or place.name,
        bus=int(read_text(device / "id/bustype") or "0", 16),
        keys=bits("capabilities/key"),
        relative=bits("capabilities/rel"),
        absolute=bits("capabilities/abs"),
        properties=bits("properties"),
    )
