"""One loop follows a drive that erases itself, whatever it speaks: look, tell, wait, look again.

What a look means is decided by the pure watches (ata_watch, nvme_watch, scsi_watch).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from reprise.adapters.drives.firmware.step import WatchStep
from reprise.adapters.drives.firmware.too_fast import too_quick
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.record import Record
from reprise.domain.report.events import CommandRan, Event, ObservationKind, Update
from reprise.ports import Job

Facts = Mapping[str, str | int | float]

# ATA, SCSI and NVMe all count 65,536ths (ACS-4, SANITIZE STATUS EXT; SPC-5, PROGRESS INDICATION;
# NVM Express Base, SPROG).
WHOLE = 65_536
EVERY_S = 0.5  # between two looks
_SLICE_S = 0.25
_ONCE = 100


_ENDS = {
    WatchStep.FAILED: ObservationKind.COMMAND_FAILED,
    WatchStep.NOT_OURS: ObservationKind.STATUS_NOT_OURS,
}


def percent(progress: int | None) -> int:
    return (progress or 0) * 100 // WHOLE


@dataclass(frozen=True, slots=True)
class StatusReading:
    """`shown`: the command that looked, as evidence. `seen_running`: our operation was, now or
    before. `progress`: 65,536ths; None where this look told none. `facts`: for observations."""

    step: WatchStep
    shown: CommandRan
    seen_running: bool
    progress: int | None
    facts: Facts = field(default_factory=dict)


class Watched(Protocol):
    """A drive that was told to erase itself."""

    @property
    def command(self) -> str:
        """Name of what looks."""
        ...

    def look(self) -> Generator[Update, None, StatusReading]:
        """Raises DriveGoneError, Stopped."""
        ...


@dataclass(frozen=True, slots=True)
class Follower:
    """`meter`: of the whole command. `check_stop` raises Stopped. `told_every`: percent between two
    observations that it runs; the first is made at once."""

    record: Record
    meter: Meter
    check_stop: Callable[[], None]
    size_bytes: int
    every_s: float = EVERY_S
    told_every: int = _ONCE

    def follow(self, watched: Watched) -> Generator[Update, None, StatusReading]:
        """Look until it ends one way or another; the last look."""
        told, done_bytes = -self.told_every, 0
        while True:
            look = yield from watched.look()
            now = percent(look.progress)
            running = look.seen_running and look.progress is not None
            fresh = running and now >= told + self.told_every
            if fresh:
                told = now - now % self.told_every
                yield look.shown
                yield self.record.observe(
                    ObservationKind.COMMAND_RUNNING, command=watched.command, **look.facts
                )
            if look.step is not WatchStep.GOING_ON:
                if not fresh:
                    yield look.shown
                return look
            if look.progress is not None:
                done_bytes = self.size_bytes * look.progress // WHOLE
            yield from self.meter.at(done_bytes, last=fresh)
            yield from self._pause()

    def _pause(self) -> Iterator[Update]:
        until = time.monotonic() + self.every_s
        while time.monotonic() < until:
            self.check_stop()
            time.sleep(min(_SLICE_S, self.every_s))
            yield from self.meter.same()

    def unfinished(self, look: StatusReading, command: str) -> Event:
        return self.record.observe(
            _ENDS.get(look.step, ObservationKind.COMMAND_HUNG),
            command=command,
            seconds=round(self.meter.elapsed_s),
            step=look.step.name.lower(),
            **look.facts,
        )

    def finished(
        self, job: Job, command: str, took_s: float, facts: Facts | None = None
    ) -> Iterator[Update]:
        if job.reattach:  # it was seen to be ours: the drive had taken it
            yield self.record.observe(ObservationKind.COMMAND_ACCEPTED, command=command, earlier=1)
        yield self.record.observe(
            ObservationKind.COMMAND_FINISHED,
            command=command,
            duration_s=round(took_s, 3),
            **(facts or {}),
        )
        if not job.reattach:
            yield from too_quick(job, took_s, self.record)
