"""What kind of PC it is, where its firmware does not say so, or says it wrongly: many a notebook is
a "Desktop" or "Other" to its firmware, and an all-in-one a "Desktop"."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum

from reprise.domain.pc.hardware import Inventory, Machine
from reprise.domain.pc.parts import Display

PANELS = ("eDP", "LVDS", "DSI")  # the kernel's names of connectors inside a PC

# SMBIOS words (DSP0134 7.4.1, as dmidecode spells them) of which firmware writes one where nobody
# chose; None: it says nothing, or what no specification has.
_VAGUE = frozenset({None, "Desktop", "Other", "Unknown"})
_NOTEBOOK, _ALL_IN_ONE, _MINI = "Notebook", "All In One", "Mini PC"

# Apple's names say it, its firmware does not always.
_APPLE = {
    "macbook": _NOTEBOOK,
    "imac": _ALL_IN_ONE,
    "macmini": _MINI,
    "macpro": "Tower",
    "xserve": "Rack Mount Chassis",
}
_NAMES = (
    (re.compile(r"notebook|laptop|lapbook|netbook|ultrabook", re.I), _NOTEBOOK),
    (re.compile(r"\b(all[- ]in[- ]one|aio)\b", re.I), _ALL_IN_ONE),
    (re.compile(r"\btablet\b", re.I), "Tablet"),
    (re.compile(r"\bmini[- ]?pc\b", re.I), _MINI),
)


class ChassisSign(StrEnum):
    """What told the kind of a PC, where it was not its firmware's word."""

    MODEL = "model"
    BATTERY = "battery"
    PANEL = "panel"  # a screen on a connector inside the PC


def with_kind(inventory: Inventory) -> Inventory:
    """The same, with the kind of PC that all its signs tell together."""
    machine = inventory.machine
    has_battery = machine.portable_battery or bool(inventory.batteries)
    has_panel = any(map(_is_panel, inventory.displays))
    told, sign = _kind(machine, has_battery=has_battery, has_panel=has_panel)
    if sign is None or told == machine.chassis:
        return inventory
    made = replace(
        machine, chassis=told, chassis_sign=sign.value, chassis_of_firmware=machine.chassis
    )
    unknown = {fact: why for fact, why in inventory.unknown.items() if fact != "machine.chassis"}
    return replace(inventory, machine=made, unknown=unknown)


def _kind(
    machine: Machine, *, has_battery: bool, has_panel: bool
) -> tuple[str | None, ChassisSign | None]:
    model = machine.model or ""
    if (machine.maker or "").lower().startswith("apple"):
        for name, kind in _APPLE.items():
            if model.lower().startswith(name):
                return kind, ChassisSign.MODEL
    if machine.chassis not in _VAGUE:
        return machine.chassis, None
    for pattern, kind in _NAMES:
        if pattern.search(model):
            return kind, ChassisSign.MODEL
    if has_battery:
        return _NOTEBOOK, ChassisSign.BATTERY
    if has_panel:  # and no battery: taken out, or there was none
        is_desktop = machine.chassis == "Desktop"
        return _ALL_IN_ONE if is_desktop else _NOTEBOOK, ChassisSign.PANEL
    return machine.chassis, None


def _is_panel(display: Display) -> bool:
    """One that tells its model: some firmware names a connector that nothing hangs on."""
    inside = display.connector.startswith(PANELS)
    return inside and display.connected and display.model is not None
