"""Where keys, journals, reports and the outbox live: one layout ("store root") in memory, on the
stick, or in a plain folder:
reprise.toml, station.key.pem, station.pub.pem, operator.json, journal/<session>.jsonl,
reports/<id>.jws + station-<kid>.pub.pem, outbox/<id>.jws + <id>.state.json, receipts/<id>.json.

The station writes to memory first and then to the stick, so that a stick that is pulled, full or
read-only costs nothing but the copy; `sync` brings it up to date as soon as one is there again.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from reprise.adapters.storage.files import (
    append_durably,
    every_copy,
    names_in,
    read_or_none,
    safe_relative,
    size_or_none,
    too_large,
    write_durably,
)
from reprise.adapters.storage.mirror import bring, keeps_own, lacks, looks_other, settle, take_out
from reprise.adapters.storage.storage_error import reading_error, storage_error
from reprise.errors import StorageError

SETTINGS = "reprise.toml"
OPERATOR = "operator.json"  # what was typed last on the first screen
_logger = logging.getLogger(__name__)
_STICK, _MEMORY, _FOLDER = "stick", "memory", "folder"


class MirroredStore:
    """ports.Store in memory and, whenever `stick()` gives its root, on the stick.

    Safe to use from several threads and processes at once (a lock file in the memory root).
    """

    def __init__(
        self,
        memory: Path,
        stick: Callable[[], Path | None],
        readable: Callable[[], Path | None] | None = None,
    ) -> None:
        """`readable` gives a write-protected stick's root, too: its settings and key count."""
        self.memory = memory
        self._stick = stick
        self._readable = readable or stick
        self._behind = False  # something of ours is not on the stick
        self._stick_error: StorageError | None = None

    def root(self) -> Path | None:
        """Where other files may be put that outlive the PC's memory; None: nowhere now."""
        return self._stick()

    def where(self) -> str:
        """ "stick" where everything written so far is on it, else "memory". Waits for what is
        just being written: between its two copies nothing is lost."""
        root = self._stick()
        if root is None:
            return _MEMORY
        try:
            with self._lock():
                doubt = self._behind or self._stick_error or looks_other(self.memory, root)
                if doubt and lacks(self.memory, root):
                    self._behind = True
                    return _MEMORY
                self._behind, self._stick_error = False, None
                return _STICK
        except (OSError, StorageError):
            return _MEMORY

    def sync(self) -> bool:
        """Bring the stick up to date. True where everything is on it. Never raises for what the
        stick does: `problem` says it."""
        root = self._stick()
        if root is None:
            return False
        with self._lock():
            return self._on_stick(lambda: self._copy_all(root), root)

    def problem(self) -> str:
        """Why the stick does not take what is written, for a person; "" where nothing is wrong."""
        return "" if self._stick_error is None else str(self._stick_error)

    # files

    def write(self, relative: str, data: bytes, mode: int = 0o644) -> None:
        """Put a file whole, durably. Raises StorageError where memory itself takes no more."""
        with self._lock():
            self._write(safe_relative(relative), data, mode)

    def create(self, relative: str, data: bytes, mode: int = 0o644) -> bytes:
        """Put a file unless there is one; give what is there now, in memory too. Raises
        StorageError where there may be one that cannot be read."""
        with self._lock():
            there = self._read(safe_relative(relative), sure=True)
            if there is None or not (self.memory / relative).exists():
                self._write(relative, data if there is None else there, mode)
            return data if there is None else there

    def append(self, relative: str, data: bytes) -> None:
        """Add to the end of a file, durably. Raises StorageError as `write` does."""
        with self._lock():
            path = self.memory / safe_relative(relative)
            try:
                before = size_or_none(path)
                if before is None:
                    before = self._adopt(relative)
                append_durably(path, data, before)
            except OSError as error:
                raise storage_error(error, self.memory) from error
            root = self._stick()
            if root is None:
                self._behind = True
                return
            self._on_stick(lambda: self._append_on(root, relative, data, before), root)

    def read(
        self, relative: str, *, stick_first: bool = False, sure: bool = False, most: int = -1
    ) -> bytes | None:
        """A file's bytes; None where there is none. Memory's copy is taken first, as it is never
        older; `stick_first` is for what people edit on the stick. With `sure`, None means that
        there is none: raises StorageError where the only copy cannot be read, or is too large. Else
        a copy of more than `most` bytes is none (-1: of any size)."""
        return self._read(safe_relative(relative), stick_first=stick_first, sure=sure, most=most)

    def each(self, relative: str, most: int) -> tuple[bytes, ...]:
        """Every copy of a small file that can be read, memory's first."""
        return tuple(every_copy(self._roots(), safe_relative(relative), most))

    def names(self, folder: str) -> tuple[str, ...]:
        """Names of the files of a folder, in memory and on the stick, in order."""
        all_names: set[str] = set()
        for root in self._roots():
            try:
                all_names |= names_in(root / safe_relative(folder))
            except OSError as error:
                self._note(reading_error(error, root / folder))
        return tuple(sorted(all_names))

    def path(self, relative: str) -> Path:
        """Where the file is best read from by another program."""
        for root in reversed(self._roots()):
            if (root / safe_relative(relative)).exists():
                return root / relative
        return self.memory / relative

    def remove(self, relative: str) -> None:
        """Remove everywhere; a file that is not there is no error."""
        with self._lock():
            stick = self._stick()
            for root in (self.memory,) if stick is None else (self.memory, stick):
                try:
                    (root / safe_relative(relative)).unlink(missing_ok=True)
                except OSError as error:
                    self._note(storage_error(error, root))

    def take_out(self, report_id: str) -> None:
        """Of the outbox, where a receipt is kept: see mirror.take_out. Where the stick fails, its
        copy stays in its queue, and `sync` does it. Raises StorageError as `write` does."""
        with self._lock():
            try:
                take_out(report_id, self.memory)
            except OSError as error:
                raise storage_error(error, self.memory) from error
            root = self._stick()
            if root is not None:
                self._on_stick(lambda: take_out(report_id, self.memory, root), root)

    # inside

    def _roots(self) -> list[Path]:
        root = self._readable()
        return [self.memory] if root is None else [self.memory, root]

    @contextmanager
    def _lock(self) -> Iterator[None]:
        try:
            self.memory.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.memory / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise storage_error(error, self.memory) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _read(
        self, relative: str, *, stick_first: bool = False, sure: bool = False, most: int = -1
    ) -> bytes | None:
        roots = self._roots()
        for root in reversed(roots) if stick_first else roots:
            try:
                data = read_or_none(root / relative, most)
                if data is None and sure and 0 <= most < (size_or_none(root / relative) or 0):
                    raise too_large()
            except OSError as error:
                if sure or root == self.memory:
                    raise reading_error(error, root / relative) from error
                self._note(reading_error(error, root / relative))
                continue
            if data is not None:
                return data
        return None

    def _write(self, relative: str, data: bytes, mode: int) -> None:
        try:
            write_durably(self.memory / relative, data, mode)
        except OSError as error:
            raise storage_error(error, self.memory) from error
        root = self._stick()
        if root is None:
            self._behind = True
            return

        def copy() -> None:
            if not keeps_own(self.memory, root, relative):
                write_durably(root / relative, data, mode)

        self._on_stick(copy, root)

    def _adopt(self, relative: str) -> int:
        """Take the stick's copy into memory before adding to it; its size (0: none)."""
        there = self._read(relative)
        if there is None:
            return 0
        write_durably(self.memory / relative, there)
        return len(there)

    def _append_on(self, root: Path, relative: str, data: bytes, before: int) -> None:
        """Only the new bytes where the stick was up to date, else the whole file again."""
        if (size_or_none(root / relative) or 0) == before and not self._behind:
            append_durably(root / relative, data, before)
        else:
            self._copy_all(root)

    def _on_stick(self, work: Callable[[], None], root: Path) -> bool:
        """Memory has it by now: whatever goes wrong here is noted, and ends nothing."""
        try:
            work()
            if self._behind or self._stick_error:
                self._copy_all(root)
        except OSError as error:
            self._note(storage_error(error, root))
            return False
        except Exception as error:
            _logger.exception("the stick was not written")
            self._note(storage_error(OSError(type(error).__name__), root))
            return False
        self._behind, self._stick_error = False, None
        return True

    def _note(self, error: StorageError) -> None:
        self._behind = True
        self._stick_error = error

    def _copy_all(self, root: Path) -> None:
        try:
            settle(self.memory, root)
        finally:  # what goes wrong with a report that was sent must not keep another away
            bring(self.memory, root)


class FolderStore(MirroredStore):
    """One plain folder (--data): durable by itself, nothing to copy anywhere."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, lambda: None)

    def root(self) -> Path | None:
        return self.memory

    def where(self) -> str:
        return _FOLDER

    def sync(self) -> bool:
        return True
