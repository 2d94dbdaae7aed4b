"""The session's journal: JSON lines, append-only, each synced before the next thing happens.

A power cut may leave a torn last line. It is kept (an append starts on a new line) and told, and
never hides the lines before it. A session that lives holds a lock on its journal, which no process
leaves behind.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from reprise.adapters.storage.files import names_in
from reprise.codec import event_from_builtins, event_to_builtins, loaded, sha256_hex, to_json
from reprise.domain.report.events import Checkpoint, Event, Stamped
from reprise.errors import InputError
from reprise.ports import Clock

FOLDER = "journal"
# What is larger is not of ours, as a stick comes from anywhere. A session of 24 drives of any size,
# each with all its checkpoints (270 bytes: see adapters/drives/surface/checkpoints.py), makes 51
# MiB; with as many bad sectors in both passes as the policy has, on each, 75 MiB. Whose journal is
# over it cannot be read: that is said, as of a damaged one.
MOST = 128 << 20  # bytes of a journal of another session
_MOST_LINE = 4 << 20  # 24 drives of 128 partitions each are 1 MiB, 24 usual ones 20 KiB
_MOST_PROBLEMS = 1000


class _Files(Protocol):
    memory: Path

    def append(self, relative: str, data: bytes) -> None: ...

    def read(self, relative: str, *, stick_first: bool = False) -> bytes | None: ...


class _Roots(Protocol):
    memory: Path

    def root(self) -> Path | None: ...


@dataclass(frozen=True, slots=True)
class JournalProblem:
    """`code`: "torn" (a last line without its end), "unreadable", "gap" or "repeated" (seq)."""

    line: int
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class JournalReading:
    """`sound`: the events before the first lost or repeated line: what follows a hole proves
    nothing."""

    events: tuple[Stamped, ...]
    problems: tuple[JournalProblem, ...]
    sound: tuple[Stamped, ...]

    @property
    def tells_nothing(self) -> bool:
        """Although more than the beginning of its first line is there."""
        return not self.sound and any(problem.code != "torn" for problem in self.problems)


def read_journal(data: bytes, *, brief: bool = False) -> JournalReading:
    """Every readable event in order, and what is wrong with the rest; reading ends after
    so many problems. `brief` leaves out checkpoints that another one goes beyond before anything
    else happens: most of a journal, and no news of it. Never raises."""
    events = _Found(brief=brief)
    problems: list[JournalProblem] = []
    for number, line in enumerate(io.BytesIO(data), 1):
        if not line.strip():
            continue
        try:
            stamped = _decode(line)
        except InputError as error:
            torn = not line.endswith(b"\n")
            problems.append(JournalProblem(number, "torn" if torn else "unreadable", str(error)))
            if len(problems) >= _MOST_PROBLEMS:
                break
            continue
        expected = events.last_seq + 1
        if stamped.seq != expected:
            code = "gap" if stamped.seq > expected else "repeated"
            problems.append(JournalProblem(number, code, f"{stamped.seq} != {expected}"))
            events.hole()
        events.take(stamped)
    return JournalReading(events.all(), tuple(problems), events.sound())


class _Found:
    """The events that are read so far."""

    def __init__(self, *, brief: bool) -> None:
        self._brief = brief
        self._events: list[Stamped | None] = []  # None: gone beyond
        self._newest: dict[tuple[str, str, str], int] = {}  # a pass -> where its checkpoint is
        self._whole: int | None = None  # how many come before the first hole
        self.last_seq = 0

    def take(self, stamped: Stamped) -> None:
        if self._brief:
            self._go_beyond(stamped.event)
        self._events.append(stamped)
        self.last_seq = stamped.seq

    def hole(self) -> None:
        """Here: of what came before nothing is left out any more."""
        if self._whole is None:
            self._whole = len(self._events)
        self._newest.clear()

    def all(self) -> tuple[Stamped, ...]:
        return tuple(stamped for stamped in self._events if stamped is not None)

    def sound(self) -> tuple[Stamped, ...]:
        return tuple(stamped for stamped in self._events[: self._whole] if stamped is not None)

    def _go_beyond(self, event: Event) -> None:
        if not isinstance(event, Checkpoint):
            self._newest.clear()
            return
        one_pass = (event.drive, event.job_id, event.phase)
        before = self._newest.get(one_pass)
        if before is not None:
            self._events[before] = None
        self._newest[one_pass] = len(self._events)


class StoreJournal:
    """ports.Journal over a store. Threads may share it; one process per session."""

    def __init__(self, store: _Files, session_id: str, clock: Clock) -> None:
        """Goes on with what the store has of this session. Raises InputError on a bad id."""
        self._held: int | None = None
        self._store, self._clock = store, clock
        self._relative = f"{FOLDER}/{session_id}.jsonl"
        self._lock = threading.Lock()
        self._data = store.read(self._relative) or b""
        reading = read_journal(self._data)
        self.problems = reading.problems
        self._events = list(reading.events)

    def __del__(self) -> None:
        if self._held is not None:
            os.close(self._held)

    def append(self, event: Event) -> Stamped:
        """Stamp and store one event. Raises StorageError where it could not be kept at all."""
        with self._lock:
            now = self._clock.read()
            stamped = Stamped(
                seq=self._events[-1].seq + 1 if self._events else 1,
                at=_iso(now.now),
                monotonic_s=round(now.monotonic_s, 3),
                event=event,
            )
            line = _encode(stamped)
            if self._data and not self._data.endswith(b"\n"):
                line = b"\n" + line
            self._store.append(self._relative, line)
            self._hold()
            self._data += line
            self._events.append(stamped)
            return stamped

    def _hold(self) -> None:
        """Show `living` that this session lives: that file is only ever added to."""
        if self._held is None:
            with contextlib.suppress(OSError):  # a file system without locks
                self._held = os.open(self._store.memory / self._relative, os.O_RDONLY)
                fcntl.flock(self._held, fcntl.LOCK_SH)

    def digest(self) -> str:
        with self._lock:
            return sha256_hex(self._data)

    def events(self) -> Sequence[Stamped]:
        with self._lock:
            return tuple(self._events)


def living(store: _Roots) -> frozenset[str]:
    """Ids of the sessions that some process of this PC is still at work on."""
    folders = {root / FOLDER for root in (store.memory, store.root()) if root is not None}
    paths = (folder / name for folder in folders for name in names_in(folder))
    return frozenset(path.stem for path in paths if _is_held(path))


def _is_held(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:  # gone meanwhile
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks
        return False
    finally:
        os.close(handle)
    return False


def _iso(now: datetime) -> str:
    return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _encode(stamped: Stamped) -> bytes:
    return to_json(event_to_builtins(stamped)) + b"\n"


def _decode(line: bytes) -> Stamped:
    """Raises InputError where the line is not one of our events."""
    if len(line) > _MOST_LINE:
        raise InputError(f"{len(line)} bytes")
    return event_from_builtins(loaded(line))
