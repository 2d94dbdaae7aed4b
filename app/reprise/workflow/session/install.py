"""Installing the light system: on which drive, and what goes into the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reprise.domain.erasure.progress import Progress
from reprise.domain.install.events import InstallFinished
from reprise.domain.install.handover import Handover
from reprise.domain.install.images import InstallFailure, OsImage, split_detail
from reprise.domain.install.options import InstallOptions
from reprise.domain.pc.hardware import Drive, MediaKind
from reprise.errors import InputError, RepriseError
from reprise.i18n import _
from reprise.ports import Emit, InstallRequest, Journal, OsInstaller, StopFlag
from reprise.system_words import system_words
from reprise.workflow.session.drive_view import DriveView


def slowness(drive: Drive) -> tuple[bool, int]:
    """Sorts drives: where a system is used best first."""
    return (drive.media is not MediaKind.SSD, -drive.identity.size_bytes)


def ordered_images(installer: OsInstaller, wished: str, encrypt: bool) -> tuple[OsImage, ...]:
    """The wished one first; then, where the drive is to be encrypted, those that can be."""
    images = [installer.describe(name) for name in installer.images()]
    return tuple(
        sorted(images, key=lambda image: (image.name != wished, encrypt and not image.asks_owner))
    )


def cannot_encrypt(images: Sequence[OsImage], encrypt: bool) -> tuple[RepriseError, ...]:
    """Why the system that would be proposed cannot be installed as the settings want it."""
    if not encrypt or not images or images[0].asks_owner:
        return ()
    what = _("The settings encrypt the drive of the installed system, but “{image}” cannot be.")
    error = InputError(
        what.format(image=images[0].name),
        _("Correct “image” or “encrypt” of [install] in reprise.toml."),
    )
    return (error,)


def request_of(
    view: DriveView, image: str, with_: InstallOptions, handover: Handover
) -> InstallRequest:
    """What the station asks for, of a drive that it erases or has erased: an encrypted one gets its
    passphrase of its owner."""
    options = replace(with_, image=image)
    erased = view.fold.attempts[-1] if view.fold.attempts else None
    return InstallRequest(
        view.drive, options, handover, key=view.key, own=view.own_word, erased=erased
    )


def check_before_erasing(installer: OsInstaller, request: InstallRequest) -> None:
    """Before hours of erasing: raises InputError where the installer would refuse afterwards."""
    installer.check(request)
    misfit = installer.fits(request.options.image, request.drive, encrypted=request.encrypted)
    if misfit is not None:
        raise InputError(failure_text(misfit), _("Choose another system, or none."))


def run_install(
    installer: OsInstaller, journal: Journal, request: InstallRequest, stop: StopFlag, emit: Emit
) -> InstallFinished:
    """Runs to the end; every event is in the journal before `emit` tells it. Blocks.

    Raises InputError, with nothing written, where the request itself is unusable.
    """
    finished: InstallFinished | None = None
    for item in installer.run(request, stop):
        if not isinstance(item, Progress):
            journal.append(item)
        if isinstance(item, InstallFinished):
            finished = item
        emit(item)
    if finished is None:
        raise RuntimeError("an installer ended without InstallFinished")
    return finished


def failure_text(detail: str) -> str:
    """InstallFinished.detail of a failed install, for people: what happened, and what to do."""
    try:
        code, data = split_detail(detail)
    except ValueError:
        return detail
    text = _texts()[code]
    return f"{text} ({system_words(data)})" if data else text


def _texts() -> dict[InstallFailure, str]:
    return {
        InstallFailure.IMAGE_UNREADABLE: _(
            "The system on the stick cannot be read. Use another stick."
        ),
        InstallFailure.DIGEST_MISMATCH: _(
            "The system on the stick is damaged: nothing was written. Use another stick."
        ),
        InstallFailure.UNSUITABLE: _(
            "The system lacks what a PC needs to start. Whoever made the image must add it."
        ),
        InstallFailure.SECTORS: _(
            "This system needs a drive with sectors of 512 bytes: choose another system."
        ),
        InstallFailure.NOT_AS_WRITTEN: _(
            "The drive does not give back what was written: do not trust it."
        ),
        InstallFailure.DRIVE_TOO_SMALL: _("The drive is too small for this system."),
        InstallFailure.MEMORY_TOO_SMALL: _("The PC has too little memory for this system."),
        InstallFailure.REFUSED: _("The drive must not be touched: nothing was written."),
        InstallFailure.ANOTHER_DRIVE: _(
            "Another drive is there than the one that was chosen: nothing more was written to it. "
            "Look at what is plugged in."
        ),
        InstallFailure.SILENT_DRIVE: _(
            "The drive does not say any more which one it is: nothing more was written to it."
        ),
        InstallFailure.DRIVE_BUSY: _("The drive is in use: nothing more was written."),
        InstallFailure.NO_PARTITIONS: _(
            "The PC does not show the new partitions. Restart it and try again."
        ),
        InstallFailure.TOOL_FAILED: _("A program that the installation needs failed."),
        InstallFailure.DRIVE_GONE: _(
            "The drive is not there any more: nothing more was written to it. Plug it in firmly, "
            "and install again."
        ),
        InstallFailure.DRIVE_ERROR: _("The drive reported an error: do not trust it."),
        InstallFailure.NOT_CLEAN: _(
            "The installed system did not pass its check: do not trust the drive."
        ),
        InstallFailure.STOPPED: _("The installation was stopped: the drive holds no system."),
    }
