"""Make the kernel see that a drive has become larger."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from pathlib import Path

from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.hardware.sysfs import Roots, names, read_int
from reprise.domain.pc.hardware import Drive
from reprise.domain.report.events import Update
from reprise.errors import RepriseError
from reprise.ports import DriveProbe

_SECTOR_BYTES = 512  # the unit of /sys/block/*/size
_RESCAN_S = 2.0
_BACK_S = 60.0
_EVERY_S = 0.25


class Resizer:
    """libata keeps what it read when it found the drive, so asking for the size again is not
    always enough: the drive is then taken out of the kernel and its host looked through anew."""

    def __init__(self, probe: DriveProbe, roots: Roots | None = None) -> None:
        self._probe, self._roots = probe, roots or Roots()

    def run(
        self, drive: Drive, size_bytes: int, meter: Meter
    ) -> Generator[Update, None, str | None]:
        """The node of `drive`, now of `size_bytes`; None where it did not come back that way.
        Nobody may hold it open."""
        name = Path(drive.node).name
        place = (self._roots.block(name) / "device").resolve()
        host = next((part for part in place.parts if part.startswith("host")), None)
        _write(place / "rescan", "1")
        if (yield from self._grown(name, size_bytes, meter)):
            return drive.node
        if host is None or not _write(place / "delete", "1"):
            return None
        scan = self._roots.sys / "class/scsi_host" / host / "scan"
        until = time.monotonic() + _BACK_S
        while time.monotonic() < until:
            _write(scan, "- - -")  # all channels, targets and units of this very host
            for disk in self._disks(host):
                if self._is(disk, drive, size_bytes):
                    return f"/dev/{disk}"
            yield from meter.same()
            time.sleep(_EVERY_S)
        return None

    def _grown(self, name: str, size_bytes: int, meter: Meter) -> Generator[Update, None, bool]:
        until = time.monotonic() + _RESCAN_S
        while time.monotonic() < until:
            if self._size(name) == size_bytes:
                return True
            yield from meter.same()
            time.sleep(_EVERY_S)
        return False

    def _size(self, name: str) -> int:
        return (read_int(self._roots.block(name) / "size") or 0) * _SECTOR_BYTES

    def _disks(self, host: str) -> Iterator[str]:
        for name in names(self._roots.sys / "block"):
            if host in (self._roots.block(name) / "device").resolve().parts:
                yield name

    def _is(self, name: str, drive: Drive, size_bytes: int) -> bool:
        if self._size(name) != size_bytes:
            return False
        try:
            seen = self._probe.probe_drive(f"/dev/{name}").identity
        except RepriseError:
            return False
        planned = drive.identity
        return (seen.model, seen.serial, seen.wwn) == (planned.model, planned.serial, planned.wwn)


def _write(path: Path, text: str) -> bool:
    try:
        path.write_text(text)
    except OSError:
        return False
    return True
