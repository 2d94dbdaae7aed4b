"""The inventory's fact names, for people."""

from __future__ import annotations

from collections.abc import Mapping

from reprise import wording
from reprise.i18n import _


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    return msgid


_FACTS: Mapping[str, str] = {
    "machine.maker": N_("maker"),
    "machine.model": N_("model"),
    "machine.version": N_("version of the model"),
    "machine.serial": N_("serial number"),
    "machine.uuid": N_("UUID"),
    "machine.sku": N_("product reference (SKU)"),
    "machine.chassis": N_("kind of case"),
    "machine.chassis_serial": N_("serial number of the case"),
    "machine.board_maker": N_("maker of the mainboard"),
    "machine.board_model": N_("model of the mainboard"),
    "machine.board_version": N_("version of the mainboard"),
    "machine.board_serial": N_("serial number of the mainboard"),
    "machine.firmware.vendor": N_("maker of the BIOS"),
    "machine.firmware.version": N_("version of the BIOS"),
    "machine.firmware.date": N_("date of the BIOS"),
    "machine.firmware.mode": N_("BIOS or UEFI mode"),
    "machine.firmware.secure_boot": N_("Secure Boot"),
    "memory.total_bytes": N_("size of the memory"),
    "memory.installed_bytes": N_("size of the memory modules"),
    "memory.slots": N_("memory slots"),
    "processor.model": N_("model of the processor"),
    "processor.cores": N_("number of cores"),
    "processor.threads": N_("number of threads"),
    "batteries": N_("batteries"),
    "displays": N_("displays"),
    "drives": N_("drives"),
    "gpus": N_("graphics"),
    "network": N_("network cards"),
}


def fact(name: str) -> str:
    """A name that nobody gave words is shown as itself."""
    msgid = _FACTS.get(name)
    return name if msgid is None else _(msgid)


def unread(unknown: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """(reason, "fact, fact …"): what could not be read, by reason, in words."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in unknown.items():
        by_reason.setdefault(wording.code(reason), []).append(fact(name))
    return tuple((reason, ", ".join(names)) for reason, names in by_reason.items())
