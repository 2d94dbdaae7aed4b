"""smartctl's texts (-a and -x), which collections have: ATA, NVMe, and NVMe or SAS in the SCSI
layout, old versions and foreign digits included. What they say is judged by tools.smartctl, as of
the JSON that the station asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reprise.domain.pc.hardware import Health, Reason, SmartFacts
from reprise.errors import ToolError
from reprise.tools.lines import first_fields, first_int, plain_int
from reprise.tools.smart_attributes import (
    Attribute,
    living_temperature,
    plausible_hours,
    speaks_against,
    with_attributes,
)
from reprise.tools.smartctl import SmartReading, missing_facts

_BANNER = re.compile(r"^smartctl (\d+\.\d+)", re.MULTILINE)
_VERDICT = re.compile(r"^SMART overall-health self-assessment test result: (.*?)\r?$", re.MULTILINE)
_SCSI_VERDICT = re.compile(r"^SMART Health Status: (.*?)\r?$", re.MULTILINE)
# "ID# ATTRIBUTE_NAME FLAGS VALUE WORST THRESH FAIL RAW_VALUE" of -x
_BRIEF = re.compile(
    r"^ *(\d{1,3}) (\S+) +([POSRCK-]{6}) +[\d-]{3} +[\d-]{3} +[\d-]{3} +(NOW|Past|-) +(.+)$"
)
# "ID# ATTRIBUTE_NAME FLAG VALUE WORST THRESH TYPE UPDATED WHEN_FAILED RAW_VALUE" of -a
_OLD = re.compile(
    r"^ *(\d{1,3}) (\S+) +0x[0-9a-f]{4} +[\d-]{3} +[\d-]{3} +[\d-]{3} +(Pre-fail|Old_age)"
    r" +(?:Always|Offline) +(FAILING_NOW|In_the_past|-) +(.+)$"
)
_WWN = re.compile(r"([0-9a-f]) ([0-9a-f]{6}) ([0-9a-f]{9})")
_EUI = re.compile(r"([0-9a-f]{6}) ([0-9a-f]{10})")
_DEVSTAT_USED = re.compile(
    r"^0x07  0x008 +1 +(\d+) +\S+ +Percentage Used Endurance Indicator", re.MULTILINE
)
_SCT_TEMPERATURE = re.compile(r"^Current Temperature: +(-?\d+) Celsius", re.MULTILINE)
_GROUPING = re.compile("[\\s,.'’\u00a0\u202f\u2009\ufffd]")
_ABSENT = frozenset({"", "--", "...", "[No Information Found]"})


def grouped_int(text: str) -> int | None:
    """12,345 / 12 345 / 12.345 as one number; None where it is anything else."""
    digits = _GROUPING.sub("", text)
    return plain_int(digits)


def parse_text(text: str) -> SmartReading:
    """Read one drive's text. Raises ToolError where the text is not smartctl's."""
    banner = _BANNER.search(text)
    if banner is None:
        raise ToolError("smartctl gave no readable answer.")
    lines = first_fields(text)
    attributes = _attributes(text)
    notes: dict[str, str] = {}
    facts = SmartFacts(
        health=_health(text, lines, attributes, notes),
        temperature_c=_temperature(text, lines, attributes),
        power_on_hours=plausible_hours(grouped_int(lines.get("Power On Hours", ""))),
        power_cycles=grouped_int(lines.get("Power Cycles", "")),
        percentage_used=_percentage_used(text, lines),
        critical_warning=_hex(lines.get("Critical Warning", "")),
        ata_security=_word(lines, "ATA Security is"),
    )
    facts = with_attributes(facts, attributes)
    logical, physical = _sectors(lines)
    return SmartReading(
        smart=facts,
        model=_word(lines, "Device Model", "Model Number", "Product"),
        serial=_word(lines, "Serial Number", "Serial number"),
        wwn=_wwn(lines),
        firmware=_word(lines, "Firmware Version", "Revision"),
        size_bytes=_capacity(lines),
        logical_sector_bytes=logical,
        physical_sector_bytes=physical,
        rotation_rpm=_rotation(lines),
        version=banner[1],
        unknown={**missing_facts(facts), **notes},
    )


def _word(lines: Mapping[str, str], *names: str) -> str | None:
    for name in names:
        value = lines.get(name, "")
        if value not in _ABSENT:
            return value
    return None


def _attributes(text: str) -> tuple[Attribute, ...]:
    rows: list[Attribute] = []
    for line in text.splitlines():
        if brief := _BRIEF.match(line):
            number, name, flags, failed, raw = brief.groups()
            rows.append(Attribute(int(number), name, flags[0] == "P", failed == "NOW", raw.strip()))
        elif old := _OLD.match(line):
            number, name, kind, failed, raw = old.groups()
            now = failed == "FAILING_NOW"
            rows.append(Attribute(int(number), name, kind == "Pre-fail", now, raw.strip()))
    return tuple(rows)


def _health(
    text: str,
    lines: Mapping[str, str],
    attributes: tuple[Attribute, ...],
    notes: dict[str, str],
) -> Health:
    """One clear good word and nothing that contradicts it, or no PASSED."""
    verdicts = [v.strip() for v in _VERDICT.findall(text)]
    scsi = [v.strip() for v in _SCSI_VERDICT.findall(text)]
    said_bad = any(v.startswith("FAILED") for v in verdicts) or any("[asc=" in v for v in scsi)
    if said_bad or _hex(lines.get("Critical Warning", "")) or speaks_against(attributes):
        return Health.FAILING
    said = {*verdicts, *scsi}
    if said == {"PASSED"} and "based on an Attribute check" in text:
        notes["smart.health"] = Reason.ATTRIBUTES_ONLY
    elif said and said <= {"PASSED", "OK"}:
        return Health.PASSED
    elif said:
        notes["smart.health"] = Reason.UNREADABLE.because("; ".join(sorted(said)))
    elif "Unavailable" in lines.get("SMART support is", ""):
        notes["smart.health"] = Reason.NOT_SUPPORTED
    else:
        notes["smart.health"] = Reason.NOT_REPORTED
    return Health.UNKNOWN


def _temperature(
    text: str, lines: Mapping[str, str], attributes: tuple[Attribute, ...]
) -> int | None:
    """From the NVMe log, the SCSI page, the SCT status, or attribute 194, 190 in this order."""
    for name, unit in (("Temperature", "Celsius"), ("Current Drive Temperature", "C")):
        value = lines.get(name, "")
        if value.endswith(f" {unit}"):
            return living_temperature(first_int(value))
    if sct := _SCT_TEMPERATURE.search(text):
        return living_temperature(int(sct[1]))
    raw = {row.number: row.raw for row in attributes if "Temperature" in row.name}
    return living_temperature(first_int(raw.get(194) or raw.get(190) or ""))


def _percentage_used(text: str, lines: Mapping[str, str]) -> int | None:
    for name in ("Percentage Used", "Percentage used endurance indicator"):
        if value := re.fullmatch(r"(\d{1,3})%", lines.get(name, "")):
            return int(value[1])
    found = _DEVSTAT_USED.search(text)
    return int(found[1]) if found else None


def _hex(text: str) -> int | None:
    return int(text, 16) if re.fullmatch(r"0x[0-9a-fA-F]{1,4}", text) else None


def _capacity(lines: Mapping[str, str]) -> int | None:
    """Bytes of "4 000 787 030 016 bytes [4,00 TB]" or "512,110,190,592 [512 GB]"."""
    whole = lines.get("User Capacity") or lines.get("Namespace 1 Size/Capacity") or ""
    digits, found, _rest = whole.partition("[")
    return grouped_int(digits.replace("bytes", "")) if found else None


def _sectors(lines: Mapping[str, str]) -> tuple[int | None, int | None]:
    if same := re.fullmatch(r"(\d+) bytes logical/physical", lines.get("Sector Size", "")):
        return int(same[1]), int(same[1])
    both = re.fullmatch(r"(\d+) bytes logical, (\d+) bytes physical", lines.get("Sector Sizes", ""))
    if both:
        return int(both[1]), int(both[2])
    logical = first_int(lines.get("Logical block size", ""))
    physical = first_int(lines.get("Physical block size", ""))
    if logical is None:
        logical = first_int(lines.get("Namespace 1 Formatted LBA Size", ""))
    return logical, physical


def _rotation(lines: Mapping[str, str]) -> int | None:
    value = lines.get("Rotation Rate", "")
    if value == "Solid State Device":
        return 0
    return first_int(value) if value.endswith(" rpm") else None


def _wwn(lines: Mapping[str, str]) -> str | None:
    if found := _WWN.fullmatch(lines.get("LU WWN Device Id", "")):
        return "0x" + "".join(found.groups())
    if found := _EUI.fullmatch(lines.get("Namespace 1 IEEE EUI-64", "")):
        return "eui." + "".join(found.groups())
    return None
