"""Procedure: SCSI SANITIZE, followed by REQUEST SENSE.

AUSE=1 (allow unrestricted sanitize exit): a drive whose sanitize failed can be brought back by EXIT
FAILURE MODE, so that the plan's next attempt can write to it; the failed attempt stays FAILED. A
drive that is still in the restricted mode of somebody's failed sanitize refuses AUSE=1, and one
that does not know the bit may too: they get AUSE=0.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.firmware.following import (
    EVERY_S,
    Facts,
    Follower,
    StatusReading,
    percent,
)
from reprise.adapters.drives.firmware.scsi_session import (
    REQUEST_SENSE,
    TEST_UNIT_READY,
    ScsiCommand,
    ScsiSession,
    condition,
    explained,
    refused_with,
)
from reprise.adapters.drives.firmware.scsi_watch import ScsiWatch
from reprise.adapters.drives.firmware.step import WatchStep
from reprise.adapters.drives.passthrough.sgio import KernelScsi, ScsiAccess, ScsiAnswer
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import NotOpenedError
from reprise.adapters.drives.surface.record import Record
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique
from reprise.domain.report.events import ObservationKind, Update
from reprise.ports import Job, StopFlag
from reprise.wire import scsi
from reprise.wire.scsi import ACTIONS, SanitizeAction
from reprise.wire.sense import INVALID_FIELD_IN_CDB, SenseKey

_GIVEN_MS = 120_000  # to take the command; at the time-out the kernel resets the drive
_TOLD_EVERY = 10  # percent
# Bytes per second below which a drive that tells no progress at all is taken to hang.
_SLOWEST = 20e6

_EXIT = ScsiCommand("SANITIZE EXIT FAILURE MODE", scsi.sanitize(SanitizeAction.EXIT_FAILURE_MODE))


def sanitize_command(technique: Technique, *, ause: bool) -> ScsiCommand:
    action = ACTIONS[technique]
    data = scsi.overwrite_parameters() if action is SanitizeAction.OVERWRITE else b""
    return ScsiCommand(
        f"SANITIZE {action.name.replace('_', ' ')}",
        scsi.sanitize(action, ause=ause, parameter_bytes=len(data)),
        data_out=data,
        timeout_ms=_GIVEN_MS,
    )


class ScsiSanitize:
    """Implements firmware.witnessed.Recovering for the three service actions."""

    def __init__(
        self, policy: Policy, access: ScsiAccess | None = None, every_s: float = EVERY_S
    ) -> None:
        self._stuck_after_s = policy.sanitize_stuck_after_s
        self._access = access or KernelScsi()
        self._every_s = every_s

    def check(self, device: BlockFile, job: Job) -> None:
        """See Procedure. A drive that sanitizes itself for somebody else is left alone."""
        if job.reattach:
            return
        try:
            answer: ScsiAnswer | OSError = REQUEST_SENSE.send(self._access, device)
        except OSError as error:
            device.check_there(error)
            answer = error
        sense = condition(answer)
        if sense is None:
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED, command=REQUEST_SENSE.name, **explained(answer)
            )
        if sense.sanitizing:
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED,
                command=REQUEST_SENSE.name,
                refusal="sanitize-in-progress",
                sense=sense.text,
            )

    def recover(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, bool]:
        """See Recovering. After a sanitize that failed the drive takes no data until it is told to
        leave that mode; where the failed command did not allow that (restricted completion mode),
        until another sanitize has succeeded (SBC-4, Completing a sanitize operation)."""
        session, follower = self._session(device, record, stop)
        answer = yield from session.send(REQUEST_SENSE)
        sense = condition(answer)
        if sense is None or not sense.sanitize_failed:
            return True
        yield session.ran(REQUEST_SENSE, answer)
        left = yield from session.run(_EXIT)
        if not isinstance(left, OSError) and left.ok:
            return True
        if (yield from _give(session, job, record)) is None:
            return False
        ended = yield from follower.follow(self._watched(session, device, job))
        if ended.step is not WatchStep.FINISHED:
            yield follower.unfinished(ended, "SANITIZE")
        return ended.step is WatchStep.FINISHED

    def run(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, bool]:
        """See Procedure."""
        session, follower = self._session(device, record, stop)
        name = sanitize_command(job.attempt.technique, ause=True).name
        if not job.reattach:
            given = yield from _give(session, job, record)
            if given is None:
                return False
            yield record.observe(ObservationKind.COMMAND_ACCEPTED, command=name)
        ended = yield from follower.follow(self._watched(session, device, job))
        if ended.step is not WatchStep.FINISHED:
            yield follower.unfinished(ended, "SANITIZE")
            if ended.step is WatchStep.FAILED:  # so that a fallback can write to the drive
                yield from session.run(_EXIT)
            return False
        yield from follower.finished(job, name, follower.meter.elapsed_s)
        return True

    def _session(
        self, device: BlockFile, record: Record, stop: StopFlag
    ) -> tuple[ScsiSession, Follower]:
        meter = Meter(record.drive, record.phase, device.size_bytes)
        session = ScsiSession(self._access, device, record, stop, meter)
        check_stop, size_bytes = session.check_stop, device.size_bytes
        follower = Follower(record, meter, check_stop, size_bytes, self._every_s, _TOLD_EVERY)
        return session, follower

    def _watched(self, session: ScsiSession, device: BlockFile, job: Job) -> _Watched:
        silent_after_s, now = device.size_bytes / _SLOWEST, time.monotonic()
        watch = ScsiWatch(self._stuck_after_s, silent_after_s, now, earlier=job.reattach)
        return _Watched(session, watch)


@dataclass(frozen=True, slots=True)
class _Watched:
    """Implements following.Watched."""

    session: ScsiSession
    watch: ScsiWatch
    command: str = REQUEST_SENSE.name

    def look(self) -> Generator[Update, None, StatusReading]:
        answer = yield from self.session.send(REQUEST_SENSE)
        step = self.watch.see(condition(answer), time.monotonic())
        if step is WatchStep.CALM:
            step = yield from _ready(self.session, self.watch)
        shown = self.session.ran(REQUEST_SENSE, answer)
        progress = self.watch.progress or 0
        facts: Facts = {"percent": percent(progress), "sense": self._told}
        return StatusReading(step, shown, self.watch.seen_running, progress, facts)

    @property
    def _told(self) -> str:
        return self.watch.last.text if self.watch.last else ""


def _give(
    session: ScsiSession, job: Job, record: Record
) -> Generator[Update, None, ScsiCommand | None]:
    """The command as the drive took it; None (after an observation) where it did not."""
    for ause in (True, False):
        command = sanitize_command(job.attempt.technique, ause=ause)
        answer = yield from session.run(command)
        if not isinstance(answer, OSError) and answer.ok:
            return command
        sense = refused_with(answer)
        refused = sense is not None and sense.key == SenseKey.ILLEGAL_REQUEST
        if not refused or sense is None or sense.code != INVALID_FIELD_IN_CDB:
            break
    timed_out = isinstance(answer, TimeoutError) or (
        not isinstance(answer, OSError) and answer.timed_out
    )
    # without an answer nobody knows whether the drive took it: it may be at work
    kind = ObservationKind.COMMAND_HUNG if timed_out else ObservationKind.COMMAND_FAILED
    yield record.observe(
        kind,
        command=command.name,
        seconds=round(session.meter.elapsed_s),
        **explained(answer),
    )
    return None


def _ready(session: ScsiSession, watch: ScsiWatch) -> Generator[Update, None, WatchStep]:
    """The second witness: a unit that still sanitizes itself is not ready, whatever REQUEST SENSE
    said through a controller that answers for it."""
    answer = yield from session.send(TEST_UNIT_READY)
    if not isinstance(answer, OSError) and answer.ok:
        return watch.ready()
    now = time.monotonic()
    step = watch.see(refused_with(answer), now)
    return watch.see(None, now) if step is WatchStep.CALM else step
