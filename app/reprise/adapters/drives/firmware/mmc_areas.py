"""The areas of one eMMC beside the user area: boot0, boot1 and general purpose areas, each a block
device of its own. They can hold anything that somebody once wrote there, so whoever erases the
user area has to look into them."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.firmware.calls import errno_name
from reprise.adapters.drives.firmware.mmc_session import Failure
from reprise.adapters.drives.surface.erased_pattern import Pattern
from reprise.adapters.drives.surface.erased_scan import scan_chunks
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.drives.surface.rescue import Rescue, TooManyBadSectorsError
from reprise.adapters.hardware.sysfs import Roots, names, read_text
from reprise.domain.erasure.pattern import Span
from reprise.domain.report.events import Observation, ObservationKind, Update
from reprise.ports import StopFlag

WHOLE = "areas"  # stands for those that there must be and that the kernel does not show
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
    areas: list[Area] = []
    for entry in names(folder):
        match = _AREA.fullmatch(entry)
        number = read_text(folder / entry / "dev")
        if match and number:
            switch = folder / entry / "force_ro"
            areas.append(
                Area(match[1], str(roots.dev / entry), number, switch if switch.exists() else None)
            )
    return tuple(areas)


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


class AreaEraser(Protocol):
    """What is done to an area that is not blank."""

    def erase_area(self, device: BlockFile, name: str) -> Generator[Update, None, Failure | None]:
        """`device` is open for writing. None where it was done."""
        ...

    def beat(self, *, moved: bool) -> Iterator[Update]:
        """Called for each chunk that is read, and about four times a second while none comes
        (`moved` false). Raises Stopped, and whatever else ends the attempt."""
        ...


class _Seen(Enum):
    BLANK = auto()  # all of it could be read and is nothing but zeros, or nothing but ones
    DATA = auto()
    UNREAD = auto()  # and what could be read is blank


class OtherAreas:
    """Erases each area that is not blank, and looks at it afterwards: AREA_ERASED, AREA_KEPT_DATA
    or AREA_UNKNOWN is observed of every one."""

    def __init__(
        self, areas: tuple[Area, ...], eraser: AreaEraser, record: Record, stop: StopFlag
    ) -> None:
        self._areas, self._eraser, self._record, self._stop = areas, eraser, record, stop
        self._erased: list[Area] = []
        self.states: list[str] = []  # "boot0:blank", "boot1:erased" …

    def erase(self, expected: int | None) -> Iterator[Update]:
        """`expected`: how many areas the device says that it has; None: it was not told, and an
        eMMC has two boot areas (JESD84-B51, 6.2) that a host may be wired not to reach."""
        least = 2 if expected is None else expected
        if len(self._areas) < least:
            yield self._observe(
                ObservationKind.AREA_UNKNOWN, WHOLE, expected=least, found=len(self._areas)
            )
        for area in self._areas:
            seen = yield from self._look_into(area)
            if seen is _Seen.BLANK:
                yield from self._is_blank(area, "blank")
            elif seen is not None:
                yield from self._treat(area, seen)

    def _treat(self, area: Area, seen: _Seen) -> Iterator[Update]:
        try:
            with open_area(area, writable=True) as device:
                failure = yield from self._eraser.erase_area(device, area.name)
        except OSError as error:
            failure = Failure(ObservationKind.COMMAND_FAILED, {"errno": errno_name(error)})
        if failure is None:
            self._erased.append(area)
            return
        data = seen is _Seen.DATA
        kind = ObservationKind.AREA_KEPT_DATA if data else ObservationKind.AREA_UNKNOWN
        yield self._observe(kind, area.name, **failure.detail)

    def look(self) -> Iterator[Update]:
        """After all was erased."""
        for area in self._erased:
            seen = yield from self._look_into(area)
            if seen is _Seen.BLANK:
                yield from self._is_blank(area, "erased")
            elif seen is _Seen.DATA:
                self.states.append(f"{area.name}:not-erased")
                yield self._observe(ObservationKind.AREA_KEPT_DATA, area.name)
            elif seen is _Seen.UNREAD:
                yield self._observe(ObservationKind.AREA_UNKNOWN, area.name, why="read-errors")

    def _is_blank(self, area: Area, state: str) -> Iterator[Update]:
        self.states.append(f"{area.name}:{state}")
        yield self._observe(ObservationKind.AREA_ERASED, area.name, was=f"was-{state}")

    def _look_into(self, area: Area) -> Generator[Update, None, _Seen | None]:
        """None where it cannot even be opened, which is observed."""
        try:
            with open_area(area, writable=False) as device:
                device.drop_cache()
                return (yield from self._read(device))
        except OSError as error:
            yield self._observe(ObservationKind.AREA_UNKNOWN, area.name, errno=errno_name(error))
        return None

    def _read(self, device: BlockFile) -> Generator[Update, None, _Seen]:
        patterns: set[Pattern] = set()
        unread = False
        rescue = Rescue(device, self._stop, _BAD_LIMIT)
        try:
            with closing(scan_chunks(device, (Span(0, device.size_bytes),), rescue)) as scanned:
                for chunk in scanned:
                    yield from self._eraser.beat(moved=chunk is not None)
                    if chunk is not None and chunk.shown is not None:
                        patterns.add(chunk.shown.pattern)
                    unread = unread or (chunk is not None and bool(chunk.bad))
        except TooManyBadSectorsError:
            unread = True
        if len(patterns) > 1 or not patterns <= _BLANK:
            return _Seen.DATA
        return _Seen.UNREAD if unread or not patterns else _Seen.BLANK

    def _observe(self, kind: ObservationKind, area: str, **detail: str | int) -> Observation:
        return self._record.observe(kind, area=area, **detail)
