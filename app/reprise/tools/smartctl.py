"""smartctl: health, age and identity of one drive, from its JSON.

One rule: PASSED needs the tool's unmistakable word for it, and anything that speaks against it
wins.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reprise.domain.pc.hardware import Health, Reason, SmartFacts
from reprise.errors import ToolError
from reprise.i18n import _
from reprise.tools.lines import first_int
from reprise.tools.smart_attributes import (
    COUNTS,
    Attribute,
    hot,
    living_temperature,
    plausible_count,
    plausible_hours,
    speaks_against,
    with_attributes,
)

# smartctl(8), EXIT STATUS: bit 0 bad command line, bit 1 the device could not be opened or
# identified, bit 3 "DISK FAILING".
_EXIT_USAGE, _EXIT_OPEN, _EXIT_FAILING = 1 << 0, 1 << 1, 1 << 3

_WEAR_PERCENT = range(255)  # 255 is a byte that nobody wrote


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


def argv_smartctl(node: str, device_type: str | None = None) -> tuple[str, ...]:
    """Identity, health, attributes, wear of solid state drives and ATA security as JSON; nothing is
    switched or tested."""
    kind = ("-d", device_type) if device_type else ()
    return ("smartctl", "-j", *kind, "-i", "-H", "-A", "-l", "ssd", "-g", "security", node)


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
        power_cycles=_power_cycles(top),
        percentage_used=_percentage_used(top, notes),
        critical_warning=_get(top, int, *_NVME, "critical_warning"),
        ata_security=_get(top, str, "ata_security", "string"),
    )
    facts = with_attributes(facts, attributes)
    if facts.reallocated_sectors is None:  # SCSI counts the same in its list of grown defects
        moved = plausible_count(_get(top, int, "scsi_grown_defect_list"))
        facts = replace(facts, reallocated_sectors=moved)
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
        unknown={**missing_facts(facts), **_absurd(top, attributes), **notes},
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


def _power_cycles(top: object) -> int | None:
    """Of ATA and NVMe; SCSI counts how often its spindle was started."""
    count: int | None = _get(top, int, "power_cycle_count")
    if count is None:
        started = "scsi_start_stop_cycle_counter", "accumulated_start_stop_cycles"
        count = _get(top, int, *started)
    return count


def _percentage_used(top: object, notes: dict[str, str]) -> int | None:
    """May be above 100: a drive can outlive its rating. Of NVMe, SCSI and ATA drives, in this
    order; smartctl 7.5 has it in one place."""
    told = (
        _get(top, int, *_NVME, "percentage_used"),
        _get(top, int, "scsi_percentage_used_endurance_indicator"),
        _ata_endurance(top),
        _get(top, int, "endurance_used", "current_percent"),
    )
    value = next((value for value in told if value is not None), None)
    if value is None or value in _WEAR_PERCENT:
        return value
    notes["smart.percentage_used"] = Reason.UNREADABLE.because(str(value))
    return None


def _ata_endurance(top: object) -> int | None:
    """ACS-4, 9.5.10.2: page 7 of the Device Statistics log; only where it is marked as valid."""
    for page in _get(top, list, "ata_device_statistics", "pages") or []:
        for row in _get(page, list, "table") or []:
            if _get(row, str, "name") == "Percentage Used Endurance Indicator":
                valid = _get(row, bool, "flags", "valid")
                return _get(row, int, "value") if valid else None
    return None


def _absurd(top: object, attributes: tuple[Attribute, ...]) -> dict[str, str]:
    """What was told and cannot be, by fact."""
    told: dict[str, tuple[int | None, Callable[[int | None], int | None]]] = {
        "temperature_c": (_get(top, int, "temperature", "current"), living_temperature),
        "power_on_hours": (_get(top, int, "power_on_time", "hours"), plausible_hours),
        **{
            COUNTS[row.number]: (first_int(row.raw), plausible_count)
            for row in attributes
            if row.number in COUNTS
        },
    }
    return {
        f"smart.{fact}": Reason.UNREADABLE.because(str(value))
        for fact, (value, plausible) in told.items()
        if value is not None and plausible(value) is None
    }


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
    of_table = "Attribute check" in words(top)
    says_no = passed is False or status & _EXIT_FAILING
    if warning or speaks_against(attributes) or (says_no and not (of_table and hot(attributes))):
        return Health.FAILING
    if of_table:
        notes["smart.health"] = Reason.ATTRIBUTES_ONLY
        return Health.UNKNOWN
    if passed:
        return Health.PASSED
    if _get(top, bool, "smart_support", "available") is False:
        notes["smart.health"] = Reason.NOT_SUPPORTED
    else:
        notes["smart.health"] = Reason.NOT_REPORTED.because(words(top))
    return Health.UNKNOWN


def missing_facts(facts: SmartFacts) -> dict[str, str]:
    """The reason for each absent fact that every drive with SMART could tell."""
    names = ("temperature_c", "power_on_hours", "power_cycles")
    return {
        f"smart.{name}": Reason.NOT_REPORTED.value for name in names if getattr(facts, name) is None
    }
