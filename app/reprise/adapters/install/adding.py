"""A folder of systems to install, kept by hand: add one, look whether all are whole, take one away.

The order makes every power cut harmless: the new file is copied under a name of its own, flushed,
read back and compared, and only then does the catalogue name it, in one rename. A cut before that
leaves the catalogue as it was and a file that nobody names, which `check` tells.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from reprise import wording
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.install.catalogue import FILE, read_catalogue, write_catalogue
from reprise.adapters.install.examine import Examined
from reprise.adapters.stick.mounts import file_system_of
from reprise.adapters.stick.writing.image import changed_meanwhile, reading
from reprise.adapters.storage.files import locked, names_in, size_or_none, sync_folder, write_all
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.images import Catalogue, OsImage
from reprise.errors import InputError, RefusedError, StoppedError, StorageError
from reprise.i18n import _
from reprise.ports import StopFlag
from reprise.system_words import os_reason

_CHUNK_BYTES = 4 << 20
_FAT_MOST_BYTES = (1 << 32) - 1  # Microsoft FAT specification 1.03, DIR_FileSize: 32 bits
_ROOM_BYTES = 4 << 20  # the catalogue, twice, and what the file system itself takes
_PART = ".part"
_OURS = (".squashfs", ".tar", ".img", ".gz", ".xz", ".zst", _PART)


@dataclass(frozen=True, slots=True)
class Checked:
    """One line of `check`: `problem` is "" where the file is what the catalogue says."""

    name: str
    problem: str = ""


def add_image(
    wished: OsImage, examined: Examined, folder: Path, stop: StopFlag, *, again: bool
) -> Generator[Progress, None, OsImage]:
    """Copies the file and enters it; `wished` lacks file, digest and sizes only. `again`: it may
    take the place of one of that name. Raises InputError, RefusedError, StorageError,
    StoppedError: with the catalogue as it was."""
    _replaced(read_catalogue(folder), wished.name, again=again)
    part = folder / f"{wished.name}{_PART}"
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        check_room(examined.path, folder, wished.name)
        claimed = _("a system named “{name}” is being added already.").format(name=wished.name)
        # what a cut left there is nobody's
        with locked(part, RefusedError(claimed), 0o644):
            try:
                digest = yield from _copy(examined, part, stop)
                yield from _compare(part, examined.size_bytes, digest, stop)
                entry = replace(
                    wished,
                    kind=examined.kind,
                    file=f"{wished.name}-{digest[:8]}{examined.suffix}",
                    sha256=digest,
                    size_bytes=examined.size_bytes,
                    unpacked_bytes=examined.unpacked_bytes,
                )
                with locked(folder):  # no file is left on the stick
                    _enter(folder, part, entry, again=again)
            except BaseException:
                with contextlib.suppress(OSError):
                    part.unlink()
                raise
    return entry


def _enter(folder: Path, part: Path, entry: OsImage, *, again: bool) -> None:
    """The catalogue is read once more: copying took minutes, and somebody may have changed it."""
    before = read_catalogue(folder)
    old = _replaced(before, entry.name, again=again)
    _settle(part, folder / entry.file)
    kept = tuple(image for image in before.image if image is not old)
    write_catalogue(folder, Catalogue((*kept, entry)))
    if old is not None and old.file != entry.file:
        _delete(folder, old)


def _replaced(before: Catalogue, name: str, *, again: bool) -> OsImage | None:
    """The image that a new one of that name replaces. Raises InputError where it may not."""
    old = next((image for image in before.image if image.name == name), None)
    if old is not None and not again:
        raise InputError(
            _("there is a system named “{name}” already.").format(name=name),
            _("Give another name, or --replace to put this one in its place."),
        )
    return old


def remove_image(folder: Path, name: str) -> OsImage:
    """The entry first, the file after it. Raises InputError, StorageError."""
    _find(read_catalogue(folder), name)  # a folder that is not there cannot be locked either
    with _writing(folder), locked(folder):
        before = read_catalogue(folder)
        gone = _find(before, name)
        write_catalogue(folder, Catalogue(tuple(o for o in before.image if o is not gone)))
        _delete(folder, gone)
    return gone


def _find(before: Catalogue, name: str) -> OsImage:
    entry = next((image for image in before.image if image.name == name), None)
    if entry is None:
        names = ", ".join(image.name for image in before.image)
        raise InputError(
            _("there is no system named “{name}”.").format(name=name),
            _("There are: {names}.").format(names=names) if names else "",
        )
    return entry


def check_images(folder: Path, stop: StopFlag) -> Generator[Progress | Checked, None, None]:
    """Every file read whole and compared with the catalogue; then the files that none names.
    Raises InputError where the catalogue is garbled, StoppedError."""
    images = read_catalogue(folder).image
    for image in images:
        problem = yield from _digest_problem(folder, image, stop)
        yield Checked(image.name, problem)
    named = {image.file for image in images}
    for name in sorted(names_in(folder) - named):
        if name != FILE and name.endswith(_OURS):
            yield Checked(
                name,
                _("the catalogue does not name this file: it may be deleted"),
            )


def _digest_problem(folder: Path, image: OsImage, stop: StopFlag) -> Generator[Progress, None, str]:
    path = folder / image.file
    if Path(image.file).name != image.file or not path.is_file():
        return _("the file “{file}” is missing").format(file=path)
    meter = Meter(image.name, "read", image.size_bytes)
    try:
        digest = yield from _digest(path, meter, stop)
        size = path.stat().st_size
    except OSError as error:
        return _("the file cannot be read: {reason}").format(reason=os_reason(error))
    if size != image.size_bytes or digest != image.sha256:
        return _("the file is damaged: its SHA-256 is {found}, not {stated}").format(
            found=digest, stated=image.sha256
        )
    return ""


def largest_file_bytes(file_system: str) -> int:
    """By the kernel's name of the file system."""
    return _FAT_MOST_BYTES if file_system in ("vfat", "msdos") else 1 << 60


def check_room(path: Path, folder: Path, name: str) -> None:
    """Raises RefusedError where the file does not fit in the folder, InputError where there is no
    such file. What a cut left of `name` is no obstacle: it goes. Cheap: nothing is read."""
    with reading(path):
        size = path.stat().st_size
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.is_dir())
    if size > largest_file_bytes(file_system_of(there)):
        raise RefusedError(
            _("“{path}” has {size}: a FAT32 stick takes no file of 4 GiB or more.").format(
                path=path, size=wording.size(size)
            ),
            _("Pack it tighter (docs/images.md) or take something out of the system."),
        )
    facts = os.statvfs(there)
    left_over = size_or_none(folder / f"{name}{_PART}") or 0
    free = facts.f_bavail * facts.f_frsize + left_over
    if free < size + _ROOM_BYTES:
        raise RefusedError(
            _("“{folder}” has {free} free, and {size} are needed.").format(
                folder=folder, free=wording.size(free), size=wording.size(size + _ROOM_BYTES)
            ),
            _("Remove a system (reprise images remove) or use a larger stick."),
        )


def _copy(examined: Examined, to: Path, stop: StopFlag) -> Generator[Progress, None, str]:
    """The digest of what was read."""
    size = examined.size_bytes
    meter = Meter(str(to), "write", size, after_bytes=size)
    digest, done = hashlib.sha256(), 0
    with contextlib.ExitStack() as stack:
        with reading(examined.path):
            source = stack.enter_context(examined.path.open("rb", buffering=0))
        target = stack.enter_context(to.open("wb", buffering=0))
        while True:
            _check_stop(stop)
            with reading(examined.path):
                data = source.read(_CHUNK_BYTES)
            if not data:
                break
            digest.update(data)
            write_all(target.fileno(), data)
            done += len(data)
            yield from meter.at(min(done, size))
        os.fsync(target.fileno())
    if done != size:
        raise changed_meanwhile(examined.path)
    yield from meter.at(size, last=True)
    return digest.hexdigest()


def _compare(path: Path, size: int, digest: str, stop: StopFlag) -> Iterator[Progress]:
    read_back = yield from _digest(path, Meter(str(path), "verify", size), stop)
    if read_back != digest:
        raise StorageError(
            _("“{path}” does not give back what was written.").format(path=path),
            _("Discard this stick: it loses data."),
        )


def _digest(path: Path, meter: Meter, stop: StopFlag) -> Generator[Progress, None, str]:
    """Past the page cache: a stick is read, not what was just written to it."""
    digest, done = hashlib.sha256(), 0
    with path.open("rb", buffering=0) as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while data := file.read(_CHUNK_BYTES):
            _check_stop(stop)
            digest.update(data)
            done += len(data)
            yield from meter.at(done)
    return digest.hexdigest()


def _settle(part: Path, final: Path) -> None:
    part.replace(final)
    handle = os.open(final, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)  # FAT: see adapters.storage.files.write_durably
    finally:
        os.close(handle)
    sync_folder(final.parent)


def _delete(folder: Path, image: OsImage) -> None:
    if Path(image.file).name == image.file:
        (folder / image.file).unlink(missing_ok=True)
        sync_folder(folder)


def _check_stop(stop: StopFlag) -> None:
    if stop.is_set():
        raise StoppedError(_("stopped by the operator"), _("The catalogue is as it was before."))


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """An OSError as StorageError that names the folder."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise StorageError(
            _("“{folder}” cannot be written: {reason}.").format(
                folder=folder, reason=os_reason(error)
            ),
            _("Remove a system (reprise images remove) or use a larger stick.") if full else "",
        ) from error
