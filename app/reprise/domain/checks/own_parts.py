"""Which parts a PC has of its own: by its kind of case, and by what was found in it.

A keyboard, a screen or a mouse beside a desktop PC is the bench's and says nothing of the PC.
"""

from __future__ import annotations

from reprise.domain.pc.chassis import PANELS
from reprise.domain.pc.hardware import Inventory

# SMBIOS chassis words (DSP0134 7.4.1, as dmidecode spells them) of PCs that carry their keyboard,
# pointer and battery; an all-in-one carries its screen.
_PORTABLE = frozenset(
    ("Portable", "Laptop", "Notebook", "Sub Notebook", "Convertible", "Detachable", "Tablet")
)
_ALL_IN_ONE = "All In One"
_FIXED = frozenset(
    (
        *("Desktop", "Low Profile Desktop", "Pizza Box", "Mini Tower", "Tower", "Space-saving"),
        *("Lunch Box", "Mini PC", "Stick PC", "Main Server Chassis", "Rack Mount Chassis"),
        *("Blade", "Sealed-case PC", "Multi-system"),
        _ALL_IN_ONE,
    )
)


def any_pc(_inventory: Inventory) -> bool:
    return True


def no_pc(_inventory: Inventory) -> bool:
    return False


def is_portable(inventory: Inventory) -> bool:
    """Also where the kind of case is unknown and a battery or a built-in panel was found."""
    chassis = inventory.machine.chassis or ""
    if chassis in _PORTABLE:
        return True
    return chassis not in _FIXED and (has_battery(inventory) or _has_panel(inventory))


def has_own_screen(inventory: Inventory) -> bool:
    all_in_one = inventory.machine.chassis == _ALL_IN_ONE
    return all_in_one or is_portable(inventory) or _has_panel(inventory)


def has_battery(inventory: Inventory) -> bool:
    return bool(inventory.batteries)


def has_ethernet(inventory: Inventory) -> bool:
    return any(card.kind == "ethernet" for card in inventory.network)


def has_wifi(inventory: Inventory) -> bool:
    return any(card.kind == "wifi" for card in inventory.network)


def _has_panel(inventory: Inventory) -> bool:
    return any(display.connector.startswith(PANELS) for display in inventory.displays)
