"""The same drive after it erased itself: it may have left the bus, and come back under another
name."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator
from dataclasses import replace

from reprise.adapters.drives.blockio import BlockFile, DriveGoneError
from reprise.adapters.drives.surface.listed import listed_now
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import Asks, NotOpenedError, open_planned
from reprise.adapters.drives.surface.pipeline import beside
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.domain.erasure.progress import Progress
from reprise.domain.planning.policy import Policy
from reprise.ports import DriveProbe, Job, StopFlag

_BACK_WITHIN_S = 60.0
_ELSEWHERE_AFTER_S = 5.0  # an inventory asks every drive of the PC: not at every retry
_RETRY_S = 0.5


def open_again(
    job: Job, probe: DriveProbe, policy: Policy, stop: StopFlag, phase: str, *, asks: Asks
) -> Generator[Progress, None, BlockFile]:
    """Read-only, with the page cache emptied. Raises DriveGoneError where it does not come back
    in time, NotOpenedError where it is there but not as it was, Stopped."""
    began = time.monotonic()
    look_at = began + _ELSEWHERE_AFTER_S
    meter = Meter(job.drive_key, phase, 0)
    while True:
        try:
            return _opened(job, probe, policy, asks)
        except (DriveGoneError, NotOpenedError, OSError) as error:
            if time.monotonic() > began + _BACK_WITHIN_S:
                if isinstance(error, NotOpenedError):
                    raise  # there, but not as it was: that is an answer
                raise DriveGoneError(job.drive.node) from error
        if time.monotonic() > look_at:
            job = yield from _where(job, probe, stop, meter)
            look_at = time.monotonic() + _ELSEWHERE_AFTER_S
        if stop.is_set():
            raise Stopped
        yield from meter.at(0, last=True)
        time.sleep(_RETRY_S)


def _opened(job: Job, probe: DriveProbe, policy: Policy, asks: Asks) -> BlockFile:
    with open_planned(job, probe, policy, asks) as claimed:
        device = BlockFile(claimed.node, writable=False, exclusive=False)
        device.drop_cache()
        return device


def _where(
    job: Job, probe: DriveProbe, stop: StopFlag, meter: Meter
) -> Generator[Progress, None, Job]:
    """The job with the drive as it is listed now; unchanged unless exactly one drive matches.
    Whoever opens it checks its identity again."""

    def meanwhile() -> Iterator[Progress]:
        if stop.is_set():
            raise Stopped
        yield from meter.at(0, last=True)

    there = yield from beside(lambda: listed_now(job.drive, probe), math.inf, meanwhile)
    return replace(job, drive=there[0]) if len(there) == 1 else job
