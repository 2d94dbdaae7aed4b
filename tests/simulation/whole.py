"""What is still in a PC that somebody calls erased. It asks the slots and the cells, never what the
program says of any drive."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from reprise.domain.pc.hardware import Transport
from simulation.cells import Place
from simulation.drives import SimDrive

if TYPE_CHECKING:
    from simulation.pc import Pc
    from simulation.visit import Visit


def left_of(visit: Visit) -> Iterator[str]:
    """Of the drives that any look of this session met, the last one before the report too, whether
    they are still there or not. One that somebody used again since holds what is no business of
    this session."""
    met = visit.station.late() | visit.inside
    same = [drive for drive, then in met.values() if drive.generation == then]
    return not_erased(same, visit.pc, visit.touched | visit.own)


def not_erased(met: Iterable[SimDrive], pc: Pc, own: Collection[int]) -> Iterator[str]:
    """What hangs on USB is of the PC where it was erased, or was inside before (`own`). No operator
    of the simulation gives his word for what cannot be reached, so nothing answers for that."""
    if pc.kind.hides:
        yield f"a controller of {pc.word} hides a drive"
    for drive in met:
        if drive.transport is Transport.USB and drive.number not in own:
            continue
        for left in drive.left():
            if left.place is not Place.SPARE and left.place not in drive.deck.hidden_lies:
                yield f"{left.sectors} sectors in {left.area} of {drive.word}"
