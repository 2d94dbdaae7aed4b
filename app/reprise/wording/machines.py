"""A PC's facts in words: its kind, its firmware."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.domain.pc.chassis import ChassisSign
from reprise.domain.pc.hardware import Firmware, Machine
from reprise.i18n import N_, _
from reprise.wording.formats import moment

# SMBIOS Reference Specification (DSP0134), 7.4.1, as dmidecode spells them.
_CHASSIS: Mapping[str, str] = {
    "Notebook": N_("laptop"),
    "Laptop": N_("laptop"),
    "Portable": N_("portable"),
    "Sub Notebook": N_("small laptop"),
    "Convertible": N_("convertible laptop"),
    "Detachable": N_("detachable laptop"),
    "Tablet": N_("tablet"),
    "Hand Held": N_("hand-held"),
    "Desktop": N_("desktop"),
    "Low Profile Desktop": N_("low-profile desktop"),
    "Space-saving": N_("small desktop"),
    "Mini PC": N_("mini PC"),
    "Stick PC": N_("stick PC"),
    "Mini Tower": N_("mini tower"),
    "Tower": N_("tower"),
    "All In One": N_("all-in-one"),
    "Docking Station": N_("docking station"),
    "Main Server Chassis": N_("server"),
    "Rack Mount Chassis": N_("rack server"),
    "Blade": N_("blade server"),
    "Sealed-case PC": N_("sealed PC"),
    "Embedded PC": N_("embedded PC"),
    "Other": N_("other"),
}


def chassis(word: str | None) -> str | None:
    """A word that nobody translated is shown as itself."""
    msgid = _CHASSIS.get(word or "")
    return word if msgid is None else _(msgid)


SIGNS: Mapping[str, str] = {
    ChassisSign.MODEL: N_("by its model"),
    ChassisSign.BATTERY: N_("by its battery"),
    ChassisSign.PANEL: N_("by its own screen"),
}
TABLES = (SIGNS,)


def kind_sign(machine: Machine) -> str | None:
    """What told the kind, and what its firmware says instead; None where that said it."""
    sign = SIGNS.get(machine.chassis_sign or "")
    if sign is None:
        return None
    told = chassis(machine.chassis_of_firmware)
    if told is None:
        return _(sign)
    return _("{sign}; its firmware says “{told}”").format(sign=_(sign), told=told)


def firmware(found: Firmware) -> tuple[str, ...]:
    """When it was made, its version, how it starts: what is known of these."""
    dated = moment(found.date) if found.date else None
    mode = found.mode and _("{mode} mode").format(mode=found.mode.upper())
    secured = _("Secure Boot") if found.secure_boot else None
    return tuple(fact for fact in (dated, found.version, mode, secured) if fact)
