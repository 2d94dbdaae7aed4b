"""ports.OsInstaller: one image onto one drive, whole or not at all.

Order is the safety here: the image and the drive are checked before the first byte is written; the
drive can start a PC only after the very last one; and where anything goes wrong in between, its
partition table goes too, so that nothing half-made ever looks like a system. A drive that says that
it is another one gets nothing, at the beginning, in between or at the end."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from reprise.adapters.drives.capabilities.reidentify import OwnWords
from reprise.adapters.drives.surface.opening import Asks
from reprise.adapters.install import (
    boot,
    chosen,
    layout,
    locking,
    system,
    whereabouts,
    whole_drive,
)
from reprise.adapters.install.available import FoundImage, ImageFolders
from reprise.adapters.install.catalogue import check_digest, check_digest_again
from reprise.adapters.install.contents import Contents, squashfs_contents, unpacked_contents
from reprise.adapters.install.packed import DamagedError
from reprise.adapters.install.read_back import boot_area, made_files
from reprise.adapters.install.steps import InstallMeter, InstallProblem, ToolRunner, WatchingRunner
from reprise.adapters.install.target import Target
from reprise.adapters.storage.files import locked
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.install.images import ImageKind, InstallCheck, InstallFailure, OsImage
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import Refusal
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.safety import refusals_at_write
from reprise.domain.report.events import Update
from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.ports import DriveProbe, InstallRequest, StopFlag
from reprise.tools.proc import parse_mem_total

# What a system needs beside its files: the EFI partition, logs, updates, the user's first files.
_ROOM_BYTES = 1 << 30
_MEMINFO = Path("/proc/meminfo")


class ImageInstaller:
    """`folders` have a catalogue each (see adapters.install.catalogue); the new system is mounted
    at `mount_at` meanwhile.

    `named`: a person gave the drive by its very path, the only way to reach a loop device.
    `asks`: the drive itself, who it is.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        runner: WatchingRunner,
        probe: DriveProbe,
        policy: Policy,
        *,
        named: bool = False,
        mount_at: Path = Path("/run/reprise/target"),
        asks: Asks | None = None,
    ) -> None:
        self._shelf = ImageFolders(folders)
        self._runner = runner
        self._probe = probe
        self._policy = policy
        self._named = named
        self._mount_at = mount_at
        self._asks = asks or OwnWords()

    def images(self) -> Sequence[str]:
        """Only those whose file is there."""
        return tuple(found.image.name for found in self._shelf.there())

    def problems(self) -> Sequence[RepriseError]:
        return self._shelf.problems()

    def describe(self, image: str) -> OsImage:
        return self._shelf.find(image).image

    def fits(self, image: str, drive: Drive, *, encrypted: bool = False) -> str | None:
        return _misfit(self._shelf.find(image).image, drive, encrypted=encrypted)

    def check(self, request: InstallRequest) -> None:
        self._checked(request)

    def run(self, request: InstallRequest, stop: StopFlag) -> Iterator[Update]:
        return self._events(self._checked(request), request, stop)

    def _checked(self, request: InstallRequest) -> FoundImage:
        found = self._shelf.find(request.options.image)
        system.check_encryption(request, found.image)
        if found.image.kind is not ImageKind.RAW:
            system.check_request(request)
        return found

    def _events(
        self, found: FoundImage, request: InstallRequest, stop: StopFlag
    ) -> Iterator[Update]:
        image, key = found.image, request.drive_key
        started = time.monotonic()
        request = whereabouts.found(request, self._probe, self._asks, stop)
        yield InstallStarted(key, request.drive.node, image.name, image.version, image.sha256)
        detail = ""
        try:
            with _alone(self._mount_at.parent):
                yield from self._install(found, request, stop)
        except InstallProblem as problem:
            detail = problem.detail
        except DamagedError as error:
            detail = f"{InstallFailure.IMAGE_UNREADABLE}: {error}"
        except RepriseError as error:
            detail = f"{InstallFailure.TOOL_FAILED}: {error}"
        except OSError as error:
            detail = f"{InstallFailure.DRIVE_ERROR}: {error}"
        duration = round(time.monotonic() - started, 3)
        yield InstallFinished(
            key, ok=not detail, duration_s=duration, detail=detail or _seen(image, request)
        )

    def _install(
        self, found: FoundImage, request: InstallRequest, stop: StopFlag
    ) -> Iterator[Progress]:
        drive, image, tools = request.drive, found.image, ToolRunner(self._runner, stop)
        meter = InstallMeter(request.drive_key, _work_bytes(image))
        planned = layout.plan_layout(drive.node, encrypted=request.encrypted)
        target = Target(self._mount_at, planned, tools)
        target.unmount()  # what a crash left there
        locking.close(tools)
        for done in check_digest(found.folder, image):
            tools.check_stop()
            yield meter.within(done)
        yield meter.part_done(image.size_bytes)
        with chosen.held(request, self._asks) as held:
            self._check_drive(image, drive, encrypted=request.encrypted)
            if image.kind is ImageKind.SQUASHFS:
                contents = squashfs_contents(found.path, self._runner)
                _check_system(contents, request)
            held.begin(self._probe, lambda seen: self._reasons(drive, seen))
            try:
                if image.kind is ImageKind.RAW:
                    yield from _write_raw(found, drive.node, tools, stop, meter)
                else:
                    yield from _write(found, request, target, tools, meter)
                held.check()
            except BaseException as cause:
                with held.undoing(cause):
                    self._undo(held, target, tools)
                raise

    def _check_drive(self, image: OsImage, planned: Drive, *, encrypted: bool) -> None:
        """Before the image is looked into; the last look follows with the first byte."""
        misfit = _misfit(image, planned, encrypted=encrypted)
        if misfit is not None:
            raise InstallProblem(misfit)
        reasons = self._reasons(planned, self._probe.probe_drive(planned.node))
        if reasons:
            raise chosen.refused(reasons)

    def _reasons(self, planned: Drive, seen: Drive) -> tuple[Refusal, ...]:
        return refusals_at_write(planned, seen, self._policy, named=self._named)

    def _undo(self, held: chosen.ChosenDrive, target: Target, tools: ToolRunner) -> None:
        try:
            target.unmount()
            locking.close(tools)
        finally:
            held.wipe()
            # Others may still believe in the partitions that are gone.
            self._runner.run(["partx", "--delete", target.layout.drive], timeout_s=30)


@contextmanager
def _alone(run: Path) -> Iterator[None]:
    """One installation at a time: they share the mount point and the name of the open volume, and
    each begins by clearing up what a crash left there. The lock ends with the process. Raises
    InstallProblem where there is another."""
    run.mkdir(parents=True, exist_ok=True)
    running = InstallProblem(InstallFailure.DRIVE_BUSY, _("another installation is running"))
    with locked(run / ".install-lock", running):
        yield


def _write(
    found: FoundImage,
    request: InstallRequest,
    target: Target,
    tools: ToolRunner,
    meter: InstallMeter,
) -> Iterator[Progress]:
    image = found.image
    step = image.unpacked_bytes // 16
    layout.make_partitions(target.layout, tools)
    key = locking.new_key(request)
    locking.open_new(target.layout, key, tools)
    layout.make_file_systems(target.layout, tools)
    target.mount()
    for done in target.unpack(found.path, image.kind):
        yield meter.within(min(done, image.unpacked_bytes))
    yield meter.part_done(image.unpacked_bytes)
    for done in target.compare(found.path, image.kind):
        yield meter.within(min(done, image.unpacked_bytes))
    yield meter.part_done(image.unpacked_bytes)
    for done in check_digest_again(found.folder, image):
        tools.check_stop()
        yield meter.within(done)
    yield meter.part_done(image.size_bytes)
    contents = unpacked_contents(target.root)
    _check_system(contents, request)
    target.open_inside()
    system.configure(target, request, image, _memory_bytes())
    locking.configure(target, request, key)
    yield meter.part_done(step)
    efi = boot.EfiFiles(target, contents)
    boot.install_bios(target)
    started_by = boot_area(target.layout.drive)
    yield meter.part_done(step)
    made = made_files(target.root)
    target.sync()
    target.unmount()
    target.mount()
    made.check(target.root)
    target.unmount()
    efi.write(tools)
    efi.check(tools)
    layout.check_file_systems(target.layout, tools)
    locking.close(tools)
    layout.flush(target.layout.drive)
    started_by.check()
    yield meter.part_done(image.unpacked_bytes)


def _write_raw(
    found: FoundImage, node: str, tools: ToolRunner, stop: StopFlag, meter: InstallMeter
) -> Iterator[Progress]:
    tools.attempt(["partx", "--delete", node])
    size = found.image.unpacked_bytes
    for tick in whole_drive.write_whole_drive(found.image, found.path, node, tools, stop):
        yield meter.within(tick.done_bytes + (size if tick.phase == "verify" else 0))
    tools.attempt(["partx", "--update", node])
    layout.flush(node)
    yield meter.part_done(_work_bytes(found.image))


def _seen(image: OsImage, request: InstallRequest) -> InstallCheck:
    if image.kind is ImageKind.RAW:
        return InstallCheck.WHOLE_AS_IT_IS
    if request.options.encrypt:
        return InstallCheck.WHOLE_FOR_OWNER
    return InstallCheck.WHOLE_ENCRYPTED if request.encrypted else InstallCheck.WHOLE


def _check_system(found: Contents, request: InstallRequest) -> None:
    boot.check_system(found, encrypted=request.encrypted, for_owner=request.options.encrypt)


def _work_bytes(image: OsImage) -> int:
    """Digest; unpacking or writing; reading back; and, but for a raw image, which is digested as it
    is written, the digest again and what is done inside."""
    more = 0 if image.kind is ImageKind.RAW else image.size_bytes + image.unpacked_bytes // 4
    return image.size_bytes + 2 * image.unpacked_bytes + more


def _misfit(image: OsImage, drive: Drive, *, encrypted: bool) -> InstallFailure | None:
    raw = image.kind is ImageKind.RAW
    room = whole_drive.ROOM_BYTES if raw else _ROOM_BYTES
    needed = max(image.min_drive_bytes, image.unpacked_bytes + room)
    if drive.identity.size_bytes < needed + (layout.LOCKED_BYTES if encrypted else 0):
        return InstallFailure.DRIVE_TOO_SMALL
    if raw and drive.logical_sector_bytes != whole_drive.SECTOR_BYTES:
        return InstallFailure.SECTORS
    if not image.has_memory(_memory_bytes()):
        return InstallFailure.MEMORY_TOO_SMALL
    return None


def _memory_bytes() -> int:
    """Memory that the kernel has for programs (a little less than what is built in)."""
    return parse_mem_total(_MEMINFO.read_text("ascii")) or 0
