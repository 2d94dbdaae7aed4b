"""ports.OsInstaller: a small system that carries its own mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reprise.domain.erasure.progress import Progress
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.install.images import OsImage
from reprise.domain.pc.hardware import Drive
from reprise.domain.report.events import Update
from reprise.errors import InputError, RepriseError
from reprise.ports import InstallRequest, StopFlag
from simulation.baton import baton
from simulation.blockfile import SimBlockFile
from simulation.cells import SECTOR, STRANGER

if TYPE_CHECKING:
    from simulation.pc import Pc

IMAGE = "debian-minimal"
_BYTES = 64 << 10


class SimInstaller:
    def __init__(self, pc: Pc) -> None:
        self._pc = pc

    def images(self) -> Sequence[str]:
        return (IMAGE,)

    def problems(self) -> Sequence[RepriseError]:
        return ()

    def describe(self, image: str) -> OsImage:
        if image != IMAGE:
            raise InputError("no such image")
        return OsImage(
            name=image,
            file=f"{image}.squashfs",
            version="13.2",
            sha256="ab" * 32,
            size_bytes=_BYTES,
            unpacked_bytes=_BYTES,
            min_drive_bytes=_BYTES,
            min_memory_bytes=1 << 20,
            licence="DFSG",
            title={"en": "Minimal Debian"},
            summary={"en": "A text system"},
        )

    def fits(self, image: str, drive: Drive, *, encrypted: bool = False) -> str | None:
        return None

    def check(self, request: InstallRequest) -> None:
        return

    def run(self, request: InstallRequest, stop: StopFlag) -> Iterator[Update]:
        key, node = request.drive_key, request.drive.node
        yield InstallStarted(key, node, request.options.image, "13.2", "ab" * 32)
        ok, detail = True, ""
        try:
            with SimBlockFile(node, writable=True) as device:
                for at in range(0, _BYTES, 16 << 10):
                    baton().sleep(1.0)
                    if stop.is_set():
                        ok, detail = False, "operator"
                        break
                    text = STRANGER.ljust(SECTOR, b".") * (16384 // SECTOR)
                    device.write_from(at, memoryview(text))
                    yield Progress(key, "install", at, _BYTES, 1e6, 1.0)
                device.flush()
        except OSError as error:
            ok, detail = False, str(error)
        yield InstallFinished(key, ok, 4.0, detail)
