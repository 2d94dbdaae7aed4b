"""dmidecode: the SMBIOS tables (DMTF DSP0134) of maker, model, BIOS, chassis and memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from reprise.domain.pc.hardware import Firmware, Machine, MemorySlot, Reason
from reprise.domain.pc.placeholders import is_placeholder
from reprise.errors import ToolError
from reprise.i18n import _
from reprise.tools.lines import first_fields, plain_int

# SMBIOS types: 0 BIOS, 1 System, 2 Base Board, 3 Chassis, 16 Memory Array, 17 Memory Device, 22
# Portable Battery, 24 Hardware Security.
_TYPES = ("0", "1", "2", "3", "16", "17", "22", "24")

# DSP0134 7.1 has month/day/year; others write points or dashes, the year first, the month's name
# as a compiler does, or the time of day after it.
_DATES = ("%m/%d/%Y", "%m/%d/%y", "%Y/%m/%d", "%b %d %Y")
_TIME = re.compile(r" \d\d:\d\d(:\d\d)?$")
_SIZE = re.compile(r"(\d{1,9}) ?(bytes|kB|MB|GB|TB)")
_UNITS = {"bytes": 1, "kB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}
_SLOT = re.compile(r"(?i)(so)?dimm\d*")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# The UUID that American Megatrends' reference firmware carries on every board.
_STOCK_UUIDS = frozenset({"03000200-0400-0500-0006-000700080009"})


@dataclass(frozen=True, slots=True)
class DmiFacts:
    """`unknown` names facts as "machine.serial", "memory.slots" (see domain.pc.hardware)."""

    machine: Machine
    slots: tuple[MemorySlot, ...] = ()
    installed_bytes: int | None = None
    unknown: Mapping[str, str] = field(default_factory=dict)
    asset_tags: tuple[str, ...] = ()  # of chassis and board, in the owner's words
    security: Mapping[str, str] = field(default_factory=dict)  # SMBIOS type 24, as it is written


def argv_dmidecode() -> tuple[str, ...]:
    return ("dmidecode", *(word for kind in _TYPES for word in ("-t", kind)))


def argv_version() -> tuple[str, ...]:
    return ("dmidecode", "--version")


def iso_date(text: str) -> str | None:
    """2011-05-09 of 05/09/2011, 05.09.2011, 2011-05-09 or "May  9 2011 13:07:24". DSP0134 7.1
    reads a two-digit year as 19yy, but SMBIOS began in 1995 and Apple wrote "06/27/07" in 2007:
    years below 69 are of this century."""
    bare = _TIME.sub("", " ".join(text.split())).replace(".", "/").replace("-", "/")
    day = next((found for shape in _DATES if (found := _day(bare, shape))), None)
    return day.isoformat() if day is not None and 1980 <= day.year <= 2100 else None


def _day(text: str, shape: str) -> date | None:
    try:
        return datetime.strptime(text, shape).date()
    except ValueError:
        return None


def parse_dmidecode(text: str) -> DmiFacts:
    """All facts of the tables. Raises ToolError where there is no table in the text."""
    tables = tuple(_structures(text))
    if not any(title in ("System Information", "BIOS Information") for title, _v in tables):
        raise ToolError(_("dmidecode gave no SMBIOS table."))
    notes: dict[str, str] = {}
    machine = _machine(tables, notes)
    slots = tuple(_slots(tables, notes))
    installed = sum(slot.size_bytes for slot in slots) or None
    if installed is None or "memory.slots" in notes:
        installed = None
        notes.setdefault("memory.installed_bytes", Reason.NOT_REPORTED)
    tags = tuple(dict.fromkeys(_asset_tags(tables)))
    security = next(iter(_of(tables, "Hardware Security")), {})
    return DmiFacts(machine, slots, installed, notes, tags, security)


def _structures(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """(title, first value of each field) of every structure; "Handle" is kept as a field.

    A structure is a block of lines: its handle, its title, then indented fields. (Collections
    that mask serial numbers have masked handles, too.)
    """
    for block in re.split(r"\r?\n(?=Handle 0x)|\r?\n[ \t]*\r?\n", text):
        lines = block.strip("\r\n").splitlines()
        if len(lines) < 2 or lines[0].startswith("\t") or lines[1].startswith("\t"):
            continue
        match = re.match(r"Handle (0x[0-9A-F]+),", lines[0])
        body = "\n".join(line for line in lines[2:] if not line.startswith("\t\t"))
        yield lines[1].strip(), {"Handle": match[1] if match else "", **first_fields(body)}


def _of(tables: Sequence[tuple[str, dict[str, str]]], title: str) -> list[dict[str, str]]:
    return [values for name, values in tables if name == title]


def _board(tables: Sequence[tuple[str, dict[str, str]]]) -> dict[str, str]:
    """The mother board where it says so, else the first board of the list."""
    boards = _of(tables, "Base Board Information")
    for values in boards:
        if values.get("Type") == "Motherboard":
            return values
    return boards[0] if boards else {}


def _fact(values: Mapping[str, str], name: str, fact: str, notes: dict[str, str]) -> str | None:
    value = values.get(name, "").strip()
    if value and not is_placeholder(value):
        return " ".join(value.split())
    notes[fact] = Reason.PLACEHOLDER.because(value) if value else Reason.NOT_REPORTED.because()
    return None


def _machine(tables: Sequence[tuple[str, dict[str, str]]], notes: dict[str, str]) -> Machine:
    system = next(iter(_of(tables, "System Information")), {})
    chassis = next(iter(_of(tables, "Chassis Information")), {})
    board = _board(tables)
    board_maker = _fact(board, "Manufacturer", "machine.board_maker", notes)
    board_model = _fact(board, "Product Name", "machine.board_model", notes)
    maker = _fact(system, "Manufacturer", "machine.maker", notes)
    version = _fact(system, "Version", "machine.version", notes)
    product = _fact(system, "Product Name", "machine.model", notes)
    model = _sold_as(maker, version, product)
    named_by = "system" if model else "board" if board_model else None
    return Machine(
        maker=_either(maker, board_maker, "machine.maker", notes),
        model=_either(model, board_model, "machine.model", notes),
        version=version,
        serial=_fact(system, "Serial Number", "machine.serial", notes),
        uuid=_uuid(system, notes),
        sku=_fact(system, "SKU Number", "machine.sku", notes),
        chassis=_fact(chassis, "Type", "machine.chassis", notes),
        chassis_serial=_fact(chassis, "Serial Number", "machine.chassis_serial", notes),
        board_maker=board_maker,
        board_model=board_model,
        board_serial=_fact(board, "Serial Number", "machine.board_serial", notes),
        firmware=_firmware(tables, notes),
        board_version=_fact(board, "Version", "machine.board_version", notes),
        named_by=named_by,
        portable_battery=any(map(_is_battery, _of(tables, "Portable Battery"))),
    )


def _is_battery(values: Mapping[str, str]) -> bool:
    """An empty table stands on many a desktop's board."""
    return bool(re.match(r"[1-9]", values.get("Design Capacity", "")))


def _either(first: str | None, second: str | None, fact: str, notes: dict[str, str]) -> str | None:
    """A PC built from parts is named by its board; then nothing is unknown."""
    if first or second:
        notes.pop(fact, None)
    return first or second


def _sold_as(maker: str | None, version: str | None, product: str | None) -> str | None:
    """Lenovo keeps the name on the lid in Version and an order code in Product Name."""
    if (maker or "").lower() != "lenovo" or not version:
        return product
    name = re.sub(r"(?i)^lenovo ", "", version)
    return f"{name} {product}" if product and product not in name else name


def _uuid(system: Mapping[str, str], notes: dict[str, str]) -> str | None:
    value = _fact(system, "UUID", "machine.uuid", notes)
    if value is None:
        return None
    if _UUID.fullmatch(value) and value.lower() not in _STOCK_UUIDS:
        return value.lower()
    notes["machine.uuid"] = Reason.PLACEHOLDER.because(value)
    return None


def _firmware(tables: Sequence[tuple[str, dict[str, str]]], notes: dict[str, str]) -> Firmware:
    bios = next(iter(_of(tables, "BIOS Information")), {})
    raw = _fact(bios, "Release Date", "machine.firmware.date", notes)
    made = iso_date(raw) if raw else None
    if raw and made is None:
        notes["machine.firmware.date"] = Reason.UNREADABLE.because(raw)
    return Firmware(
        vendor=_fact(bios, "Vendor", "machine.firmware.vendor", notes),
        version=_fact(bios, "Version", "machine.firmware.version", notes),
        date=made,
    )


def _asset_tags(tables: Sequence[tuple[str, dict[str, str]]]) -> Iterator[str]:
    for values in (*_of(tables, "Chassis Information"), *_of(tables, "Base Board Information")):
        tag = " ".join(values.get("Asset Tag", "").split())
        if tag and not is_placeholder(tag):
            yield tag


def _slots(
    tables: Sequence[tuple[str, dict[str, str]]], notes: dict[str, str]
) -> Iterator[MemorySlot]:
    arrays = {v["Handle"]: v.get("Use") for v in _of(tables, "Physical Memory Array")}
    for values in _of(tables, "Memory Device"):
        use = arrays.get(values.get("Array Handle", ""), "System Memory")
        if use != "System Memory" or values.get("Type") == "Flash":
            continue  # video memory, the BIOS chip
        size = _size_bytes(values.get("Size", ""))
        if size is None:
            locator = values.get("Locator", "")
            notes["memory.slots"] = Reason.UNREADABLE.because(locator)
        else:
            yield _slot(values, size)
    if not _of(tables, "Memory Device"):
        notes["memory.slots"] = Reason.NOT_REPORTED.because()


def _size_bytes(text: str) -> int | None:
    """0 for an empty slot, None where the size is not said."""
    if text in ("No Module Installed", "Not Installed"):
        return 0
    match = _SIZE.fullmatch(text.strip())
    return int(match[1]) * _UNITS[match[2]] if match else None


def _slot(values: Mapping[str, str], size: int) -> MemorySlot:
    def word(name: str) -> str | None:
        value = values.get(name, "").strip()
        return None if is_placeholder(value) or value == "Other" else value

    speed = values.get("Speed", "").partition(" ")
    part = word("Part Number")
    return MemorySlot(
        locator=word("Locator"),
        size_bytes=size,
        kind=word("Type"),
        speed_mts=plain_int(speed[0]) if speed[2].startswith(("MT/s", "MHz")) else None,
        maker=word("Manufacturer"),
        part_number=None if part is None or _SLOT.fullmatch(part) else part,
        serial=word("Serial Number"),
    )
