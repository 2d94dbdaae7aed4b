"""Parts of a PC besides its drives and memory. Facts only: what could not be read is None."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NetworkCard:
    name: str
    kind: str  # "ethernet" or "wifi"
    mac: str | None = None
    driver: str | None = None
    model: str | None = None
    link: bool | None = None


@dataclass(frozen=True, slots=True)
class PciDevice:
    address: str
    model: str | None = None
    vendor: str | None = None
    driver: str | None = None
    pci_id: str | None = None  # "vendor:device" in hex


def battery_health(full_wh: float | None, design_wh: float | None) -> float | None:
    """What a full charge holds, in percent of the design; None where that cannot be told: no PC's
    battery is made for less than 1 Wh, so such a figure is no measurement."""
    if full_wh is None or design_wh is None or design_wh < 1:
        return None
    return full_wh / design_wh * 100


@dataclass(frozen=True, slots=True)
class Battery:
    name: str
    maker: str | None = None
    model: str | None = None
    serial: str | None = None
    technology: str | None = None
    design_wh: float | None = None
    full_wh: float | None = None
    charge_percent: int | None = None
    cycles: int | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Display:
    connector: str
    connected: bool
    mode: str | None = None
    model: str | None = None
