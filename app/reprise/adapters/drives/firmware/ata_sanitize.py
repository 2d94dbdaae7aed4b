"""Procedure: ATA SANITIZE DEVICE, followed by SANITIZE STATUS EXT."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.capabilities.ata import told_by_identify
from reprise.adapters.drives.firmware.ata_session import (
    AtaSession,
    Ended,
    another_drive,
    ask_identify,
    ended_well,
    text_of,
)
from reprise.adapters.drives.firmware.ata_watch import AtaWatch
from reprise.adapters.drives.firmware.following import Follower, StatusReading, percent
from reprise.adapters.drives.firmware.step import WatchStep
from reprise.adapters.drives.passthrough.ata_taskfile import AtaAccess, SatAta
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import NotOpenedError
from reprise.adapters.drives.surface.record import Record
from reprise.domain.drives.capabilities import SanitizeState, Support
from reprise.domain.planning.options import says_yes
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import SPECS
from reprise.domain.report.events import CommandRan, ObservationKind, Update
from reprise.errors import ToolError
from reprise.ports import Job, StopFlag
from reprise.wire.ata import sanitize_device, sanitize_status
from reprise.wire.sat import SanitizeStatus, parse_sanitize_status

_COMMAND_MS = 60_000


class AtaSanitize:
    """Implements firmware.witnessed.Recovering for block erase, crypto scramble and overwrite."""

    def __init__(self, policy: Policy, access: AtaAccess | None = None) -> None:
        self._stuck_after_s = policy.sanitize_stuck_after_s
        self._access = access or SatAta()

    def check(self, device: BlockFile, job: Job) -> None:
        """See Procedure. A drive that sanitizes itself for somebody else is left alone."""
        told = told_by_identify(ask_identify(self._access, device, job.drive))
        supported = says_yes(told, SPECS[job.attempt.technique])
        locked = told.security_locked is Support.YES
        if not supported or locked:
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED,
                command=sanitize_device(job.attempt.technique).name,
                refusal="locked" if locked else "unsupported",
            )
        state = self._state(device)
        refused = {SanitizeState.FROZEN, SanitizeState.UNKNOWN, SanitizeState.RUNNING}
        if not job.reattach and state in refused:
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED, command=sanitize_status().name, refusal=state.value
            )

    def _state(self, device: BlockFile) -> SanitizeState:
        try:
            answer = self._access.send(device, sanitize_status())
            return parse_sanitize_status(answer.registers).state
        except OSError as error:
            device.check_there(error)
            return SanitizeState.UNKNOWN
        except ToolError:
            return SanitizeState.UNKNOWN

    def recover(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, bool]:
        """See Recovering. A sanitize that failed leaves a drive that neither reads nor writes
        until another one has succeeded, and no marks can be planted before that."""
        if job.reattach or self._state(device) is not SanitizeState.FAILED:
            return True
        session, follower = self._session(device, record, stop)
        ended = yield from self._give_and_follow(session, follower, job)
        if ended is not None and ended.step is not WatchStep.FINISHED:
            yield follower.unfinished(ended, sanitize_status().name)
        return ended is not None and ended.step is WatchStep.FINISHED

    def run(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, bool]:
        """See Procedure."""
        session, follower = self._session(device, record, stop)
        ended = yield from self._give_and_follow(session, follower, job)
        if ended is None:
            return False
        if ended.step is not WatchStep.FINISHED:
            yield follower.unfinished(ended, sanitize_status().name)
            return False
        took_s = follower.meter.elapsed_s
        now = yield from session.identify()
        if now is None:  # who erased itself is not known: its end is not told, so not verified
            return True
        if another_drive(now, job.drive):
            yield record.observe(ObservationKind.IDENTITY_CHANGED, fact="serial", found=now.serial)
            return False
        yield from follower.finished(job, sanitize_device(job.attempt.technique).name, took_s)
        return True

    def _session(
        self, device: BlockFile, record: Record, stop: StopFlag
    ) -> tuple[AtaSession, Follower]:
        meter = Meter(record.drive, record.phase, device.size_bytes)
        session = AtaSession(self._access, device, record.drive, stop, meter.same)
        return session, Follower(record, meter, session.check_stop, device.size_bytes)

    def _give_and_follow(
        self, session: AtaSession, follower: Follower, job: Job
    ) -> Generator[Update, None, StatusReading | None]:
        """The last look; None where the command was refused (which was told)."""
        record = follower.record
        status, shown = yield from _look(session)
        before = status.state if status is not None else SanitizeState.UNKNOWN
        now = time.monotonic()
        watch = AtaWatch(before, self._stuck_after_s, now, earlier=job.reattach)
        if not job.reattach:
            yield shown
            command = sanitize_device(job.attempt.technique)
            answer = yield from session.run(command, _COMMAND_MS)
            if not ended_well(answer):
                yield record.observe(
                    ObservationKind.COMMAND_FAILED, command=command.name, answer=text_of(answer)
                )
                return None
            # at once: a session that comes after a power cut goes by this word
            yield record.observe(ObservationKind.COMMAND_ACCEPTED, command=command.name)
            first = _status_in(answer)  # its outputs are those of SANITIZE STATUS EXT
            if first is not None and first.state is SanitizeState.RUNNING:
                watch.see(first, time.monotonic())
        return (yield from follower.follow(_Watched(session, watch)))


@dataclass(frozen=True, slots=True)
class _Watched:
    """Implements following.Watched."""

    session: AtaSession
    watch: AtaWatch
    command: str = sanitize_status().name

    def look(self) -> Generator[Update, None, StatusReading]:
        status, shown = yield from _look(self.session)
        step, progress = self.watch.see(status, time.monotonic()), self.watch.progress
        facts = {"percent": percent(progress)}
        return StatusReading(step, shown, self.watch.seen_running, progress, facts)


def _status_in(answer: Ended) -> SanitizeStatus | None:
    if isinstance(answer, OSError):
        return None
    try:
        return parse_sanitize_status(answer.registers)
    except ToolError:
        return None


def _look(
    session: AtaSession,
) -> Generator[Update, None, tuple[SanitizeStatus | None, CommandRan]]:
    """The state (None: it could not be read), and the event that shows it."""
    command = sanitize_status()
    answer = yield from session.send(command)
    return _status_in(answer), session.ran(command, answer)
