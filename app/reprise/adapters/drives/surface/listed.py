"""A drive that may have left the bus and come back under another name."""

from __future__ import annotations

from reprise.domain.pc.hardware import Drive
from reprise.errors import RepriseError
from reprise.ports import DriveProbe


def listed_now(drive: Drive, probe: DriveProbe) -> tuple[Drive, ...]:
    """The drives that the PC lists now with this very identity, whatever their names; none where
    nothing tells it from others. Asks every drive of the PC: some seconds."""
    wanted = drive.identity
    if wanted.serial is None and wanted.wwn is None:
        return ()
    try:
        there = probe.probe_inventory().drives
    except RepriseError:
        return ()  # whoever looks for it looks again, or does without
    return tuple(other for other in there if other.identity == wanted)
