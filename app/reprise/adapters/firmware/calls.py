"""What the sessions of all command sets share: a blocking call beside the caller, and names."""

from __future__ import annotations

import errno
import re
import time
from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

from reprise.adapters.surface.pipeline import background

T = TypeVar("T")
P = TypeVar("P")


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


def errno_name(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, str(error.errno))


def another_serial(planned: str | None, told: str) -> bool:
    """Whether the drive itself tells another serial number than the planned one (None: unknown).
    udev writes underscores where the drive has spaces."""
    return planned is not None and _plain(planned) != _plain(told)


def _plain(serial: str) -> str:
    return re.sub(r"[\s_]+", "_", serial.strip())
