"""What can go wrong in a demonstration, on request."""

from __future__ import annotations

from collections.abc import Sequence

from reprise.adapters.demo.drive import PlayedDrive
from reprise.adapters.demo.names import Fault
from reprise.domain.drives.unreached import Unreached, UnreachedKind
from reprise.domain.pc.hardware import MediaKind, Transport
from reprise.errors import InputError
from reprise.i18n import _

HIDDEN = (
    Unreached(UnreachedKind.BEHIND_RAID, "0000:03:00.0", "class=0107 id=1000:0072 driver=mpt3sas"),
    Unreached(UnreachedKind.NO_DRIVER, "0000:05:00.0", "class=0805 id=1180:e822"),
)


def apply(fault: Fault, drives: Sequence[PlayedDrive]) -> None:
    """Give `fault` to the first drive that it fits. Raises InputError where it fits none; those
    of no drive are left to others."""
    if fault in (Fault.STICK, Fault.SERVER, Fault.HIDDEN):
        return
    for drive in drives:
        if _fits(fault, drive):
            drive.pulled |= fault is Fault.UNPLUGGED
            drive.lies |= fault is Fault.LYING
            drive.hot |= fault is Fault.HOT
            return
    raise InputError(
        _("the fault “{fault}” does not fit this machine.").format(fault=fault),
        _("Choose another one, or another machine."),
    )


def _fits(fault: Fault, drive: PlayedDrive) -> bool:
    if drive.recorded.transport is Transport.USB:
        return False
    if fault is Fault.LYING:
        return bool(set(drive.manner.erase_s) - set(drive.manner.erase_fails))
    if fault is Fault.HOT:  # only what the station itself overwrites is made to rest
        return drive.recorded.media is MediaKind.HDD
    return True
