"""Paths and file descriptors on a Volume, as pathlib, os and fcntl have them."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import stat as stat_module
from collections.abc import Callable, Generator
from pathlib import PosixPath, PurePosixPath
from types import SimpleNamespace
from typing import Any

from simulation.baton import baton
from simulation.files import Inode, Volume, file_error

FIRST_HANDLE = 1 << 20  # far above any real one


class SimPath(PosixPath):
    """A path on a Volume. `volume` may be a function: which it is may depend on who asks."""

    volume_of: Callable[[], Volume]
    _raw_paths: list[str]  # pathlib's own, as of Python 3.12
    _str: str

    def __init__(self, *parts: Any, volume: Callable[[], Volume] | None = None) -> None:
        super().__init__(*parts)
        if volume is not None:
            self.volume_of = volume
        else:
            first = next(part for part in parts if isinstance(part, SimPath))
            self.volume_of = first.volume_of

    def with_segments(self, *parts: Any) -> SimPath:
        return SimPath(*parts, volume=self.volume_of)

    # pathlib does these ten times as slowly, and they are a fifth of a session

    def _made(self, text: str) -> SimPath:
        path = object.__new__(SimPath)
        path._raw_paths = [text]
        path._str = text
        path.volume_of = self.volume_of
        return path

    def __truediv__(self, key: Any) -> SimPath:
        text = str(self)
        return self._made(f"/{key}" if text == "/" else f"{text}/{key}")

    @property
    def parent(self) -> SimPath:
        return self._made(str(self).rpartition("/")[0] or "/")

    @property
    def name(self) -> str:
        return str(self).rpartition("/")[2]

    def with_name(self, name: str) -> SimPath:
        return self.parent / name

    def _ask(self, what: str) -> tuple[Volume, str]:
        volume, path = self.volume_of(), str(self)
        volume.trouble(what, path)
        return volume, path

    def _node(self, what: str) -> Inode:
        volume, path = self._ask(what)
        node = volume.names.get(path)
        if node is None:
            code = errno.EISDIR if path in volume.folders else errno.ENOENT
            if code == errno.ENOENT and str(PurePosixPath(path).parent) in volume.names:
                code = errno.ENOTDIR
            raise file_error(code, path)
        return node

    def read_bytes(self) -> bytes:
        return bytes(self._node("read").data)

    def open(self, mode: str = "r", *_more: Any, **_words: Any) -> Any:
        if mode != "rb":
            raise NotImplementedError(f"simulation: {self} is opened as {mode}")
        return io.BytesIO(self.read_bytes())

    def read_text(self, encoding: Any = None, errors: Any = None, newline: Any = None) -> str:
        return self.read_bytes().decode(encoding or "utf-8", errors or "strict")

    def write_text(self, data: str, *_more: Any, **_words: Any) -> int:  # of the kernel's files
        volume, path = self._ask("write")
        volume.names.setdefault(path, Inode()).data[:] = data.encode()
        return len(data)

    def stat(self, *, follow_symlinks: bool = True) -> Any:
        volume, path = self._ask("stat")
        if path in volume.folders:
            return SimpleNamespace(st_size=0, st_mode=stat_module.S_IFDIR | 0o755, st_mtime=0.0)
        node = self._node("stat")
        return SimpleNamespace(
            st_size=len(node.data), st_mode=stat_module.S_IFREG | 0o644, st_mtime=0.0
        )

    def exists(self, *, follow_symlinks: bool = True) -> bool:
        volume, path = self._ask("stat")
        return path in volume.names or path in volume.folders

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        volume, path = self._ask("stat")
        return path in volume.names

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        volume, path = self._ask("stat")
        return path in volume.folders

    def is_symlink(self) -> bool:
        return False

    def resolve(self, strict: bool = False) -> SimPath:
        target = self.volume_of().links.get(str(self))
        return self if target is None else self.with_segments(target)

    def iterdir(self) -> Generator[SimPath, None, None]:
        volume, path = self._ask("list")
        if path not in volume.folders:
            raise file_error(errno.ENOTDIR if path in volume.names else errno.ENOENT, path)
        head = path.rstrip("/") + "/"
        every = [*volume.names, *(one for one in volume.folders if one != path)]
        found = {one[len(head) :].partition("/")[0] for one in every if one.startswith(head)}
        return (self / name for name in sorted(found))

    def mkdir(self, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        volume, path = self._ask("mkdir")
        if path in volume.folders:
            if not exist_ok:
                raise file_error(errno.EEXIST, path)
            return
        volume.folders.add(path)
        if parents:
            volume.folders.update(str(one) for one in PurePosixPath(path).parents)

    def unlink(self, missing_ok: bool = False) -> None:
        volume, path = self._ask("unlink")
        if path not in volume.names:
            if missing_ok:
                return
            raise file_error(errno.ENOENT, path)
        volume.name(path, None)

    def replace(self, target: Any) -> SimPath:
        volume, path = self._ask("rename")
        node = self._node("rename")
        volume.name(path, None)
        volume.name(str(target), node)
        node.named_since = True
        return self.with_segments(target)


def _real(name: str) -> Callable[..., Any]:
    def refuse(self: SimPath, *_more: Any, **_words: Any) -> Any:
        raise NotImplementedError(f"simulation: Path.{name} of {self} would ask this machine")

    return refuse


_HARMLESS = {"expanduser", "absolute"}
for _name in set(dir(PosixPath)) - set(dir(PurePosixPath)) - set(vars(SimPath)) - _HARMLESS:
    if not _name.startswith("_"):
        setattr(SimPath, _name, _real(_name))


class _Handle:
    __slots__ = ("at", "node", "owner", "path", "volume")

    def __init__(self, volume: Volume, path: str, node: Inode | None) -> None:
        self.volume, self.path, self.node, self.at = volume, path, node, 0
        task = baton().current
        self.owner = None if task is None else task.owner


class Handles:
    """What the module os does with file descriptors."""

    def __init__(self) -> None:
        self._next = FIRST_HANDLE
        self._open: dict[int, _Handle] = {}

    def reset(self) -> None:
        """Numbers are never used again: what a world that is no more still closes is not ours."""
        self._open.clear()

    def drop(self, owner: object) -> None:
        """A process ends: what it had open is closed."""
        for number in [number for number, one in self._open.items() if one.owner is owner]:
            self.close(number)

    def open(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: Any = None) -> int:
        if not isinstance(path, SimPath):
            return os.open(path, flags, mode)
        baton().pause()
        volume, name = path._ask("open")
        node = volume.names.get(name)
        if flags & os.O_DIRECTORY or name in volume.folders:
            if name not in volume.folders:
                raise file_error(errno.ENOENT, name)
        elif node is None:
            if not flags & os.O_CREAT:
                raise file_error(errno.ENOENT, name)
            node = Inode()
            volume.name(name, node)
        elif flags & os.O_EXCL and flags & os.O_CREAT:
            raise file_error(errno.EEXIST, name)
        self._next += 1
        self._open[self._next] = _Handle(volume, name, node)
        return self._next

    def close(self, number: int) -> None:
        if number < FIRST_HANDLE:
            os.close(number)
            return
        handle = self._open.pop(number, None)  # of a world that is no more
        if handle is not None and handle.node is not None and handle.node.holder == number:
            handle.node.holder = None
            if handle.node.waiters:
                baton().wake_one(handle.node.waiters)

    def write(self, number: int, data: Any) -> int:
        if number < FIRST_HANDLE:
            return os.write(number, data)
        baton().pause()
        handle = self._open[number]
        volume, node = handle.volume, handle.node
        assert node is not None
        volume.trouble("write", handle.path)
        if volume.used_bytes() + len(data) > volume.room_bytes:
            raise file_error(errno.ENOSPC, handle.path)
        node.data[handle.at : handle.at + len(data)] = data
        handle.at += len(data)
        return len(data)

    def fsync(self, number: int) -> None:
        if number < FIRST_HANDLE:
            os.fsync(number)
            return
        baton().pause()
        handle = self._open[number]
        handle.volume.trouble("sync", handle.path)
        if handle.node is None:
            handle.volume.sync_folder(handle.path)
        else:
            handle.volume.sync_file(handle.node)

    def fstat(self, number: int) -> Any:
        if number < FIRST_HANDLE:
            return os.fstat(number)
        node = self._open[number].node
        return SimpleNamespace(st_size=len(node.data) if node else 0)

    def lseek(self, number: int, at: int, how: int) -> int:
        self._open[number].at = at
        return at

    def ftruncate(self, number: int, size: int) -> None:
        handle = self._open[number]
        assert handle.node is not None
        del handle.node.data[size:]

    def flock(self, number: int, how: int) -> None:
        if number < FIRST_HANDLE:
            fcntl.flock(number, how)
            return
        handle = self._open[number]
        node = handle.node
        if node is None:
            return
        while node.holder is not None and node.holder in self._open:
            if how & fcntl.LOCK_SH and node.holder == number:
                break
            if how & fcntl.LOCK_NB:
                raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK))
            baton().wait(node.waiters, None)
        node.holder = number


HANDLES = Handles()
