"""Two threads over one drive: while one transfers, the other computes."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from reprise.adapters.blockio import aligned_buffer
from reprise.adapters.surface.keystream import CHUNK_BYTES
from reprise.domain.pattern import Span

T = TypeVar("T")
WORKERS = 2
_DEPTH = 3  # one more than the workers, so that none waits for us
_TICK_S = 0.25
_LEAVE_S = 0.5


def pipeline(
    spans: Iterable[Span], work: Callable[[Span, memoryview], T]
) -> Generator[T | None, None, None]:
    """`work(span, buffer)` for each span (at most CHUNK_BYTES long), results in order.

    None comes out about every 0.25 s while a result is still waited for, so that the caller can
    look at its stop flag. Errors of `work` are raised here. Close it (contextlib.closing) when
    leaving early: that drops what was not begun, and waits for transfers under way, but not long
    for one that hangs.
    """
    buffers: queue.SimpleQueue[memoryview] = queue.SimpleQueue()
    for _each in range(WORKERS):
        buffers.put(aligned_buffer(CHUNK_BYTES))

    def with_buffer(span: Span) -> T:
        buffer = buffers.get()
        try:
            return work(span, buffer[: span.length])
        finally:
            buffers.put(buffer)

    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="surface")
    waiting: deque[Future[T]] = deque()
    try:
        for span in spans:
            waiting.append(pool.submit(with_buffer, span))
            if len(waiting) >= _DEPTH:
                yield from _result(waiting[0])
                waiting.popleft()
        while waiting:
            yield from _result(waiting[0])
            waiting.popleft()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        # a drive that still works is free again for whoever comes next
        wait(waiting, timeout=_LEAVE_S)


def _result(future: Future[T]) -> Iterator[T | None]:
    # not result(timeout=…): its TimeoutError cannot be told from ETIMEDOUT raised by the work
    while not future.done() and not wait((future,), timeout=_TICK_S).done:
        yield None
    yield future.result()


def background(function: Callable[[], T]) -> Generator[None, None, T]:
    """Run one blocking call beside the caller; yields about every 0.25 s until it is done.

    `result = yield from …` does not fit a generator of events, so: loop over it, and its value is
    that of StopIteration. Closing it does not wait for the call.
    """
    pool = ThreadPoolExecutor(1, thread_name_prefix="background")
    try:
        for done in _result(pool.submit(lambda: (function(),))):
            if done is not None:
                return done[0]
            yield
        raise AssertionError("a future ends with a result or an error")
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
