"""Around a medium error: find the sectors that fail, keep all the others."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reprise.adapters.drives.blockio import BlockFile
from reprise.domain.erasure.pattern import Span
from reprise.ports import StopFlag

TRIES = 3
# At a time, on one drive: two keep it busy, more would only make an old one seek.
TRANSFERS = 2


@dataclass(frozen=True, slots=True)
class BadSpan:
    """Bytes that failed after all tries."""

    span: Span
    errno: int


class TooManyBadSectorsError(Exception):
    """The drive is dying: going on would take days."""


class Stopped(Exception):  # noqa: N818 - not an error: the operator's wish
    """The operator asked to stop."""


class Rescue:
    """All transfers of one drive: retries and bisects those that fail, counts what was lost.

    Shared by the threads of one phase. `limit`: bad sectors after which it gives up.
    """

    def __init__(self, device: BlockFile, stop: StopFlag, limit: int) -> None:
        self._device = device
        self._stop = stop
        self.limit = limit
        self._left = limit
        self._lock = threading.Lock()
        self._lanes = threading.Semaphore(TRANSFERS)

    def transfer(self, span: Span, move: Callable[[Span], None]) -> tuple[BadSpan, ...]:
        """Do `move(span)`; where it fails, in ever smaller parts.

        Returns what could not be moved, joined, in order. Raises DriveGoneError,
        TooManyBadSectorsError, Stopped.
        """
        try:
            self._move(span, move)
        except OSError as error:
            self._device.check_there(error)
            return tuple(_join(self._split(span, move, error.errno or errno.EIO)))
        return ()

    def _split(self, span: Span, move: Callable[[Span], None], code: int) -> Iterator[BadSpan]:
        half = span.length // 2 // self._device.physical_bytes * self._device.physical_bytes
        if half == 0:
            yield from self._last_tries(span, move, code)
            return
        for part in (Span(span.offset, half), Span(span.offset + half, span.length - half)):
            failed = self._try(part, move)
            if failed:
                yield from self._split(part, move, failed)

    def _last_tries(self, span: Span, move: Callable[[Span], None], code: int) -> Iterator[BadSpan]:
        for _again in range(TRIES - 1):
            failed = self._try(span, move)
            if not failed:
                return
            code = failed
        with self._lock:
            self._left -= 1
            if self._left < 0:
                raise TooManyBadSectorsError
        yield BadSpan(span, code)

    def _try(self, span: Span, move: Callable[[Span], None]) -> int:
        """0, or the errno."""
        try:
            self._move(span, move)
        except OSError as error:
            self._device.check_there(error)
            return error.errno or errno.EIO
        return 0

    def _move(self, span: Span, move: Callable[[Span], None]) -> None:
        with self._lanes:
            if self._stop.is_set():
                raise Stopped
            move(span)


def _join(bad: Iterator[BadSpan]) -> Iterator[BadSpan]:
    held: BadSpan | None = None
    for bad_span in bad:
        if held and held.span.end == bad_span.span.offset and held.errno == bad_span.errno:
            held = BadSpan(
                Span(held.span.offset, held.span.length + bad_span.span.length), bad_span.errno
            )
        else:
            if held:
                yield held
            held = bad_span
    if held:
        yield held
