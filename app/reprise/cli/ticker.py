"""Progress on standard error: one line that changes on a terminal, else a line every 10 %."""

from __future__ import annotations

import sys
from collections.abc import Generator
from threading import Lock
from typing import TypeVar

from reprise import wording
from reprise.domain.erasure.progress import Progress
from reprise.domain.report.events import AttemptStarted, Update
from reprise.i18n import _

T = TypeVar("T")
_STEP_PERCENT = 10


class Ticker:
    """Takes what a running erase emits; drives' threads may call it at once."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._lock = Lock()
        self._shown: tuple[str, int] = ("", -1)
        self._width = 0
        self._heard = True

    def __enter__(self) -> Ticker:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.clear()

    def take(self, item: Update) -> None:
        with self._lock:
            if isinstance(item, Progress):
                self._progress(item)
            elif isinstance(item, AttemptStarted):
                self._line(f"{item.node}: {wording.technique(item.attempt.technique)}")

    def through(self, work: Generator[Update, None, T]) -> T:
        """Everything that `work` yields; what it returns."""
        while True:
            try:
                self.take(next(work))
            except StopIteration as end:
                result: T = end.value
                return result

    def _progress(self, item: Progress) -> None:
        percent = 100 * item.done_bytes // item.total_bytes if item.total_bytes else 0
        if self._terminal:
            text = _text(item, percent)
            self._write("\r" + text.ljust(self._width))
            self._width = len(text)
            return
        step = (item.phase, percent // _STEP_PERCENT)
        if step != self._shown:
            self._shown = step
            self._line(_text(item, percent))

    def _line(self, text: str) -> None:
        self.clear()
        self._write(text + "\n")

    def clear(self) -> None:
        """Take the changing line away, so that something else may be printed."""
        if self._width:
            self._write("\r" + " " * self._width + "\r")
            self._width = 0

    def _write(self, text: str) -> None:
        """Nobody may be reading any more (`2>&1 | head`): an erase does not end because of that."""
        if not self._heard:
            return
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:
            self._heard = False


def _text(item: Progress, percent: int) -> str:
    parts = [wording.code(item.phase)]
    if item.total_bytes:
        parts.append(f"{percent} %")
    if item.rate_bytes_s >= 1:
        parts.append(wording.throughput(item.rate_bytes_s))
    if item.left_s is not None:
        parts.append(_("{time} left").format(time=wording.duration(item.left_s)))
    return ", ".join(parts)
