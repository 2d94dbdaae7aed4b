"""The areas of one eMMC beside the user area: boot0, boot1 and general purpose areas, each a block
device of its own. They can hold anything that somebody once wrote there."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from reprise.adapters.blockio import BlockFile
from reprise.adapters.firmware.calls import errno_name
from reprise.adapters.firmware.mmc_session import Happening, MmcSession
from reprise.adapters.hardware.sysfs import Roots, names, read_text
from reprise.adapters.surface.erased import Pattern
from reprise.adapters.surface.erasedscan import scan_chunks
from reprise.adapters.surface.record import Record
from reprise.adapters.surface.rescue import Rescue, TooManyBadSectorsError
from reprise.domain.events import Observation, ObservationKind
from reprise.domain.pattern import Span
from reprise.ports import StopFlag

_AREA = re.compile(r"mmcblk\d+(boot\d+|gp\d+)")
_BAD_LIMIT = 16  # they are a few MiB that should read without one
_BLANK = frozenset({Pattern.ZEROS, Pattern.ONES})


@dataclass(frozen=True, slots=True)
class Area:
    """`force_ro`: the kernel's own write protection of a boot area, where there is one."""

    name: str  # boot0, boot1, gp0 …
    node: str
    number: str  # major:minor
    force_ro: Path | None = None


def find_areas(device: BlockFile, roots: Roots) -> tuple[Area, ...]:
    """The areas of the very device that is open: by its number, not by its name."""
    folder = roots.sys / "dev/block" / device.number
    found: list[Area] = []
    for entry in names(folder):
        match = _AREA.fullmatch(entry)
        number = read_text(folder / entry / "dev")
        if match and number:
            switch = folder / entry / "force_ro"
            found.append(
                Area(match[1], str(roots.dev / entry), number, switch if switch.exists() else None)
            )
    return tuple(found)


@contextmanager
def open_area(area: Area, *, writable: bool) -> Iterator[BlockFile]:
    """Claimed; for writing, its write protection by the kernel is lifted meanwhile. Raises
    OSError."""
    locked = area.force_ro is not None and writable and read_text(area.force_ro) != "0"
    if area.force_ro is not None and locked:
        area.force_ro.write_text("0")
    try:
        device = BlockFile(area.node, writable=writable)
        try:
            if device.number != area.number:
                raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), area.node)
            yield device
        finally:
            device.close()
    finally:
        if area.force_ro is not None and locked:
            area.force_ro.write_text("1")


class OtherAreas:
    """Erases each area that is not blank, and looks at it afterwards. What cannot be reached is
    observed: HIDDEN_AREA_LEFT; what was not erased although the device said so:
    READBACK_MISMATCH."""

    def __init__(
        self, session: MmcSession, areas: tuple[Area, ...], record: Record, stop: StopFlag
    ) -> None:
        self._session, self._areas, self._record, self._stop = session, areas, record, stop
        self._erased: list[Area] = []
        self.states: list[str] = []  # "boot0:blank", "boot1:erased" …

    def erase(self, expected: int) -> Iterator[Happening]:
        """`expected`: how many areas the device says that it has."""
        if len(self._areas) < expected:
            yield self._left("areas", expected=expected, found=len(self._areas))
        for area in self._areas:
            try:
                with open_area(area, writable=True) as device:
                    yield from self._one(area, device)
            except OSError as error:
                yield self._left(area.name, errno=errno_name(error))

    def _one(self, area: Area, device: BlockFile) -> Iterator[Happening]:
        if (yield from self._is_blank(device)):
            self.states.append(f"{area.name}:blank")
            return
        failure = yield from self._session.erase(device, area.name)
        if failure is None:
            self._erased.append(area)
        else:
            yield self._left(area.name, **failure.detail)

    def look(self) -> Iterator[Happening]:
        """After all was erased and sanitized."""
        for area in self._erased:
            try:
                with open_area(area, writable=False) as device:
                    device.drop_cache()
                    blank = yield from self._is_blank(device)
            except OSError as error:
                yield self._left(area.name, errno=errno_name(error))
                continue
            self.states.append(f"{area.name}:{'erased' if blank else 'not-erased'}")
            if not blank:
                yield self._record.observe(ObservationKind.READBACK_MISMATCH, area=area.name)

    def _is_blank(self, device: BlockFile) -> Generator[Happening, None, bool]:
        """Whether all of it could be read and is nothing but zeros, or nothing but ones."""
        seen: set[Pattern | None] = set()
        rescue = Rescue(device, self._stop, _BAD_LIMIT)
        try:
            with closing(scan_chunks(device, (Span(0, device.size_bytes),), rescue)) as found:
                for chunk in found:
                    self._session.check_stop()
                    yield from self._session.meter.same()
                    if chunk is not None:
                        seen.add(chunk.pattern)
        except TooManyBadSectorsError:
            return False
        return len(seen) == 1 and seen <= _BLANK

    def _left(self, area: str, **detail: str | int) -> Observation:
        return self._record.observe(ObservationKind.HIDDEN_AREA_LEFT, area=area, **detail)
