"""smartctl: health, age and identity of one drive, from its JSON.

One rule: PASSED needs the tool's unmistakable word for it, and anything that speaks against it
wins.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reprise.domain.pc.hardware import Health, Reason, SmartFacts
from reprise.errors import ToolError
from reprise.i18n import _
from reprise.tools.lines import first_int

# smartctl(8), EXIT STATUS: bit 0 bad command line, bit 1 the device could not be opened or
# identified, bit 3 "DISK FAILING".
_EXIT_USAGE, _EXIT_OPEN, _EXIT_FAILING = 1 << 0, 1 << 1, 1 << 3

# Attribute ids whose raw value means the same for all makers.
REALLOCATED, POWER_ON, CYCLES, PENDING, UNCORRECTABLE = 5, 9, 12, 197, 198

# Nothing is older: 60 years of hours. More is a packed value, not an age.
MAX_HOURS = 60 * 366 * 24
_LIVING_C = range(-60, 151)  # what a drive's thermometer can say


@dataclass(frozen=True, slots=True)
class SmartReading:
    """What one run told. `rotation_rpm` 0 means no rotation (solid state). `unknown` names
    facts as "smart.health" …; `size_bytes` is in bytes, sector sizes too."""

    smart: SmartFacts = field(default_factory=SmartFacts)
    model: str | None = None
    serial: str | None = None
    wwn: str | None = None
    firmware: str | None = None
    size_bytes: int | None = None
    logical_sector_bytes: int | None = None
    physical_sector_bytes: int | None = None
    rotation_rpm: int | None = None
    version: str | None = None
    unknown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One row of an ATA drive's table. `raw` is the tool's own rendering of the raw value."""

    number: int
    name: str
    prefailure: bool
    failing_now: bool
    raw: str


def argv_smartctl(node: str, device_type: str | None = None) -> tuple[str, ...]:
    """Identity, health, attributes and ATA security as JSON; nothing is switched or tested."""
    kind = ("-d", device_type) if device_type else ()
    return ("smartctl", "-j", *kind, "-i", "-H", "-A", "-g", "security", node)


def parse_json(data: bytes) -> SmartReading:
    """Read `smartctl -j`. Raises ToolError where it is not the JSON of a drive that answered;
    the tool's own words are in the error."""
    try:
        top = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ToolError(_("smartctl gave no readable answer.")) from error
    status = _get(top, int, "smartctl", "exit_status")
    if status is None:
        raise ToolError(_("smartctl gave no readable answer."))
    if status & (_EXIT_USAGE | _EXIT_OPEN):
        raise ToolError(_("smartctl could not read the drive: {words}").format(words=words(top)))
    attributes = _attributes(top)
    notes: dict[str, str] = {}
    facts = SmartFacts(
        health=_health(top, status, attributes, notes),
        temperature_c=living_temperature(_get(top, int, "temperature", "current")),
        power_on_hours=plausible_hours(_get(top, int, "power_on_time", "hours")),
        power_cycles=_get(top, int, "power_cycle_count"),
        percentage_used=_percentage_used(top),
        critical_warning=_get(top, int, *_NVME, "critical_warning"),
        ata_security=_get(top, str, "ata_security", "string"),
    )
    facts = with_attributes(facts, attributes)
    return SmartReading(
        smart=facts,
        model=_text(top, "model_name") or _text(top, "scsi_model_name"),
        serial=_text(top, "serial_number"),
        wwn=_wwn(top),
        firmware=_text(top, "firmware_version") or _text(top, "scsi_revision"),
        size_bytes=_get(top, int, "user_capacity", "bytes"),
        logical_sector_bytes=_get(top, int, "logical_block_size"),
        physical_sector_bytes=_get(top, int, "physical_block_size"),
        rotation_rpm=_get(top, int, "rotation_rate"),
        version=_version(top),
        unknown={**missing_facts(facts), **notes},
    )


_NVME = ("nvme_smart_health_information_log",)


def words(top: object) -> str:
    """The tool's own messages on one line."""
    messages = _get(top, list, "smartctl", "messages") or []
    texts = [_get(message, str, "string") for message in messages]
    return "; ".join(word.strip() for word in texts if word)


def said_by(data: bytes) -> str:
    """The tool's own messages in an answer that is no reading of a drive; "" for none."""
    try:
        return words(json.loads(data))
    except (ValueError, RecursionError):
        return ""


def _get(value: object, kind: type[Any], *path: str) -> Any:
    """The value at `path` where it is of this very type (a bool is no int), else None."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value if type(value) is kind else None


def _percentage_used(top: object) -> int | None:
    """May be above 100: a drive can outlive its rating."""
    value: int | None = _get(top, int, *_NVME, "percentage_used")
    if value is None:
        value = _get(top, int, "endurance_used", "current_percent")
    return value


def _text(top: object, name: str) -> str | None:
    value = _get(top, str, name)
    return value.strip() or None if value else None


def _version(top: object) -> str | None:
    parts = _get(top, list, "smartctl", "version")
    return ".".join(str(part) for part in parts) if parts else None


def _wwn(top: object) -> str | None:
    naa, oui, number = (_get(top, int, "wwn", part) for part in ("naa", "oui", "id"))
    if naa is not None and oui is not None and number is not None:
        return f"0x{naa:x}{oui:06x}{number:09x}"
    spaces = _get(top, list, "nvme_namespaces") or []
    if len(spaces) != 1:
        return None
    oui, number = (_get(spaces[0], int, "eui64", part) for part in ("oui", "ext_id"))
    return f"eui.{oui:06x}{number:010x}" if oui and number is not None else None


def _attributes(top: object) -> tuple[Attribute, ...]:
    rows = _get(top, list, "ata_smart_attributes", "table") or []
    return tuple(
        Attribute(
            number=_get(row, int, "id") or 0,
            name=_get(row, str, "name") or "?",
            prefailure=_get(row, bool, "flags", "prefailure") is True,
            failing_now=_get(row, str, "when_failed") == "now",
            raw=_get(row, str, "raw", "string") or "",
        )
        for row in rows
    )


def _health(
    top: object, status: int, attributes: tuple[Attribute, ...], notes: dict[str, str]
) -> Health:
    passed = _get(top, bool, "smart_status", "passed")
    warning = _get(top, int, *_NVME, "critical_warning")
    if passed is False or status & _EXIT_FAILING or warning or speaks_against(attributes):
        return Health.FAILING
    if passed and "Attribute check" in words(top):
        notes["smart.health"] = Reason.ATTRIBUTES_ONLY
        return Health.UNKNOWN
    if passed:
        return Health.PASSED
    if _get(top, bool, "smart_support", "available") is False:
        notes["smart.health"] = Reason.NOT_SUPPORTED
    else:
        notes["smart.health"] = Reason.NOT_REPORTED.because(words(top))
    return Health.UNKNOWN


def speaks_against(attributes: tuple[Attribute, ...]) -> bool:
    """A pre-failure attribute under its threshold, whatever the drive says of itself."""
    return any(row.failing_now and row.prefailure for row in attributes)


def with_attributes(facts: SmartFacts, attributes: tuple[Attribute, ...]) -> SmartFacts:
    """Add what the attribute table tells and the summary did not."""
    raw = {row.number: row.raw for row in attributes}

    def number(of: int) -> int | None:
        return first_int(raw.get(of, ""))

    hours = facts.power_on_hours
    cycles = facts.power_cycles
    return replace(
        facts,
        power_on_hours=_hours(attributes) if hours is None else hours,
        power_cycles=number(CYCLES) if cycles is None else cycles,
        reallocated_sectors=number(REALLOCATED),
        pending_sectors=number(PENDING),
        offline_uncorrectable=number(UNCORRECTABLE),
        failing_attributes=tuple(f"{r.number} {r.name}" for r in attributes if r.failing_now),
    )


def _hours(attributes: tuple[Attribute, ...]) -> int | None:
    """Attribute 9: "22705", "35204 (84 58 0)" or "21655h+26m+18.810s"."""
    for row in attributes:
        if row.number != POWER_ON or "Minutes" in row.name or "Second" in row.name:
            continue
        value = first_int(row.raw.replace("h+", " "))
        return plausible_hours(value)
    return None


def plausible_hours(value: int | None) -> int | None:
    return value if value is not None and 0 <= value <= MAX_HOURS else None


def living_temperature(value: int | None) -> int | None:
    return value if value is not None and value in _LIVING_C else None


def missing_facts(facts: SmartFacts) -> dict[str, str]:
    """The reason for each absent fact that every drive with SMART could tell."""
    names = ("temperature_c", "power_on_hours", "power_cycles")
    return {
        f"smart.{name}": Reason.NOT_REPORTED.value for name in names if getattr(facts, name) is None
    }
