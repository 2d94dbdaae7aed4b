"""Where the drive that was chosen is now. Hours of erasing lie between the look that named it and
the system that it gets: re-plugged, or reset by its own erasure, it may have another name, and
another drive its old one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from reprise.adapters.drives.blockio import BlockFile, DriveGoneError
from reprise.adapters.drives.surface.listed import listed_now
from reprise.adapters.drives.surface.opening import Asks, NotOpenedError, check_word
from reprise.adapters.drives.surface.pipeline import beside
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.safety import dock_alone_tells
from reprise.errors import RepriseError
from reprise.ports import DriveProbe, InstallRequest, StopFlag


def found(request: InstallRequest, probe: DriveProbe, asks: Asks, stop: StopFlag) -> InstallRequest:
    """The request with the drive's node as it is now; unchanged where the drive is where it was,
    where it is nowhere, where more than one says that it is it, where it never said who it is in a
    dock that another may stand in, and after a stop: whoever writes looks and asks again. Blocks; a
    stop is noticed within a second."""

    def meanwhile() -> Iterator[None]:
        if stop.is_set():
            raise Stopped
        yield

    looking = beside(lambda: _node(request, probe, asks), math.inf, meanwhile)
    try:
        while True:
            next(looking)
    except StopIteration as end:
        node: str = end.value
        return replace(request, drive=replace(request.drive, node=node))
    except (Stopped, OSError):  # whoever writes meets it again, and has words for it
        return request


def _node(request: InstallRequest, probe: DriveProbe, asks: Asks) -> str:
    planned = request.drive
    try:
        if _is_it(request, probe.probe_drive(planned.node), asks):
            return planned.node
    except RepriseError:
        pass  # nothing of that name: it is looked for under others
    if dock_alone_tells(planned, request.own):
        return planned.node
    matches = [one.node for one in listed_now(planned, probe) if _is_it(request, one, asks)]
    return matches[0] if len(matches) == 1 else planned.node


def _is_it(request: InstallRequest, seen: Drive, asks: Asks) -> bool:
    if seen.identity != request.drive.identity:
        return False
    try:
        with BlockFile(seen.node, writable=False, exclusive=False) as device:
            check_word(request, device, asks)
    except (OSError, DriveGoneError, NotOpenedError):
        return False
    return True
