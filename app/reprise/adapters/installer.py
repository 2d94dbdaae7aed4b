"""ports.OsInstaller: one image onto one drive, whole or not at all.

Order is the safety here: the image and the drive are checked before the first byte is written; the
drive can start a PC only after the very last one; and where anything goes wrong in between, its
partition table goes too, so that nothing half-made ever looks like a system."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from reprise.adapters.install import boot, layout, system
from reprise.adapters.install.catalogue import check_digest, find_image, read_catalogue
from reprise.adapters.install.steps import InstallProblem, Meter, Tools, WatchingRunner
from reprise.adapters.install.target import Target
from reprise.domain.events import Event, InstallFinished, InstallStarted, Progress
from reprise.domain.hardware import Drive
from reprise.domain.images import InstallFailure, OsImage
from reprise.domain.policy import Policy
from reprise.domain.safety import refusals_at_write
from reprise.errors import RepriseError
from reprise.ports import DriveProbe, InstallRequest, StopFlag

# What a system needs beside its files: the EFI partition, logs, updates, the user's first files.
_ROOM_BYTES = 1 << 30
_MEMINFO = Path("/proc/meminfo")


class SquashfsInstaller:
    """`images` is the folder of the catalogue; the new system is mounted at `mount_at` meanwhile.

    `named`: a person gave the drive by its very path, the only way to reach a loop device.
    """

    def __init__(
        self,
        images: Path,
        runner: WatchingRunner,
        probe: DriveProbe,
        policy: Policy,
        *,
        named: bool = False,
        mount_at: Path = Path("/run/reprise/target"),
    ) -> None:
        self._images = images
        self._runner = runner
        self._probe = probe
        self._policy = policy
        self._named = named
        self._mount_at = mount_at

    def images(self) -> Sequence[str]:
        """Only those whose file is there. Raises InputError where the catalogue is garbled."""
        found = read_catalogue(self._images).image
        return tuple(image.name for image in found if (self._images / image.file).is_file())

    def describe(self, image: str) -> OsImage:
        return find_image(self._images, image)

    def fits(self, image: str, drive: Drive) -> str | None:
        return _misfit(find_image(self._images, image), drive)

    def run(self, request: InstallRequest, stop: StopFlag) -> Iterator[Event | Progress]:
        """Raises InputError at once for a request that no system could take."""
        image = find_image(self._images, request.image_name)
        system.check_request(request)
        return self._events(image, request, stop)

    def _events(
        self, image: OsImage, request: InstallRequest, stop: StopFlag
    ) -> Iterator[Event | Progress]:
        drive = request.drive
        key = drive.identity.key
        started = time.monotonic()
        yield InstallStarted(key, drive.node, image.name, image.version, image.sha256)
        detail = ""
        try:
            yield from self._install(image, request, Tools(self._runner, stop))
        except InstallProblem as problem:
            detail = problem.detail
        except RepriseError as error:
            detail = f"{InstallFailure.TOOL_FAILED}: {error}"
        except OSError as error:
            detail = f"{InstallFailure.DRIVE_ERROR}: {error}"
        duration = round(time.monotonic() - started, 3)
        yield InstallFinished(key, ok=not detail, duration_s=duration, detail=detail)

    def _install(self, image: OsImage, request: InstallRequest, tools: Tools) -> Iterator[Progress]:
        drive = request.drive
        meter = Meter(drive.identity.key, image.size_bytes + image.unpacked_bytes * 5 // 4)
        target = Target(self._mount_at, layout.plan_layout(drive.node), tools)
        target.unmount()  # what a crash left there
        for done in check_digest(self._images, image):
            tools.check_stop()
            yield meter.within(done)
        yield meter.part_done(image.size_bytes)
        with layout.pinned(drive.node):
            self._check_drive(image, drive)
            whole = False
            try:
                yield from self._write(image, request, target, tools, meter)
                whole = True
            finally:
                if not whole:
                    self._undo(target)

    def _check_drive(self, image: OsImage, planned: Drive) -> None:
        """The last look before the first byte."""
        misfit = _misfit(image, planned)
        if misfit is not None:
            raise InstallProblem(misfit)
        seen = self._probe.probe_drive(planned.node)
        reasons = refusals_at_write(planned, seen, self._policy, named=self._named)
        if reasons:
            words = ", ".join(f"{r.code} ({r.detail})" if r.detail else r.code for r in reasons)
            raise InstallProblem(InstallFailure.REFUSED, words)
        layout.claim(planned.node)

    def _write(
        self,
        image: OsImage,
        request: InstallRequest,
        target: Target,
        tools: Tools,
        meter: Meter,
    ) -> Iterator[Progress]:
        step = image.unpacked_bytes // 16
        layout.make_partitions(target.layout, tools)
        layout.make_file_systems(target.layout, tools)
        target.mount()
        for done in target.unpack(self._images / image.file):
            yield meter.within(min(done, image.unpacked_bytes))
        yield meter.part_done(image.unpacked_bytes)
        target.open_inside()
        system.configure(target, request, image)
        yield meter.part_done(step)
        efi = boot.EfiFiles(target)
        boot.install_bios(target)
        yield meter.part_done(step)
        target.unmount()
        efi.write(tools)
        layout.check_file_systems(target.layout, tools)
        layout.flush(target.layout.drive)
        yield meter.part_done(image.unpacked_bytes)

    def _undo(self, target: Target) -> None:
        try:
            target.unmount()
        finally:
            layout.wipe(target.layout.drive)
            # Others may still believe in the partitions that are gone.
            self._runner.run(["partx", "--delete", target.layout.drive], timeout_s=30)


def _misfit(image: OsImage, drive: Drive) -> InstallFailure | None:
    needed = max(image.min_drive_bytes, image.unpacked_bytes + _ROOM_BYTES)
    if drive.identity.size_bytes < needed:
        return InstallFailure.DRIVE_TOO_SMALL
    if _memory_bytes() < image.min_memory_bytes:
        return InstallFailure.MEMORY_TOO_SMALL
    return None


def _memory_bytes() -> int:
    """Memory that the kernel has for programs (a little less than what is built in)."""
    for line in _MEMINFO.read_text("ascii").splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) * 1024
    return 0
