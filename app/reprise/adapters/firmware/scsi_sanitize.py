"""Procedure: SCSI SANITIZE, followed by REQUEST SENSE.

AUSE=1 (allow unrestricted sanitize exit): a drive whose sanitize failed can be brought back by EXIT
FAILURE MODE, so that the plan's next attempt can write to it; the failed attempt stays FAILED. A
drive that is still in the restricted mode of somebody's failed sanitize refuses AUSE=1, and one
that does not know the bit may too: they get AUSE=0.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator

from reprise.adapters.blockio import BlockFile
from reprise.adapters.firmware.scsi_session import (
    REQUEST_SENSE,
    TEST_UNIT_READY,
    Happening,
    ScsiCommand,
    ScsiSession,
    condition,
    errno_name,
    explained,
    refused_with,
)
from reprise.adapters.firmware.scsi_watch import ScsiWatch, Step
from reprise.adapters.passthrough.sgio import KernelScsi, ScsiAccess, ScsiAnswer
from reprise.adapters.surface.meter import Meter
from reprise.adapters.surface.opening import NotOpenedError
from reprise.adapters.surface.record import Record
from reprise.domain.events import ObservationKind
from reprise.domain.policy import Policy
from reprise.domain.techniques import Technique
from reprise.ports import Job, StopFlag
from reprise.wire import scsi
from reprise.wire.scsi import ACTIONS, SanitizeAction
from reprise.wire.sense import INVALID_FIELD_IN_CDB, PROGRESS_UNIT, Sense, SenseKey

_GIVEN_MS = 120_000  # to take the command; at the time-out the kernel resets the drive
_EVERY_S = 0.5  # between two looks
_SLICE_S = 0.25
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
    """Implements firmware.witnessed.Procedure and MayBeLocked for the three service actions."""

    phase = "sanitize"

    def __init__(
        self, policy: Policy, access: ScsiAccess | None = None, every_s: float = _EVERY_S
    ) -> None:
        self._stuck_after_s = policy.sanitize_stuck_after_s
        self._access = access or KernelScsi()
        self._every_s = every_s

    def check(self, device: BlockFile, job: Job) -> None:
        """See Procedure. A drive in the failure mode of an earlier sanitize is brought out of it,
        which destroys nothing. One that sanitizes itself for somebody else is left alone."""
        if job.reattach:
            return
        sense = self._condition(device)
        if sense.sanitizing:
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED,
                command=REQUEST_SENSE.name,
                refusal="sanitize-in-progress",
                sense=sense.text,
            )
        if sense.sanitize_failed:
            self._ask(device, _EXIT)

    def writable(self, device: BlockFile) -> bool:
        """Not in the restricted completion mode of a failed sanitize: only one that succeeds ends
        it (SBC-4, Completing a sanitize operation)."""
        return not self._condition(device).sanitize_failed

    def _condition(self, device: BlockFile) -> Sense:
        answer = self._ask(device, REQUEST_SENSE)
        sense = condition(answer)
        if sense is None:
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED, command=REQUEST_SENSE.name, **explained(answer)
            )
        return sense

    def _ask(self, device: BlockFile, command: ScsiCommand) -> ScsiAnswer:
        try:
            return command.send(self._access, device)
        except OSError as error:
            device.check_there(error)
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED, command=command.name, errno=errno_name(error)
            ) from error

    def run(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Happening, None, bool]:
        """See Procedure."""
        meter = Meter(record.drive, self.phase, device.size_bytes)
        session = ScsiSession(self._access, device, record, stop, meter)
        command = sanitize_command(job.attempt.technique, ause=True)
        if not job.reattach and not (yield from _give(session, job, record)):
            return False
        watch = ScsiWatch(
            self._stuck_after_s,
            device.size_bytes / _SLOWEST,
            time.monotonic(),
            earlier=job.reattach,
        )
        step = yield from self._follow(session, watch, record, device.size_bytes)
        seconds = round(meter.elapsed_s, 3)
        if step is Step.FINISHED:
            if job.reattach:  # it was seen running, and nobody else gave such a command
                yield record.observe(
                    ObservationKind.COMMAND_ACCEPTED, command=command.name, earlier=1
                )
            yield record.observe(
                ObservationKind.COMMAND_FINISHED, command=command.name, duration_s=seconds
            )
            return True
        kind = {
            Step.FAILED: ObservationKind.COMMAND_FAILED,
            Step.NOT_OURS: ObservationKind.STATUS_NOT_OURS,
        }.get(step, ObservationKind.COMMAND_HUNG)
        yield record.observe(
            kind,
            command=command.name,
            seconds=round(seconds),
            percent=_percent(watch.progress),
            sense=watch.last.text if watch.last else "",
        )
        if step is Step.FAILED:
            yield from session.run(_EXIT)
        return False

    def _follow(
        self, session: ScsiSession, watch: ScsiWatch, record: Record, size_bytes: int
    ) -> Generator[Happening, None, Step]:
        """Look until it ends one way or another."""
        told = -_TOLD_EVERY
        while True:
            answer = yield from session.send(REQUEST_SENSE)
            step = watch.see(condition(answer), time.monotonic())
            if step is Step.CALM:
                step = yield from _ready(session, watch)
            percent = _percent(watch.progress)
            fresh = watch.seen_running and percent >= told + _TOLD_EVERY
            if fresh:
                told = percent - percent % _TOLD_EVERY
                yield session.ran(REQUEST_SENSE, answer)
                yield record.observe(
                    ObservationKind.COMMAND_RUNNING, command=REQUEST_SENSE.name, percent=percent
                )
            if step is not Step.GOING_ON:
                yield session.ran(REQUEST_SENSE, answer)
                return step
            done_bytes = size_bytes * (watch.progress or 0) // PROGRESS_UNIT
            yield from session.meter.at(done_bytes, last=fresh)
            yield from self._pause(session)

    def _pause(self, session: ScsiSession) -> Iterator[Happening]:
        until = time.monotonic() + self._every_s
        while time.monotonic() < until:
            session.check_stop()
            time.sleep(min(_SLICE_S, self._every_s))
            yield from session.meter.same()


def _give(session: ScsiSession, job: Job, record: Record) -> Generator[Happening, None, bool]:
    """Whether the drive took the command."""
    for ause in (True, False):
        command = sanitize_command(job.attempt.technique, ause=ause)
        answer = yield from session.run(command)
        if not isinstance(answer, OSError) and answer.ok:
            yield record.observe(ObservationKind.COMMAND_ACCEPTED, command=command.name)
            return True
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
    return False


def _ready(session: ScsiSession, watch: ScsiWatch) -> Generator[Happening, None, Step]:
    """The second witness: a unit that still sanitizes itself is not ready, whatever REQUEST SENSE
    said through a controller that answers for it."""
    answer = yield from session.send(TEST_UNIT_READY)
    if not isinstance(answer, OSError) and answer.ok:
        return watch.ready()
    now = time.monotonic()
    step = watch.see(refused_with(answer), now)
    return watch.see(None, now) if step is Step.CALM else step


def _percent(progress: int | None) -> int:
    return (progress or 0) * 100 // PROGRESS_UNIT
