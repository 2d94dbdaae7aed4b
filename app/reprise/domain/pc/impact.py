"""Avoided emissions of a PC that is used again: low, central and high, never one number alone.

    avoided = s * M_new * (Y2 / L_new)

s: share of reused PCs that take the place of a new one; M_new: making a new one, kg CO2e; Y2: years
of the second life; L_new: years that a new one lasts. All making figures of one estimate come from
one source (impact.toml names it). Not counted: new parts, and the electricity that an old PC may
draw more than a new one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from reprise.domain.pc.hardware import Inventory

METHOD = "substitution-of-manufacturing"

# SMBIOS Reference Specification (DSP0134), 7.4.1, as dmidecode spells them. An all-in-one holds a
# monitor, a tablet and a server are other things: no source of ours has a figure for them.
_LAPTOPS = frozenset(
    {"Notebook", "Laptop", "Portable", "Sub Notebook", "Convertible", "Detachable"}
)
_DESKTOPS = frozenset(
    {
        "Desktop",
        "Low Profile Desktop",
        "Pizza Box",
        "Mini Tower",
        "Tower",
        "Space-saving",
        "Lunch Box",
        "Mini PC",
    }
)


class PcKind(StrEnum):
    LAPTOP = "laptop"
    DESKTOP = "desktop"


class ImpactGap(StrEnum):
    """Why there is no figure."""

    CHASSIS_UNKNOWN = "impact-chassis-unknown"
    CHASSIS_WITHOUT_FACTOR = "impact-chassis-without-factor"


@dataclass(frozen=True, slots=True)
class Scale:
    """One quantity in three scenarios."""

    low: float
    central: float
    high: float

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.central <= self.high:
            raise ValueError("0 < low <= central <= high")


@dataclass(frozen=True, slots=True)
class ImpactFactors:
    """The keys of impact.toml, one to one; each is explained there."""

    version: str = "2026-1"
    source: str = "ADEME, Impact CO2, 2026"
    new_pc_years: float = 5
    laptop_kgco2e: Scale = field(default_factory=lambda: Scale(170, 170, 170))
    desktop_kgco2e: Scale = field(default_factory=lambda: Scale(203, 203, 259))
    second_life_years: Scale = field(default_factory=lambda: Scale(2, 3, 5))
    substitution: Scale = field(default_factory=lambda: Scale(0.5, 0.8, 1.0))

    def __post_init__(self) -> None:
        if self.new_pc_years <= 0:
            raise ValueError("new_pc_years > 0")
        if self.substitution.high > 1:
            raise ValueError("substitution <= 1")
        if not self.source or not self.version:
            raise ValueError("source, version")


@dataclass(frozen=True, slots=True)
class Avoided:
    """kg CO2 equivalent, whole numbers: the factors are no better."""

    low_kgco2e: int
    central_kgco2e: int
    high_kgco2e: int
    low_years: float
    high_years: float


@dataclass(frozen=True, slots=True)
class Impact:
    """What reuse of this PC avoids, if it is used again; or why nobody can say (`gap`)."""

    method: str
    version: str
    source: str
    kind: PcKind | None = None
    avoided: Avoided | None = None
    gap: ImpactGap | None = None


def kind_of(chassis: str | None) -> PcKind | None:
    if chassis in _LAPTOPS:
        return PcKind.LAPTOP
    return PcKind.DESKTOP if chassis in _DESKTOPS else None


def impact(inventory: Inventory, factors: ImpactFactors) -> Impact:
    """The estimate for this PC; without a figure where its kind is unknown."""
    chassis = inventory.machine.chassis
    kind = kind_of(chassis)
    if kind is None:
        unknown = chassis in (None, "", "Other", "Unknown")
        gap = ImpactGap.CHASSIS_UNKNOWN if unknown else ImpactGap.CHASSIS_WITHOUT_FACTOR
        return Impact(METHOD, factors.version, factors.source, gap=gap)
    making = factors.laptop_kgco2e if kind is PcKind.LAPTOP else factors.desktop_kgco2e
    return Impact(METHOD, factors.version, factors.source, kind, _avoided(making, factors))


def _avoided(making: Scale, factors: ImpactFactors) -> Avoided:
    low, central, high = (
        round(
            getattr(factors.substitution, name)
            * getattr(making, name)
            * getattr(factors.second_life_years, name)
            / factors.new_pc_years
        )
        for name in ("low", "central", "high")
    )
    years = factors.second_life_years
    return Avoided(low, central, high, years.low, years.high)
