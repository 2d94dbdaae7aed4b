"""An image's file as a stream of what it holds: unpacked on the way, its own bytes digested."""

from __future__ import annotations

import errno
import hashlib
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Protocol

from reprise.tools.image_magic import HEAD_BYTES, Packing, argv_unpack, packing_of

_CHUNK_BYTES = 1 << 20
_END_S = 60.0


class DamagedError(Exception):
    """The file cannot be unpacked: it is cut off or damaged."""


class Filter(Protocol):
    """A started program (subprocess.Popen)."""

    stdin: IO[bytes] | None
    stdout: IO[bytes] | None

    def wait(self, timeout: float | None = None) -> int: ...


class PipingRunner(Protocol):
    """See SystemCommandRunner.piped."""

    def piped(self, argv: Sequence[str]) -> AbstractContextManager[Filter]: ...


class PackedFile:
    """`read` gives what the file holds, here the file itself; `done_bytes` and `sha256()` are of
    the file."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._digest = hashlib.sha256()
        self.done_bytes = 0
        self.unpacked_bytes = 0

    def read(self, length: int) -> bytes:
        """As many bytes, fewer only at the end. Raises OSError, DamagedError."""
        parts = []
        left = length
        while left > 0 and (data := self._some(left)):
            parts.append(data)
            left -= len(data)
        self.unpacked_bytes += length - left
        return b"".join(parts)

    def sha256(self) -> str:
        """Of all bytes of the file: only once `read` has come to the end."""
        return self._digest.hexdigest()

    def _some(self, length: int) -> bytes:
        return self._take(length)

    def _take(self, length: int) -> bytes:
        data = self._source.read(min(length, _CHUNK_BYTES))
        self._digest.update(data)
        self.done_bytes += len(data)
        return data


class _Unpacked(PackedFile):
    """A thread feeds the program that unpacks, so that drive, program and reader work side by
    side."""

    def __init__(
        self, source: IO[bytes], program: Filter, feed: IO[bytes], taken: IO[bytes]
    ) -> None:
        super().__init__(source)
        self._program, self._pipe, self._taken = program, feed, taken
        self._error: OSError | None = None
        self._feeder = threading.Thread(target=self._feed, name="unpack", daemon=True)
        self._feeder.start()

    def _feed(self) -> None:
        try:
            while data := self._take(_CHUNK_BYTES):
                self._pipe.write(data)
        except OSError as error:
            self._error = error  # told at the end of `read`
        except ValueError:
            return  # the reader left and closed the pipe
        try:
            self._pipe.close()  # after an error, too: else the program waits for ever
        except OSError as error:
            self._error = self._error or error

    def _some(self, length: int) -> bytes:
        data = self._taken.read(length)
        if not data:
            self._ended_well()
        return data

    def _ended_well(self) -> None:
        code = ended(self._program)
        self._feeder.join(_END_S)
        if self._error is not None and self._error.errno != errno.EPIPE:
            raise self._error
        if code != 0 or self._error is not None:
            raise DamagedError(f"exit {code}")


def ended(program: Filter) -> int:
    """The exit code of a filter that has no more to say. Raises DamagedError where it hangs."""
    try:
        return program.wait(_END_S)
    except subprocess.TimeoutExpired as error:
        raise DamagedError("what unpacks it does not end") from error


@contextmanager
def open_packed(path: Path, runner: PipingRunner) -> Iterator[PackedFile]:
    """Raises OSError, ToolError; DamagedError as PackedFile."""
    with path.open("rb", buffering=0) as file:
        packing = packing_of(file.read(8))
        file.seek(0)
        if packing is Packing.NONE:
            yield PackedFile(file)
            return
        with runner.piped(argv_unpack(packing)) as program:
            if program.stdin is None or program.stdout is None:
                raise ValueError("a filter has both ends")
            yield _Unpacked(file, program, program.stdin, program.stdout)


def head_of(path: Path, runner: PipingRunner) -> tuple[Packing, bytes]:
    """How the file is packed, and the first HEAD_BYTES of what it holds."""
    with path.open("rb", buffering=0) as file:
        packing = packing_of(file.read(8))
    with open_packed(path, runner) as packed:
        return packing, packed.read(HEAD_BYTES)
