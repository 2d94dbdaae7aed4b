"""A few threads over one drive: while some transfer, the others compute."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from reprise.adapters.drives.blockio import aligned_buffer
from reprise.adapters.drives.surface.keystream import CHUNK_BYTES
from reprise.domain.erasure.pattern import Span

T = TypeVar("T")
P = TypeVar("P")
# Of a drive's threads, one or two transfer (Rescue lets no more run at a time), the rest computes,
# on its share of the cores. The third has a chunk ready when the drive asks for it: with two, two
# drives of 500 MB/s on two busy cores were written at three quarters of their rate. Where many
# drives share a core, the others keep it busy, and a third costs more in handing over the
# interpreter lock than it wins (six on two cores: 13 % of the processor). 8 MiB for each.
LEAST_WORKERS, USUAL_WORKERS, MOST_WORKERS = 2, 3, 4
_MANY = 2  # drives to a core
AHEAD = 2  # results for each worker that may wait for the caller before the threads stop for it
_TICK_S = 0.25
_LEAVE_S = 2.0  # an old drive takes that for two chunks


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[T]):
    value: T | None = None
    error: BaseException | None = None
    end: bool = False


def workers(cores: int, drives: int) -> int:
    """Threads for one of so many drives on a processor of so many cores."""
    least = LEAST_WORKERS if drives > _MANY * cores else USUAL_WORKERS
    return min(max(1 + -(-cores // drives), least), MOST_WORKERS)


class _Drives:
    """How many are worked on by this process now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0

    @contextmanager
    def one_more(self) -> Iterator[int]:
        """Gives how many they are with this one."""
        with self._lock:
            self._count += 1
            count = self._count
        try:
            yield count
        finally:
            with self._lock:
                self._count -= 1


_DRIVES = _Drives()


class _Crew(Generic[T]):
    """Threads that take the spans in order; their results may come in any order.

    They are daemons: one that hangs in a dead drive must not keep the program from ending, as a
    ThreadPoolExecutor's do.
    """

    def __init__(
        self, spans: Iterable[Span], work: Callable[[Span, memoryview], T], size: int
    ) -> None:
        self._spans = iter(spans)
        self._work = work
        self._taken = 0
        self._take = threading.Lock()
        self._places = threading.Semaphore(AHEAD * size)
        self._leaving = False
        self._done: queue.SimpleQueue[tuple[int, _Outcome[T]]] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._serve, name=f"surface-{number}", daemon=True)
            for number in range(size)
        ]
        for thread in self._threads:
            thread.start()

    def _serve(self) -> None:
        buffer = aligned_buffer(CHUNK_BYTES)
        while True:
            self._places.acquire()
            if self._leaving:
                return
            number, outcome = self._one(buffer)
            self._done.put((number, outcome))
            if outcome.end or outcome.error is not None:
                return

    def _one(self, buffer: memoryview) -> tuple[int, _Outcome[T]]:
        number = -1
        try:
            with self._take:
                number = self._taken
                span = next(self._spans, None)
                if span is None:
                    return number, _Outcome(end=True)
                self._taken += 1
            return number, _Outcome(value=self._work(span, buffer[: span.length]))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            return number, _Outcome(error=error)

    def results(self) -> Generator[T | None, None, None]:
        held: dict[int, _Outcome[T]] = {}
        wanted = 0
        while True:
            while wanted not in held:
                try:
                    number, outcome = self._done.get(timeout=_TICK_S)
                except queue.Empty:
                    yield None
                else:
                    held[number] = outcome
            outcome = held.pop(wanted)
            if outcome.error is not None:
                raise outcome.error
            if outcome.end:
                return
            self._places.release()
            wanted += 1
            yield outcome.value

    def leave(self) -> None:
        """Begin nothing more; wait for transfers under way, but not long for one that hangs."""
        self._leaving = True
        for _each in self._threads:
            self._places.release()
        until = time.monotonic() + _LEAVE_S
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))


def pipeline(
    spans: Iterable[Span], work: Callable[[Span, memoryview], T]
) -> Generator[T | None, None, None]:
    """`work(span, buffer)` for each span (at most CHUNK_BYTES long), results in order.

    None comes out about every 0.25 s while a result is still waited for, so that the caller can
    look at its stop flag. Errors of `work` are raised here. A caller that takes no results (the
    drive is to cool down) makes the threads pause after a few more. Close it
    (contextlib.closing) when leaving early: that drops what was not begun, and waits for
    transfers under way, but not long for one that hangs.
    """
    with _DRIVES.one_more() as drives:
        crew = _Crew(spans, work, workers(len(os.sched_getaffinity(0)), drives))
        try:
            yield from crew.results()
        finally:
            crew.leave()


def background(function: Callable[[], T]) -> Generator[None, None, T]:
    """Run one blocking call beside the caller; yields about every 0.25 s until it is done.

    `result = yield from …` does not fit a generator of events, so: loop over it, and its value is
    that of StopIteration. Closing it does not wait for the call.
    """
    done: queue.SimpleQueue[_Outcome[tuple[T]]] = queue.SimpleQueue()

    def call() -> None:
        try:
            outcome = _Outcome(value=(function(),))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            outcome = _Outcome(error=error)
        done.put(outcome)

    threading.Thread(target=call, name="background", daemon=True).start()
    while True:
        try:
            outcome = done.get(timeout=_TICK_S)
        except queue.Empty:
            yield
        else:
            break
    if outcome.error is not None:
        raise outcome.error
    if outcome.value is None:
        raise AssertionError("a call ends with a result or an error")
    return outcome.value[0]


class LateError(Exception):
    """Not even the kernel came back in time; the call goes on in its thread."""


def beside(
    work: Callable[[], T], limit_s: float, meanwhile: Callable[[], Iterator[P]]
) -> Generator[P, None, T]:
    """The result of `work`, run in a thread; all of `meanwhile()` about four times a second until
    then (it may raise Stopped). Raises what `work` raises, and LateError after `limit_s`."""
    began = time.monotonic()
    call = background(work)
    try:
        while time.monotonic() - began <= limit_s:
            try:
                next(call)
            except StopIteration as end:
                result: T = end.value
                return result
            yield from meanwhile()
    finally:
        call.close()
    raise LateError
