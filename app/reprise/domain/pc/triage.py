"""Keep, take for parts, or recycle: a recommendation with its reasons, before hours of erasing.

Pure. What is not known is said and weighs nothing: it never makes a recommendation worse."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reprise.domain.drives.scope import can_be_taken_out
from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.pc.generations import Generation, generation_of
from reprise.domain.pc.hardware import Drive, Health, Inventory, Memory, Transport
from reprise.domain.pc.parts import Battery, battery_health

_GIB = 1024**3
_DAYS = 365.25


class Advice(StrEnum):
    """From the best to the worst."""

    KEEP = "keep"
    PARTS = "parts"
    RECYCLE = "recycle"


_WORST_FIRST = tuple(reversed(Advice))


class TriageCode(StrEnum):
    TOO_OLD = "triage-too-old"
    PERHAPS_TOO_OLD = "triage-perhaps-too-old"
    MEMORY_TOO_SMALL = "triage-memory-too-small"
    MEMORY_SMALL = "triage-memory-small"
    TOO_FEW_CORES = "triage-too-few-cores"
    DRIVE_FAILING = "triage-drive-failing"
    DRIVE_WORN = "triage-drive-worn"
    NO_DRIVE = "triage-no-drive"
    BATTERY_WORN = "triage-battery-worn"
    AGE_UNKNOWN = "triage-age-unknown"
    MEMORY_UNKNOWN = "triage-memory-unknown"
    CORES_UNKNOWN = "triage-cores-unknown"
    HEALTH_UNKNOWN = "triage-health-unknown"
    BATTERY_UNKNOWN = "triage-battery-unknown"


@dataclass(frozen=True, slots=True)
class TriageRules:
    """The keys of triage.toml, one to one; each is explained there."""

    name: str = "default"
    version: int = 1
    recycle_over_years: float = 10
    bios_before_pc_years: float = 2
    bios_after_pc_years: float = 5
    parts_below_memory_gib: float = 2
    good_memory_gib: float = 4
    parts_below_cores: int = 2
    battery_worn_percent: int = 50
    drive_worn_percent: int = 90

    def __post_init__(self) -> None:
        for key in ("version", "recycle_over_years", "parts_below_cores"):
            if getattr(self, key) <= 0:
                raise ValueError(f"{key} > 0")
        for key in ("bios_before_pc_years", "bios_after_pc_years"):
            if getattr(self, key) < 0:
                raise ValueError(f"{key} >= 0")
        if not 0 < self.parts_below_memory_gib <= self.good_memory_gib:
            raise ValueError("0 < parts_below_memory_gib <= good_memory_gib")
        for key in ("battery_worn_percent", "drive_worn_percent"):
            if not 0 <= getattr(self, key) <= 100:
                raise ValueError(f"0 <= {key} <= 100")

    @property
    def label(self) -> str:
        return f"{self.name}/{self.version}"


@dataclass(frozen=True, slots=True)
class Today:
    """What the PC's clock says; `trusted`: it is synchronised. `surely`: a day that is past,
    whatever that clock says."""

    day: date
    trusted: bool
    surely: date

    @property
    def at_least(self) -> date:
        """The latest day that is past, however the clock lies."""
        return self.day if self.trusted else min(self.day, self.surely)


def _years(since: date, until: date) -> float:
    return max((until - since).days / _DAYS, 0.0)


class AgeSign(StrEnum):
    """What told the age of a PC."""

    BIOS = "bios"  # its date; also of reports before there was another sign
    PROCESSOR = "processor"  # its generation


@dataclass(frozen=True, slots=True)
class Age:
    """In years: never known better than a range. `generation`: of the processor, where that told
    it, with the years in which PCs with it were sold (`last_year` None: they are still)."""

    low_years: float
    central_years: float
    high_years: float
    sign: AgeSign = AgeSign.BIOS
    generation: str = ""
    first_year: int | None = None
    last_year: int | None = None


@dataclass(frozen=True, slots=True)
class TriageReason:
    """`weighs` KEEP: worth knowing, but no reason against the PC. `value` and `limit` are in the
    unit of the rule; `what` is data: a path, a battery's name."""

    code: TriageCode
    weighs: Advice = Advice.KEEP
    value: float | None = None
    limit: float | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class Triage:
    """`rules`: name and version of those that were used."""

    advice: Advice
    reasons: tuple[TriageReason, ...]
    rules: str
    age: Age | None = None


def triage(inventory: Inventory, rules: TriageRules, today: Today) -> Triage:
    """The recommendation: the worst that any one reason asks for."""
    age = age_of(inventory, rules, today)
    reasons = (
        *_age(age, rules),
        *_memory(inventory.memory, rules),
        *_cores(inventory.processor.cores, rules),
        *_drives([d for d in inventory.drives if _inside(d)], rules),
        *_batteries(inventory.batteries, rules),
    )
    asked = {reason.weighs for reason in reasons}
    advice = next((candidate for candidate in _WORST_FIRST if candidate in asked), Advice.KEEP)
    return Triage(advice, reasons, rules.label, age)


def age_of(inventory: Inventory, rules: TriageRules, today: Today) -> Age | None:
    """From the processor; where nobody knows that, from the BIOS. What a BIOS is updated to changes
    no PC's age. The lower bound counts from a day that is past for sure."""
    generation = generation_of(inventory.processor)
    if generation is not None:
        return _age_with(generation, today)
    return _age_of_bios(inventory, rules, today)


def _age_with(generation: Generation, today: Today) -> Age:
    """Made at any time while PCs with it were sold."""
    last = date(generation.last or today.day.year, 12, 31)
    oldest = _years(date(generation.first, 1, 1), today.day)
    return Age(
        low_years=round(_years(last, today.at_least), 1),
        central_years=round((_years(last, today.day) + oldest) / 2, 1),
        high_years=round(oldest, 1),
        sign=AgeSign.PROCESSOR,
        generation=generation.name,
        first_year=generation.first,
        last_year=generation.last,
    )


def _age_of_bios(inventory: Inventory, rules: TriageRules, today: Today) -> Age | None:
    """Which is some time older than a PC that was just sold, and younger than one that was
    updated."""
    try:
        bios = date.fromisoformat(inventory.machine.firmware.date or "")
    except ValueError:
        return None
    since = _years(bios, today.day)
    low = _years(bios, today.at_least) - rules.bios_before_pc_years
    return Age(
        low_years=round(max(low, 0.0), 1),
        central_years=round(since, 1),
        high_years=round(since + rules.bios_after_pc_years, 1),
    )


def _age(age: Age | None, rules: TriageRules) -> Iterable[TriageReason]:
    limit = rules.recycle_over_years
    if age is None:
        yield TriageReason(TriageCode.AGE_UNKNOWN)
    elif age.low_years > limit:
        yield TriageReason(TriageCode.TOO_OLD, Advice.RECYCLE, int(age.low_years), limit)
    elif age.central_years > limit:
        yield TriageReason(TriageCode.PERHAPS_TOO_OLD, value=age.central_years, limit=limit)


def _memory(memory: Memory, rules: TriageRules) -> Iterable[TriageReason]:
    gib = memory_gib(memory)
    if gib is None:
        yield TriageReason(TriageCode.MEMORY_UNKNOWN)
    elif gib < rules.parts_below_memory_gib:
        limit = rules.parts_below_memory_gib
        yield TriageReason(TriageCode.MEMORY_TOO_SMALL, Advice.PARTS, gib, limit)
    elif gib < rules.good_memory_gib:
        yield TriageReason(TriageCode.MEMORY_SMALL, value=gib, limit=rules.good_memory_gib)


def memory_gib(memory: Memory) -> float | None:
    """What the modules hold. Where they do not say, what the system can use, rounded up to the
    next half: graphics and firmware keep some for themselves."""
    if memory.installed_bytes is not None:
        return round(memory.installed_bytes / _GIB, 1)
    if memory.total_bytes is not None:
        return math.ceil(memory.total_bytes / _GIB * 2) / 2
    return None


def _cores(cores: int | None, rules: TriageRules) -> Iterable[TriageReason]:
    if cores is None:
        yield TriageReason(TriageCode.CORES_UNKNOWN)
    elif cores < rules.parts_below_cores:
        limit = rules.parts_below_cores
        yield TriageReason(TriageCode.TOO_FEW_CORES, Advice.PARTS, cores, limit)


def _inside(drive: Drive) -> bool:
    """Our stick or card, and another drive on USB outside, say nothing about the PC."""
    if drive.boot.started and can_be_taken_out(drive):
        return False
    return drive.transport is not Transport.USB or drive.port is UsbPort.FIXED


def _drives(drives: list[Drive], rules: TriageRules) -> Iterable[TriageReason]:
    """A bad drive is replaced: it says nothing against the rest of the PC."""
    if not drives:
        yield TriageReason(TriageCode.NO_DRIVE)
    for drive in drives:
        name, smart = drive.node.removeprefix("/dev/"), drive.smart
        if smart.health is Health.FAILING:
            yield TriageReason(TriageCode.DRIVE_FAILING, what=name)
        elif (smart.percentage_used or 0) >= rules.drive_worn_percent:
            yield TriageReason(TriageCode.DRIVE_WORN, value=smart.percentage_used, what=name)
        elif smart.health is Health.UNKNOWN:
            yield TriageReason(TriageCode.HEALTH_UNKNOWN, what=name)


def _batteries(batteries: Iterable[Battery], rules: TriageRules) -> Iterable[TriageReason]:
    """A battery is named only where there is another."""
    batteries = tuple(batteries)
    for battery in batteries:
        health = battery_health(battery.full_wh, battery.design_wh)
        name = (battery.model or battery.name) if len(batteries) > 1 else ""
        if health is None:
            yield TriageReason(TriageCode.BATTERY_UNKNOWN, what=name)
            continue
        percent = int(health)
        if percent < rules.battery_worn_percent:
            limit = rules.battery_worn_percent
            yield TriageReason(
                TriageCode.BATTERY_WORN,
                value=percent,
                limit=limit,
                what=name,
            )
