"""Whoever takes a drive out of the drawer, uses it in no PC of ours, and puts it back."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulation.drives import SimDrive
    from simulation.script import Act
    from simulation.world import World


def use(world: World, drive: SimDrive, act: Act) -> str:
    """Time passes; whatever the drive was doing by itself has ended, or nobody can use it. Gives
    what was done with it."""
    did = ""
    drive.power_on()
    world.run(None, 60.0)
    if world.run(lambda: not drive.at_work(), 1800.0):
        did = _fill(drive, act) if act.kind == "reuse drive" else _write_somewhere(drive, act)
    drive.power_off()
    return did


def _fill(drive: SimDrive, act: Act) -> str:
    drive.refill(trimmed=act.how > 0.5)
    then = ", and trims it" if act.how > 0.5 else ""
    return f"somebody uses {drive.word} again, and fills it{then}"


def _write_somewhere(drive: SimDrive, act: Act) -> str:
    drive.use(Random(act.how))  # noqa: S311 - of the script, so that it can be shrunk
    return f"somebody uses {drive.word} again, and writes a few sectors"
