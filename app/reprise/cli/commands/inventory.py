"""reprise inventory: what this PC is made of. Writes nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reprise import wording
from reprise.bootstrap import drives
from reprise.codec import to_json
from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.drives.volumes import Volume
from reprise.domain.pc.hardware import Drive, Inventory, MemorySlot
from reprise.domain.pc.parts import Battery
from reprise.errors import EXIT_OK
from reprise.i18n import _, pgettext
from reprise.sentences.drives import content_words
from reprise.sentences.facts import unread
from reprise.workflow.session.volumes import read_now

_LABEL_WIDTH = 18
Inside = Mapping[str, Sequence[Volume]]  # by node


def register(commands: Any) -> None:
    parser = commands.add_parser(
        "inventory",
        help=_("say what this PC is made of"),
        description=_(
            "Says what this PC is made of. Writes nothing. A fact that could not be read is"
            " listed with the reason; run as root, more can be read."
        ),
    )
    parser.add_argument(
        "--json", action="store_true", help=_("as JSON (schema reprise-inventory/1)")
    )
    parser.add_argument(
        "--drive",
        metavar=_("PATH"),
        help=_("this drive only (a loop device must be named)"),
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    probe = drives.drive_probe()
    probed = probe.probe_drive(args.drive) if args.drive else probe.probe_inventory()
    if args.json:
        sys.stdout.write(to_json(probed, pretty=True).decode())
        return EXIT_OK
    shown = [probed] if isinstance(probed, Drive) else probed.drives
    inside = read_now(drives.volume_reader(), shown)
    lines = _drive(probed, inside) if isinstance(probed, Drive) else _inventory(probed, inside)
    print("\n".join(lines))
    return EXIT_OK


def _line(label: str, *facts: str | None) -> str:
    return f"{label:<{_LABEL_WIDTH}} {wording.join(f for f in facts if f) or _('unknown')}"


def _inventory(found: Inventory, inside: Inside) -> Iterator[str]:
    yield from _machine(found)
    for number, drive in enumerate(found.drives):
        yield ""
        yield _line(_("Drive {number}").format(number=number + 1), drive.node)
        yield from _drive(drive, inside)
    if not found.drives:
        yield ""
        yield _("No drive was found.")
    yield ""
    yield from _rest(found)
    for words in wording.unreached(found.unreached):
        yield _("warning: {what}").format(what=words)
    yield from _unknown(found.unknown)


def _machine(found: Inventory) -> Iterator[str]:
    machine, cpu, memory = found.machine, found.processor, found.memory
    firmware = machine.firmware
    yield _line(_("Maker"), machine.maker)
    yield _line(_("Model"), machine.model)
    yield _line(_("Serial number"), machine.serial)
    yield _line("UUID", machine.uuid)
    yield _line(_("Chassis"), machine.chassis)
    dated = wording.moment(firmware.date) if firmware.date else None
    mode = firmware.mode.upper() if firmware.mode else None
    yield _line(_("Firmware"), firmware.vendor, firmware.version, dated, mode)
    yield _line(_("Processor"), cpu.model, _counted(_("{count} cores"), cpu.cores))
    for label, count, unknown in (
        (_("Memory"), memory.total_bytes, pgettext("memory", "unknown")),
        (_("Memory modules"), memory.installed_bytes, pgettext("memory modules", "unknown")),
    ):
        yield _line(label, unknown if count is None else wording.size_binary(count))
    for slot in memory.slots:
        yield _line("", slot.locator, _slot(slot))


def _counted(text: str, count: int | None) -> str | None:
    return None if count is None else text.format(count=count)


def _slot(slot: MemorySlot) -> str:
    if not slot.size_bytes:
        return _("empty")
    speed = f"{slot.speed_mts} MT/s" if slot.speed_mts else None
    facts = (wording.size_binary(slot.size_bytes), slot.kind, speed, slot.maker)
    return wording.join(fact for fact in facts if fact)


def _drive(drive: Drive, inside: Inside) -> Iterator[str]:
    who, smart = drive.identity, drive.smart
    rpm = _counted(_("{count} rpm"), drive.rotation_rpm)
    sectors = f"{drive.logical_sector_bytes}/{drive.physical_sector_bytes}"
    yield _line(_("Model"), who.model, drive.firmware)
    yield _line(_("Serial number"), who.serial)
    yield _line("WWN", who.wwn)
    yield _line(_("Size"), wording.size(who.size_bytes), _("sectors {sizes}").format(sizes=sectors))
    port = None if drive.port is UsbPort.UNKNOWN else wording.word(drive.port)
    kind = (wording.transport(drive.transport), port, wording.media(drive.media), rpm)
    yield _line(_("Kind"), *kind)
    heat = None if smart.temperature_c is None else f"{smart.temperature_c} °C"
    age = _counted(_("{count} hours powered on"), smart.power_on_hours)
    yield _line(_("Health"), wording.health(smart.health), age, heat, *smart.failing_attributes)
    yield from _content(drive, inside.get(drive.node, ()))
    yield from _unknown(drive.unknown)


def _content(drive: Drive, inside: Sequence[Volume]) -> Iterator[str]:
    if drive.read_only:
        yield _line(_("State"), _("read-only"))
    if drive.boot.is_boot:
        signs = (drive.boot.how or "").split(",")
        yield _line(_("Reprise medium"), *(wording.code(sign) for sign in signs))
    for words in content_words(drive, inside):
        yield _line(_("Content"), words)
    for use in drive.uses:
        yield _line(_("In use"), use.node, wording.word(use.kind), use.detail)


def _rest(found: Inventory) -> Iterator[str]:
    for gpu in found.gpus:
        yield _line(_("Graphics"), gpu.vendor, gpu.model, gpu.pci_id)
    for card in found.network:
        kind = "Wi-Fi" if card.kind == "wifi" else "Ethernet"
        yield _line(_("Network"), kind, card.model or card.name, card.mac)
    for battery in found.batteries:
        yield _line(_("Battery"), battery.maker, battery.model, _capacity(battery))
    for screen in found.displays:
        if screen.connected:
            yield _line(_("Display"), screen.connector, screen.model, screen.mode)


def _capacity(battery: Battery) -> str:
    """ "38.2 of 50 Wh": what it holds when full, of what it held when new."""
    if battery.full_wh is None or battery.design_wh is None:
        return _("capacity unknown")
    return _("{full} of {design} Wh").format(
        full=wording.decimal(battery.full_wh), design=wording.decimal(battery.design_wh)
    )


def _unknown(reasons: Mapping[str, str]) -> Iterator[str]:
    for reason, facts in unread(reasons):
        yield _line(_("Could not be read"), f"{reason} – {facts}")
