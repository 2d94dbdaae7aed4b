"""Writing that survives a power cut, one folder ("store root") at a time."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import pwd
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from reprise.errors import InputError
from reprise.i18n import _
from reprise.system_words import who_may

TEMPORARY = ".tmp-"


def safe_relative(relative: str) -> str:
    """`folder/name` inside a store. Raises InputError on anything that would leave it."""
    parts = relative.split("/")
    if not all(part and part not in (".", "..") and "\0" not in part for part in parts):
        raise InputError(_("“{name}” is not a name inside the data folder.").format(name=relative))
    return relative


def write_durably(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a neighbour, fsync it, rename it over `path`, fsync file and folder again: after a
    power cut there is the old file or the new one, never a part. Raises OSError.

    The second fsync of the file is for FAT: there a rename makes a new directory entry of size 0,
    and only the file's own fsync writes its size and first cluster (Linux fs/fat/namei_vfat.c).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{TEMPORARY}{secrets.token_hex(6)}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            write_all(handle, data)
            os.fsync(handle)
            temporary.replace(path)
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def append_durably(path: Path, data: bytes, at: int) -> None:
    """Append `data` to a file that must be `at` bytes long, and fsync it. What a failed write
    left behind is cut off again. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        size = os.fstat(handle).st_size
        if size != at:
            raise OSError(f"{path}: {size} bytes where {at} were expected")
        os.lseek(handle, at, os.SEEK_SET)
        try:
            write_all(handle, data)
            os.fsync(handle)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, at)
            raise
    finally:
        os.close(handle)
    if new:
        sync_folder(path.parent)


@contextlib.contextmanager
def locked(path: Path, busy: Exception | None = None, mode: int = 0o600) -> Iterator[None]:
    """Alone with a folder or a file (made with `mode` where there is none): waits for whoever has
    the lock, or raises `busy`. It ends with the process, however that ends. Raises OSError."""
    kind = os.O_RDONLY | os.O_DIRECTORY if path.is_dir() else os.O_RDWR | os.O_CREAT
    handle = os.open(path, kind | os.O_CLOEXEC, mode)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (fcntl.LOCK_NB if busy is not None else 0))
        except BlockingIOError as error:
            if busy is None:
                raise
            raise busy from error
        yield
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_or_none(path: Path, most: int = -1) -> bytes | None:
    """None where there is no such file, or one of more than `most` bytes (-1: of any size). Raises
    OSError where there is one that is unreadable.

    An empty file is as good as none: it is what a power cut in the middle of a rename leaves on
    FAT, and nothing that is kept here is ever empty.
    """
    try:
        if 0 <= most < path.stat().st_size:
            return None
        with path.open("rb") as file:
            data = file.read(-1 if most < 0 else most + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return data if data and (most < 0 or len(data) <= most) else None


def every_copy(roots: Iterable[Path], relative: str, most: int) -> Iterator[bytes]:
    """Of a small file below each root; one that cannot be read is none."""
    for root in roots:
        with contextlib.suppress(OSError):
            data = read_or_none(root / relative, most)
            if data is not None:
                yield data


def too_large() -> OSError:
    """For a file that holds more than may be read of it."""
    return OSError(errno.EFBIG, os.strerror(errno.EFBIG))


def read_within(path: Path, most: int) -> bytes:
    """Raises OSError, also where there are more than `most` bytes."""
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise too_large()
    return data


def head_or_none(path: Path, most: int) -> bytes | None:
    """The first `most` bytes, or fewer; None as in read_or_none."""
    try:
        with path.open("rb") as file:
            return file.read(most) or None
    except (FileNotFoundError, NotADirectoryError):
        return None


def size_or_none(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return None


def names_in(folder: Path) -> set[str]:
    """Names of the plain files of a folder, without those of unfinished writes."""
    try:
        entries = list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return set()
    return {e.name for e in entries if not e.name.startswith(".") and e.is_file()}


def write_all(handle: int, data: bytes) -> None:
    """os.write may take less than it was given. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def who_runs(error: OSError, otherwise: str) -> str:
    """The advice where the user who runs a command has no right to a path, else `otherwise`: the
    server's commands run as its own user, who reads nothing in the folder of who types them."""
    if not who_may(error):
        return otherwise
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # of a container
        user = str(os.geteuid())
    text = _("“{user}” runs this command: give a path that this user may read or write.")
    return text.format(user=user)
