"""This PC: what it is, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reprise import wording
from reprise.domain.assessment import PcAssessed
from reprise.domain.hardware import Battery, Inventory, Machine
from reprise.domain.triage import Advice
from reprise.i18n import _
from reprise.tui import facts, paint
from reprise.tui.base import StationScreen
from reprise.tui.glyphs import DOT

_LABEL_WIDTH = 16


def _facts(*facts: str | None) -> str:
    return f" {DOT} ".join(f for f in facts if f) or _("unknown")


def _machine(machine: Machine) -> str:
    """Some makers repeat their name in the model's: once is enough."""
    maker, model = machine.maker or "", machine.model or ""
    if maker and model.casefold().startswith(maker.casefold()):
        maker = ""
    return " ".join(f for f in (maker, model, machine.version) if f)


def _battery(battery: Battery) -> str:
    if battery.design_wh and battery.full_wh is not None:
        share = wording.percent(battery.full_wh, battery.design_wh)
        left = _("{share} of its capacity left").format(share=share)
    else:
        left = _("capacity unknown")
    charge = battery.charge_percent
    now = None if charge is None else _("charged to {percent} %").format(percent=charge)
    return _facts(battery.model or battery.name, left, now)


def _rows(inventory: Inventory) -> Iterator[tuple[str, str]]:
    machine, firmware = inventory.machine, inventory.machine.firmware
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
    dated = None if firmware.date is None else wording.moment(firmware.date)
    mode = firmware.mode and _("{mode} mode").format(mode=firmware.mode.upper())
    yield _("Model"), _machine(machine) or _("unknown")
    yield _("Serial number"), machine.serial or _("unknown")
    yield _("Kind"), _facts(facts.chassis(machine.chassis))
    yield _("Processor"), _facts(cpu.model, cores)
    yield _("Memory"), _facts(total, slots)
    yield _("BIOS"), _facts(dated, firmware.version, mode)
    for battery in inventory.batteries:
        yield _("Battery"), _battery(battery)
    for card in inventory.network:
        link = {True: _("connected"), False: _("not connected"), None: None}[card.link]
        kind = "Wi-Fi" if card.kind == "wifi" else "Ethernet"
        yield _("Network"), _facts(kind, card.model or card.name, link)


_ADVICE = {
    Advice.KEEP: paint.GOOD_BLOCK,
    Advice.PARTS: paint.WARN_BLOCK,
    Advice.RECYCLE: paint.BAD_BLOCK,
}


def _assessment(assessed: PcAssessed, width: int) -> Iterator[paint.Text]:
    """What the station recommends, and why."""
    found = assessed.triage
    advice = f" {wording.word(found.advice)} "
    yield paint.line(_label(_("Recommended")), (advice, _ADVICE[found.advice]))
    for reason in found.reasons:
        text = paint.line(f"{DOT} {wording.triage_reason(reason)}")
        yield paint.indent(text, width, _LABEL_WIDTH + 1)
    if found.age is not None:
        yield _fact(_("Age"), wording.age(found.age), width)
    yield _fact(_("If reused"), wording.impact(assessed.impact), width)


def _label(text: str) -> paint.Part:
    return (f"{text:<{_LABEL_WIDTH}} ", paint.FAINT)


def _fact(label: str, value: str, width: int) -> paint.Text:
    """The value stays in its column where it takes several rows."""
    rows = paint.indent(paint.line(value), width, _LABEL_WIDTH + 1)
    return paint.line(_label(label)) + rows[_LABEL_WIDTH + 1 :]


class MachineScreen(StationScreen):
    def title_text(self) -> str:
        return _("This PC")

    def help_text(self) -> str:
        return _(
            "What to do with this PC, and why: a recommendation, nothing is refused because of it."
            " Below, what could be read from it, without changing anything. What could not be read"
            " is listed with the reason; it is never guessed. Check that the serial number is"
            " the one on the label."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return ((_("Enter"), _("Continue")), (_("Esc"), _("Back")), ("F10", _("To the plan")))

    def show(self) -> None:
        inventory = self.state.inventory
        if inventory is None:
            self.put(paint.line((_("Reading the PC …"), paint.FAINT)))
            return
        rows = list(_assessment(self.state.assessed, self.room)) if self.state.assessed else []
        rows += [paint.line("")] if rows else []
        rows += [paint.line(_label(label), value) for label, value in _rows(inventory)]
        for reason, names in facts.unread(inventory.unknown):
            text = _("Could not be read ({reason}): {facts}").format(reason=reason, facts=names)
            rows += [paint.line(""), paint.indent(paint.line((text, paint.FAINT)), self.room, 0)]
        self.put(paint.lines(rows))
