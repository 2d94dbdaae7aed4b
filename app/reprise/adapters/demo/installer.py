"""ports.OsInstaller onto a played drive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from reprise.adapters.demo.clock import PlayedTime
from reprise.adapters.demo.demo_pc import DemoPc
from reprise.adapters.drives.blockio import DriveGoneError
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.install import layout, system
from reprise.adapters.install.catalogue import read_catalogue
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.install.images import InstallFailure, OsImage
from reprise.domain.pc.hardware import Drive
from reprise.domain.report.events import Update
from reprise.errors import InputError, RepriseError
from reprise.i18n import _
from reprise.ports import InstallRequest, StopFlag

_FOLDER = Path(__file__).parent / "machines"
_RATE_BYTES_S = 24e6  # of a whole installation on an ordinary PC


class PlayedInstaller:
    """The catalogue is real; nothing is unpacked."""

    def __init__(self, pc: DemoPc, time: PlayedTime) -> None:
        self._pc, self._time = pc, time
        self._images = {image.name: image for image in read_catalogue(_FOLDER).image}

    def images(self) -> Sequence[str]:
        return tuple(self._images)

    def problems(self) -> Sequence[RepriseError]:
        return ()

    def describe(self, image: str) -> OsImage:
        if image not in self._images:
            raise InputError(_("there is no system named “{name}”.").format(name=image))
        return self._images[image]

    def fits(self, image: str, drive: Drive, *, encrypted: bool = False) -> str | None:
        least = self.describe(image).min_drive_bytes + (layout.LOCKED_BYTES if encrypted else 0)
        small = drive.identity.size_bytes < least
        return InstallFailure.DRIVE_TOO_SMALL if small else None

    def check(self, request: InstallRequest) -> None:
        system.check_encryption(request, self.describe(request.options.image))
        system.check_request(request)

    def run(self, request: InstallRequest, stop: StopFlag) -> Iterator[Update]:
        image, drive = self.describe(request.options.image), request.drive
        key, total = request.drive_key, image.size_bytes + image.unpacked_bytes
        began_s = self._time.monotonic()
        yield InstallStarted(key, drive.node, image.name, image.version, image.sha256)
        meter = Meter(key, "install", total, now=self._time.monotonic)
        detail = ""
        while (done := int(_RATE_BYTES_S * meter.elapsed_s)) < total and not detail:
            yield from meter.at(done)
            self._time.sleep(self._time.tick_s)
            detail = self._trouble(drive, stop)
        took_s = round(self._time.monotonic() - began_s, 3)
        yield InstallFinished(key, ok=not detail, duration_s=took_s, detail=detail)

    def _trouble(self, drive: Drive, stop: StopFlag) -> str:
        if stop.is_set():
            return InstallFailure.STOPPED
        try:
            self._pc.claim(drive.node)
        except DriveGoneError as error:
            return f"{InstallFailure.DRIVE_GONE}: {error}"
        return ""
