"""The table of attributes that an ATA drive keeps of itself, and which of its numbers can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from reprise.domain.pc.hardware import SmartFacts
from reprise.tools.lines import first_int

# Attribute ids whose raw value means the same for all makers.
REALLOCATED, POWER_ON, CYCLES, PENDING, UNCORRECTABLE = 5, 9, 12, 197, 198

COUNTS = {
    REALLOCATED: "reallocated_sectors",
    PENDING: "pending_sectors",
    UNCORRECTABLE: "offline_uncorrectable",
}

# Nothing is older: 60 years of hours. More is a packed value, not an age.
MAX_HOURS = 60 * 366 * 24
# What the thermometer of a drive that answers can show. 0 and 128 (of a signed byte, the end) stand
# where there is none.
_LIVING_C = range(1, 128)
_NO_COUNT = 0xFFFF_FFFF  # 32 bits that nobody wrote; no drive lives to count so many bad sectors
# A thermometer's attributes (drivedb.h): hot now is no fault of the drive.
_OF_HEAT = (190, 194)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One row of an ATA drive's table. `raw` is the tool's own rendering of the raw value."""

    number: int
    name: str
    prefailure: bool
    failing_now: bool
    raw: str


def speaks_against(attributes: tuple[Attribute, ...]) -> bool:
    """A pre-failure attribute under its threshold, whatever the drive says of itself."""
    return any(row.failing_now and row.prefailure for row in _but_heat(attributes))


def hot(attributes: tuple[Attribute, ...]) -> bool:
    return any(row.failing_now and row.number in _OF_HEAT for row in attributes)


def _but_heat(attributes: tuple[Attribute, ...]) -> Iterator[Attribute]:
    return (row for row in attributes if row.number not in _OF_HEAT)


def with_attributes(facts: SmartFacts, attributes: tuple[Attribute, ...]) -> SmartFacts:
    """Add what the attribute table tells and the summary did not."""
    raw = {row.number: row.raw for row in attributes}

    def number(of: int) -> int | None:
        return first_int(raw.get(of, ""))

    counts: dict[str, Any] = {fact: plausible_count(number(of)) for of, fact in COUNTS.items()}
    hours = facts.power_on_hours
    cycles = facts.power_cycles
    return replace(
        facts,
        power_on_hours=_hours(attributes) if hours is None else hours,
        power_cycles=number(CYCLES) if cycles is None else cycles,
        **counts,
        failing_attributes=tuple(
            f"{row.number} {row.name}" for row in _but_heat(attributes) if row.failing_now
        ),
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


def plausible_count(value: int | None) -> int | None:
    return value if value is not None and 0 <= value < _NO_COUNT else None
