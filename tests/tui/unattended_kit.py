"""A station that erases without a person, and its large screens."""

from __future__ import annotations

from reprise.domain.pc.hardware import Drive
from reprise.domain.station.unattended import Unattended
from reprise.tui.screens.big import BigScreen
from station_kit.driver import Driver
from station_kit.machines import laptop
from station_kit.ports import Kit


def unattended(*drives: Drive, power_off: bool = False) -> Kit:
    kit = Kit(laptop(*drives))
    kit.unattended = Unattended(erase=True, countdown_s=30, power_off=power_off)
    return kit


def large(tech: Driver) -> bool:
    return isinstance(tech.app.screen, BigScreen)


def check_fits(tech: Driver) -> None:
    """The last row is on the screen and says what a key does, to its end."""
    rows = tech.text().split("\n")
    assert len(rows) == tech.app.size.height
    ends = "effacé|laisse allumé.|retour au détail|continuer à la main"
    ends += "|is erased|keeps it on.|back to the details|go on by hand"
    assert rows[-1].strip().endswith(tuple(ends.split("|"))), rows[-1]
