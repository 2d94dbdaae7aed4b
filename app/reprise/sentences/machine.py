"""What the PC is, fact by fact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reprise import wording
from reprise.domain.pc.hardware import Inventory
from reprise.domain.pc.parts import Battery, battery_health
from reprise.domain.pc.remembered import Found, Remembered
from reprise.i18n import _, pgettext
from reprise.sentences import facts


def _battery(battery: Battery) -> tuple[str | None, ...]:
    health = battery_health(battery.full_wh, battery.design_wh)
    if health is not None:
        share = wording.percent(health, 100)
        left = _("{share} of its capacity left").format(share=share)
    else:
        left = _("capacity unknown")
    charge = battery.charge_percent
    now = (
        None
        if charge is None
        else _("charged to {share}").format(share=wording.percent(charge, 100))
    )
    return battery.model or battery.name, left, now


def rows(inventory: Inventory) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(label, its facts): "unknown" where there is none."""
    for label, told in _rows(inventory):
        yield label, tuple(fact for fact in told if fact) or (_("unknown"),)


def _rows(inventory: Inventory) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    machine = inventory.machine
    cpu, memory = inventory.processor, inventory.memory
    cores = (
        None if cpu.cores is None else _("{count} cores").format(count=wording.number(cpu.cores))
    )
    used = [slot for slot in memory.slots if slot.size_bytes]
    slots = (
        _("slots used: {used} of {all}").format(used=len(used), all=len(memory.slots))
        if memory.slots
        else None
    )
    total = None if memory.total_bytes is None else wording.size_binary(memory.total_bytes)
    yield _("Model"), (machine.title,)
    yield _("Serial number"), (machine.serial,)
    yield _("Kind"), (wording.chassis(machine.chassis), wording.kind_sign(machine))
    yield _("Processor"), (cpu.model, cores)
    yield _("Memory"), (total, slots) if total or slots else (pgettext("memory", "unknown"),)
    yield _("BIOS"), wording.firmware(machine.firmware)
    for battery in inventory.batteries:
        yield _("Battery"), _battery(battery)
    for card in inventory.network:
        link = {True: _("connected"), False: _("not connected"), None: None}[card.link]
        kind = "Wi-Fi" if card.kind == "wifi" else "Ethernet"
        yield _("Network"), (kind, card.model or card.name, link)
    yield from _traces(inventory.remembered)


def _traces(remembered: Sequence[Remembered]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each that was found, with what to do; the others together."""
    found = {answer: [one for one in remembered if one.found is answer] for answer in Found}
    for one in found[Found.YES]:
        yield _("Still knows"), (wording.remembered(one),)
    if found[Found.NO]:
        yield _("Not found"), (wording.traces(found[Found.NO]),)
    if found[Found.UNKNOWN]:
        yield _("Unknown"), (wording.traces(found[Found.UNKNOWN]),)


def unread(inventory: Inventory) -> Iterator[str]:
    """What could not be read, as sentences."""
    for reason, names in facts.unread(inventory.unknown):
        yield _("Could not be read ({reason}): {facts}").format(reason=reason, facts=names)
