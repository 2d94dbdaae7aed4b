"""A file that somebody offers as a system to install: what it is, how large, and what it lacks."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.install.contents import Contents, squashfs_contents, tar_contents
from reprise.adapters.install.packed import DamagedError, PipingRunner, head_of, open_packed
from reprise.adapters.stick.writing.image import reading
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.images import ImageKind
from reprise.domain.install.os_needs import live_packages, shortcomings
from reprise.errors import InputError, StoppedError
from reprise.i18n import _
from reprise.ports import CommandRunner, StopFlag
from reprise.tools.image_magic import Content, Packing, content_of

_KINDS = {
    Content.SQUASHFS: ImageKind.SQUASHFS,
    Content.TAR: ImageKind.TAR,
    Content.DISK: ImageKind.RAW,
}
_SUFFIXES = {ImageKind.SQUASHFS: ".squashfs", ImageKind.TAR: ".tar", ImageKind.RAW: ".img"}
_STEP_BYTES = 4 << 20


class ImageRunner(CommandRunner, PipingRunner, Protocol):
    """Runs tools, and filters beside the caller."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A system that can be installed. `suffix`: of a file that holds it."""

    path: Path
    kind: ImageKind
    suffix: str
    size_bytes: int
    unpacked_bytes: int


def examine(path: Path, runner: ImageRunner, stop: StopFlag) -> Generator[Progress, None, Examined]:
    """Raises InputError that says what the file is and what to do instead, StoppedError."""
    with reading(path):
        size = path.stat().st_size
        if not path.is_file():
            raise InputError(_("“{path}” is not a file.").format(path=path))
        try:
            packing, head = head_of(path, runner)
            content = content_of(head)
            kind = _KINDS.get(content)
            if kind is None or (kind is ImageKind.SQUASHFS and packing is not Packing.NONE):
                raise _wrong_kind(path, content)
            meter = Meter(str(path), "read", size)
            if kind is ImageKind.RAW:
                unpacked = yield from _disk_bytes(path, runner, stop, meter)
            else:
                contents = yield from _contents(path, kind, runner, stop, meter)
                _check_whole(path, contents)
                unpacked = contents.unpacked_bytes
        except DamagedError as error:
            raise InputError(
                _("“{path}” is cut off or damaged: {reason}.").format(path=path, reason=error),
                _("Make it again, or copy it again from where it came."),
            ) from error
    return Examined(path, kind, _SUFFIXES[kind] + packing, size, unpacked)


def _contents(
    path: Path, kind: ImageKind, runner: ImageRunner, stop: StopFlag, meter: Meter
) -> Generator[Progress, None, Contents]:
    if kind is ImageKind.SQUASHFS:
        return squashfs_contents(path, runner)
    with open_packed(path, runner) as packed:
        entries = tar_contents(packed)
        while True:
            _check_stop(stop)
            try:
                next(entries)
            except StopIteration as end:
                contents: Contents = end.value
                return contents
            yield from meter.at(packed.done_bytes)


def _disk_bytes(
    path: Path, runner: ImageRunner, stop: StopFlag, meter: Meter
) -> Generator[Progress, None, int]:
    with open_packed(path, runner) as packed:
        while packed.read(_STEP_BYTES):
            _check_stop(stop)
            yield from meter.at(packed.done_bytes)
        return packed.unpacked_bytes


def _check_stop(stop: StopFlag) -> None:
    if stop.is_set():
        raise StoppedError(_("stopped by the operator"))


def _check_whole(path: Path, found: Contents) -> None:
    live = live_packages(found.paths)
    if live:
        raise InputError(
            _("“{path}” is a live system ({packages}), made to run from a stick.").format(
                path=path, packages=", ".join(live)
            ),
            _("Install it into a virtual machine and pack that: docs/images.md shows how."),
        )
    missing = shortcomings(found.paths, found.os_release)
    if missing:
        raise InputError(
            _("“{path}” cannot be installed: it lacks {what}.").format(
                path=path, what=", ".join(missing)
            ),
            _("Install that in the system and pack it again: docs/images.md shows how."),
        )


def _wrong_kind(path: Path, content: Content) -> InputError:
    advice = {
        Content.ISO: _(
            "It is an installation or live medium (ISO): install it into a virtual machine and "
            "pack that (docs/images.md). The system inside it is casper/filesystem.squashfs or "
            "live/filesystem.squashfs (mount -o loop,ro FILE /mnt shows it), and is made to run "
            "from a stick."
        ),
        Content.VIRTUAL_DISK: _(
            "It is the disk of a virtual machine in that one's own format: make a raw image of it "
            "with “qemu-img convert -O raw FILE system.img”."
        ),
        Content.DISK_4K: _(
            "It is an image of a drive with sectors of 4096 bytes: make one with sectors of 512."
        ),
        Content.SQUASHFS: _("A squashfs is packed already: unpack what is around it first."),
    }
    return InputError(
        _("“{path}” is not a system that can be installed.").format(path=path),
        advice.get(
            content,
            _(
                "Give a squashfs or a tar of a root file system, or a raw image of a whole drive "
                "with its partition table; tar and raw may be packed with gzip, xz or zstd."
            ),
        ),
    )
