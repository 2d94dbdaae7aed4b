"""The kind of a PC whose firmware says little, or the wrong thing."""

from __future__ import annotations

import pytest

from reprise.domain.pc.chassis import with_kind
from reprise.domain.pc.hardware import Inventory, Machine, Memory, Processor
from reprise.domain.pc.parts import Battery, Display

PANEL = Display("eDP-1", connected=True, mode="1366x768", model="AUO B156XW02 V3")


def pc(chassis: str | None, *parts: Battery | Display, **machine: object) -> Inventory:
    return Inventory(
        machine=Machine(chassis=chassis, **machine),  # type: ignore[arg-type]
        processor=Processor(),
        memory=Memory(),
        drives=(),
        batteries=tuple(part for part in parts if isinstance(part, Battery)),
        displays=tuple(part for part in parts if isinstance(part, Display)),
        unknown={} if chassis else {"machine.chassis": "not-reported"},
    )


@pytest.mark.parametrize("told", ["Desktop", "Other", "Unknown", None])
def test_a_battery_makes_a_notebook(told: str | None) -> None:
    for inventory in (pc(told, Battery("BAT0")), pc(told, portable_battery=True)):
        found = with_kind(inventory)
        assert (found.machine.chassis, found.machine.chassis_sign) == ("Notebook", "battery")
        assert found.machine.chassis_of_firmware == told
        assert not found.unknown


@pytest.mark.parametrize(
    ("told", "kind"), [("Desktop", "All In One"), ("Other", "Notebook"), (None, "Notebook")]
)
def test_a_screen_inside(told: str | None, kind: str) -> None:
    found = with_kind(pc(told, PANEL))
    assert (found.machine.chassis, found.machine.chassis_sign) == (kind, "panel")


@pytest.mark.parametrize(
    "display",
    [
        Display("LVDS-1", connected=True),  # a connector on which nothing hangs
        Display("eDP-1", connected=False, model="AUO B156XW02 V3"),
        Display("HDMI-A-1", connected=True, model="DEL U2412M"),
    ],
)
def test_a_screen_beside_it_says_nothing(display: Display) -> None:
    assert with_kind(pc("Desktop", display)) == pc("Desktop", display)


@pytest.mark.parametrize(
    ("maker", "model", "told", "kind"),
    [
        ("Apple Inc.", "iMac12,1", "Laptop", "All In One"),
        ("Apple Inc.", "iMacPro1,1", "Notebook", "All In One"),
        ("Apple Computer, Inc.", "Macmini1,1", "Notebook", "Mini PC"),
        ("Apple Inc.", "MacBook3,1", "Unknown", "Notebook"),
        ("Apple Inc.", "MacPro6,1", "Other", "Tower"),
        ("LENOVO", "IdeaCentre AIO 3 24IMB05 F0EU", "Desktop", "All In One"),
        ("CASPER", "NIRVANA NOTEBOOK", "Desktop", "Notebook"),
        ("Chuwi", "LapBook Pro", None, "Notebook"),
    ],
)
def test_a_name_that_says_it(maker: str, model: str, told: str | None, kind: str) -> None:
    found = with_kind(pc(told, maker=maker, model=model))
    assert (found.machine.chassis, found.machine.chassis_sign) == (kind, "model")
    assert found.machine.chassis_of_firmware == told


@pytest.mark.parametrize("told", ["Tower", "Notebook", "Mini PC", "Main Server Chassis", "Tablet"])
def test_a_firmware_that_chose_is_believed(told: str) -> None:
    inventory = pc(told, Battery("BAT0"), PANEL, maker="LENOVO", model="AIO Notebook")
    assert with_kind(inventory) == inventory


def test_what_nothing_tells_stays() -> None:
    assert with_kind(pc("Desktop")) == pc("Desktop")
    assert with_kind(pc(None)) == pc(None)
    same = pc("All In One", maker="Apple Inc.", model="iMac12,1")
    assert with_kind(same) == same
