"""The PC itself: maker, model, firmware, processor and memory."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reprise.adapters.hardware.efi_variables import value_of
from reprise.adapters.hardware.remembered import read_remembered
from reprise.adapters.hardware.sysfs import Roots, read_bytes, read_int, read_text
from reprise.domain.pc.hardware import Firmware, Machine, Memory, Processor, Reason
from reprise.domain.pc.remembered import Remembered
from reprise.errors import ToolError
from reprise.ports import CommandRunner
from reprise.tools.dmidecode import DmiFacts, argv_dmidecode, parse_dmidecode
from reprise.tools.proc import parse_cpuinfo, parse_mem_total

# What the kernel shows to everybody, as the text that dmidecode would print of it.
_DMI_FILES = {
    "BIOS Information": {
        "Vendor": "bios_vendor",
        "Version": "bios_version",
        "Release Date": "bios_date",
    },
    "System Information": {
        "Manufacturer": "sys_vendor",
        "Product Name": "product_name",
        "Version": "product_version",
        "Serial Number": "product_serial",
        "UUID": "product_uuid",
        "SKU Number": "product_sku",
    },
    "Base Board Information": {
        "Manufacturer": "board_vendor",
        "Product Name": "board_name",
        "Version": "board_version",
        "Serial Number": "board_serial",
        "Asset Tag": "board_asset_tag",
    },
    "Chassis Information": {
        "Type": "chassis_type",
        "Serial Number": "chassis_serial",
        "Asset Tag": "chassis_asset_tag",
    },
}

# DMTF DSP0134 7.4.1, System Enclosure or Chassis Types, as dmidecode spells them.
_CHASSIS = {
    1: "Other",
    3: "Desktop",
    4: "Low Profile Desktop",
    5: "Pizza Box",
    6: "Mini Tower",
    7: "Tower",
    8: "Portable",
    9: "Laptop",
    10: "Notebook",
    11: "Hand Held",
    13: "All In One",
    14: "Sub Notebook",
    15: "Space-saving",
    16: "Lunch Box",
    17: "Main Server Chassis",
    23: "Rack Mount Chassis",
    24: "Sealed-case PC",
    25: "Multi-system",
    28: "Blade",
    30: "Tablet",
    31: "Convertible",
    32: "Detachable",
    33: "IoT Gateway",
    34: "Embedded PC",
    35: "Mini PC",
    36: "Stick PC",
}


@dataclass(frozen=True, slots=True)
class MachineFacts:
    machine: Machine
    processor: Processor
    memory: Memory
    unknown: Mapping[str, str]
    remembered: tuple[Remembered, ...]


def read_machine(roots: Roots, runner: CommandRunner) -> MachineFacts:
    dmi = _smbios(roots, runner)
    notes = dict(dmi.unknown)
    total = parse_mem_total(read_text(roots.proc / "meminfo") or "")
    processor = _processor(roots)
    if total is None:
        notes["memory.total_bytes"] = Reason.UNREADABLE.because("/proc/meminfo")
    for fact in ("model", "cores", "threads"):
        if getattr(processor, fact) is None:
            notes[f"processor.{fact}"] = Reason.NOT_REPORTED
    return MachineFacts(
        machine=replace(dmi.machine, firmware=_firmware(roots, dmi.machine.firmware, notes)),
        processor=processor,
        memory=Memory(total_bytes=total, slots=dmi.slots, installed_bytes=dmi.installed_bytes),
        unknown=notes,
        remembered=read_remembered(roots, dmi),
    )


def _processor(roots: Roots) -> Processor:
    return parse_cpuinfo(read_text(roots.proc / "cpuinfo") or "", platform.machine())


def _smbios(roots: Roots, runner: CommandRunner) -> DmiFacts:
    """dmidecode's tables; without them what the kernel shows to everybody."""
    try:
        result = runner.run(argv_dmidecode(), 20.0)
        return parse_dmidecode(result.text)
    except ToolError:
        return _from_kernel(roots)


def _from_kernel(roots: Roots) -> DmiFacts:
    folder = roots.sys / "class/dmi/id"
    text = "\n".join(_table(roots, title) for title in _DMI_FILES)
    facts = parse_dmidecode(text)
    if not folder.exists():
        return replace(facts, unknown=dict.fromkeys(facts.unknown, Reason.NOT_REPORTED))
    hidden = {
        fact: Reason.NEEDS_ROOT if _is_hidden(roots, fact) else reason
        for fact, reason in facts.unknown.items()
    }
    return replace(facts, unknown=hidden)


def _table(roots: Roots, title: str) -> str:
    folder = roots.sys / "class/dmi/id"
    lines = [f"Handle 0x0000, DMI type 0, 0 bytes\n{title}"]
    for name, file in _DMI_FILES[title].items():
        value = read_text(folder / file) or ""
        if file == "chassis_type":
            value = _CHASSIS.get(read_int(folder / file) or 0, "")
        lines.append(f"\t{name}: {' '.join(value.split())}")
    return "\n".join(lines) + "\n"


_ROOT_ONLY = {
    "machine.serial": "product_serial",
    "machine.uuid": "product_uuid",
    "machine.board_serial": "board_serial",
    "machine.chassis_serial": "chassis_serial",
}


def _is_hidden(roots: Roots, fact: str) -> bool:
    """Serial numbers and the whole memory table are for root only."""
    if fact.startswith("memory."):
        return (roots.sys / "firmware/dmi/tables").exists()
    file = roots.sys / "class/dmi/id" / _ROOT_ONLY.get(fact, "none")
    return file.exists() and read_bytes(file) is None


def _firmware(roots: Roots, known: Firmware, notes: dict[str, str]) -> Firmware:
    uefi = (roots.sys / "firmware/efi").exists()
    state = value_of(roots, "SecureBoot")
    secure = state == b"\1" if state is not None and len(state) == 1 else None
    if secure is None:
        reason = Reason.NOT_REPORTED if uefi else Reason.NOT_SUPPORTED
        notes["machine.firmware.secure_boot"] = reason
    return replace(known, mode="uefi" if uefi else "bios", secure_boot=secure)
