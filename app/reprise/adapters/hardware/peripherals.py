"""Graphics, network, batteries and displays, from sysfs and udev's names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reprise.adapters.hardware.sysfs import (
    Roots,
    link_name,
    names,
    read_bytes,
    read_int,
    read_text,
)
from reprise.adapters.hardware.udev import UdevLookup
from reprise.domain.pc.parts import Battery, Display, NetworkCard, PciDevice
from reprise.tools.edid import parse_edid_model

_DISPLAY_CLASS = "0x03"  # PCI Code and ID Assignment 1.4: base class 03h
_ETHERNET = 1  # ARPHRD_ETHER, which Wi-Fi uses too


def read_gpus(roots: Roots, udev: UdevLookup) -> Iterator[PciDevice]:
    folder = roots.sys / "bus/pci/devices"
    for address in names(folder):
        device = folder / address
        if (read_text(device / "class") or "").startswith(_DISPLAY_CLASS):
            known = udev(device)
            yield PciDevice(
                address=address,
                model=known.get("ID_MODEL_FROM_DATABASE"),
                vendor=known.get("ID_VENDOR_FROM_DATABASE"),
                driver=link_name(device / "driver"),
                pci_id=_pci_id(device),
            )


def _pci_id(device: Path) -> str | None:
    vendor, model = read_text(device / "vendor"), read_text(device / "device")
    return f"{vendor[2:]}:{model[2:]}" if vendor and model else None


def read_network(roots: Roots, udev: UdevLookup) -> Iterator[NetworkCard]:
    """Cards only: what has no device behind it (lo, bridges, tunnels) is no card."""
    folder = roots.sys / "class/net"
    for name in names(folder):
        card = folder / name
        if not (card / "device").exists() or read_int(card / "type") != _ETHERNET:
            continue
        wifi = (card / "wireless").exists() or (card / "phy80211").exists()
        yield NetworkCard(
            name=name,
            kind="wifi" if wifi else "ethernet",
            mac=read_text(card / "address"),
            driver=link_name(card / "device/driver"),
            model=udev(card).get("ID_MODEL_FROM_DATABASE"),
            link=_link(card),
        )


def _link(card: Path) -> bool | None:
    """The kernel tells the carrier only of interfaces that are up."""
    carrier = read_text(card / "carrier")
    return carrier == "1" if carrier is not None else None


def read_batteries(roots: Roots) -> Iterator[Battery]:
    """The PC's own: a mouse's battery has the scope "Device"."""
    folder = roots.sys / "class/power_supply"
    for name in names(folder):
        cell = folder / name
        is_battery = read_text(cell / "type") == "Battery"
        if not is_battery or read_text(cell / "scope") == "Device":
            continue
        if read_text(cell / "present") == "0":
            continue
        yield Battery(
            name=name,
            maker=read_text(cell / "manufacturer"),
            model=read_text(cell / "model_name"),
            serial=read_text(cell / "serial_number"),
            technology=_known(read_text(cell / "technology")),
            design_wh=_watt_hours(cell, "full_design"),
            full_wh=_watt_hours(cell, "full"),
            charge_percent=read_int(cell / "capacity"),
            cycles=read_int(cell / "cycle_count") or None,  # 0: the firmware does not count
            status=_known(read_text(cell / "status")),
        )


def _known(word: str | None) -> str | None:
    return None if word == "Unknown" else word


def _watt_hours(cell: Path, which: str) -> float | None:
    """From µWh, or from µAh at the design voltage in µV. 0 is what a dead gauge says."""
    energy = read_int(cell / f"energy_{which}")
    if energy:
        return round(energy / 1e6, 2)
    charge = read_int(cell / f"charge_{which}")
    voltage = read_int(cell / "voltage_min_design")
    return round(charge * voltage / 1e12, 2) if charge and voltage else None


def read_displays(roots: Roots) -> Iterator[Display]:
    """One for each connector; `mode` is the preferred one (the kernel lists it first)."""
    folder = roots.sys / "class/drm"
    for entry in names(folder):
        status = read_text(folder / entry / "status")
        _card, dash, connector = entry.partition("-")
        if status is None or not dash:
            continue
        modes = (read_text(folder / entry / "modes") or "").split()
        yield Display(
            connector=connector,
            connected=status == "connected",
            mode=modes[0] if modes else None,
            model=parse_edid_model(read_bytes(folder / entry / "edid") or b""),
        )
