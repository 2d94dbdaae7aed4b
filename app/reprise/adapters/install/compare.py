"""What was unpacked, read back from the drive and compared with the image.

unsquashfs gives all of a squashfs once more, with its own threads and no drive in between; a tar
is read once more by tar itself. The new system was unmounted before, so that its files come from
the drive and not from memory; where another mount namespace keeps it mounted, each file's pages
are dropped all the same.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

from reprise.adapters.install.packed import PipingRunner, ended
from reprise.adapters.install.steps import InstallProblem
from reprise.domain.install.images import InstallFailure
from reprise.tools.squashfs_pseudo import DATA_MARK, PseudoEntry, parse_line, split_lines

_CHUNK_BYTES = 1 << 20
_TICK_BYTES = 16 << 20
_AHEAD = 256  # files whose bytes the kernel is asked for before their turn comes
_TYPES = {
    "D": stat.S_IFDIR,
    "S": stat.S_IFLNK,
    "R": stat.S_IFREG,
    "C": stat.S_IFCHR,
    "B": stat.S_IFBLK,
}


def compare_squashfs(argv: list[str], root: Path, runner: PipingRunner) -> Iterator[int]:
    """Yields the bytes compared so far. `argv`: an unsquashfs that prints as
    tools.squashfs_pseudo reads. Every entry must be under `root` with its kind, mode and owners,
    every file with its bytes, every link with its target. Raises InstallProblem at the first that
    is not, OSError where one cannot be read, DamagedError where unsquashfs does not end."""
    with runner.piped(argv) as program:
        if program.stdout is None or program.stdin is None:
            raise ValueError("a filter has both ends")
        program.stdin.close()
        stream = _Stream(program.stdout)
        entries = stream.entries()
        for entry in entries:
            _check_entry(root, entry)
        yield from _compare_files(root, [e for e in entries if e.kind == "R"], stream)
        if stream.read(1) or ended(program) != 0:
            raise InstallProblem(InstallFailure.IMAGE_UNREADABLE, argv[0])


class _Stream:
    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe, self._rest = pipe, b""

    def entries(self) -> list[PseudoEntry]:
        parts = []
        while True:
            # the mark may lie across two reads: what is at the end of the last is looked at again
            data = self._pipe.read(_CHUNK_BYTES)
            parts.append(data)
            tail = b"".join(parts[-2:])
            if DATA_MARK in tail:
                break
            if not data:
                raise InstallProblem(InstallFailure.IMAGE_UNREADABLE, "unsquashfs")
        text, _mark, self._rest = b"".join(parts).partition(DATA_MARK)
        lines, left = split_lines(text)
        try:
            parsed = [entry for line in lines if (entry := parse_line(line)) is not None]
        except ValueError as error:
            raise InstallProblem(InstallFailure.IMAGE_UNREADABLE, str(error)) from error
        if left:
            raise InstallProblem(InstallFailure.IMAGE_UNREADABLE, repr(left[:80]))
        return parsed

    def read(self, length: int) -> bytes:
        data, self._rest = self._rest[:length], self._rest[length:]
        return data + self._pipe.read(length - len(data)) if len(data) < length else data


def _path(root: Path, name: bytes) -> bytes:
    """As bytes: a Path for each of ten thousand entries cost as much as all else here."""
    return os.path.join(os.fsencode(root), name)  # noqa: PTH118 (bytes)


def _check_entry(root: Path, entry: PseudoEntry) -> None:
    path = _path(root, entry.name)
    try:
        status = os.lstat(path)
        if entry.kind == "L":
            same = os.path.samestat(status, os.lstat(_path(root, entry.target)))
        else:
            same = _alike(path, entry, status)
    except FileNotFoundError as error:
        raise _differs(entry) from error
    if not same:
        raise _differs(entry)


def _alike(path: bytes, entry: PseudoEntry, found: os.stat_result) -> bool:
    kind = _TYPES.get(entry.kind)
    if kind is not None and stat.S_IFMT(found.st_mode) != kind:
        return False
    if entry.kind == "S":
        return os.readlink(path) == entry.target  # noqa: PTH115 (bytes)
    owned = (found.st_uid, found.st_gid) == (entry.uid, entry.gid)
    sized = entry.kind != "R" or found.st_size == entry.size_bytes
    return owned and sized and stat.S_IMODE(found.st_mode) == entry.mode


def _compare_files(root: Path, files: list[PseudoEntry], stream: _Stream) -> Iterator[int]:
    done, told = 0, 0
    with closing(_Opened(root, files)) as opened:
        for entry in files:
            handle = opened.next()
            try:
                for part in _parts(entry.size_bytes):
                    if os.read(handle, part) != stream.read(part):
                        raise _differs(entry)
                    done += part
                    if done - told >= _TICK_BYTES:
                        told = done
                        yield done
            finally:
                os.close(handle)
    yield done


class _Opened:
    """The files in their order, each opened some places before its turn: a drive that is asked
    for many at once answers sooner."""

    def __init__(self, root: Path, files: list[PseudoEntry]) -> None:
        self._root, self._files = root, iter(files)
        self._open: list[int] = []
        self._fill(_AHEAD)

    def _fill(self, count: int) -> None:
        for entry in self._files:
            path = _path(self._root, entry.name)
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            self._open.append(handle)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            ahead = min(entry.size_bytes, _CHUNK_BYTES)
            os.posix_fadvise(handle, 0, ahead, os.POSIX_FADV_WILLNEED)
            count -= 1
            if count == 0:
                return

    def next(self) -> int:
        handle = self._open.pop(0)
        self._fill(1)
        return handle

    def close(self) -> None:
        for handle in self._open:
            os.close(handle)
        self._open.clear()


def _parts(size: int) -> Iterator[int]:
    while size > 0:
        yield min(size, _CHUNK_BYTES)
        size -= _CHUNK_BYTES


def _differs(entry: PseudoEntry) -> InstallProblem:
    return InstallProblem(
        InstallFailure.NOT_AS_WRITTEN, "/" + entry.name.decode("utf-8", "replace")
    )
