"""What the sessions of several command sets share: calls that do not block us, and the names of
errors."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.pipeline import LateError, beside
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.domain.erasure.progress import Progress
from reprise.domain.report.events import Update
from reprise.ports import StopFlag

T = TypeVar("T")
KERNEL_LATE_S = 60.0  # what the kernel may take to abort a command and reset the drive


def errno_name(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, str(error.errno))


class Calls:
    """Of one job; `meter` tells meanwhile how far it is."""

    def __init__(self, record: Record, stop: StopFlag, meter: Meter) -> None:
        self._record, self._stop, self.meter = record, stop, meter

    def check_stop(self) -> None:
        if self._stop.is_set():
            raise Stopped

    def _meanwhile(self) -> Iterator[Progress]:
        self.check_stop()
        yield from self.meter.same()

    def _answered(
        self, device: BlockFile, work: Callable[[], T], timeout_s: float
    ) -> Generator[Update, None, T | OSError]:
        """What `work` gives, or the kernel's error where the drive is still there; ETIMEDOUT where
        not even the kernel comes back. Raises DriveGoneError, and Stopped at the operator's wish
        (the command itself goes on)."""
        try:
            return (yield from beside(work, timeout_s + KERNEL_LATE_S, self._meanwhile))
        except LateError:
            return TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
        except OSError as error:
            device.check_there(error)
            return error
