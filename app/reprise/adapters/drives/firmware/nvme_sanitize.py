"""Procedure: NVMe Sanitize, followed through the Sanitize Status log."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.firmware.following import Facts, Follower, StatusReading, percent
from reprise.adapters.drives.firmware.nvme_session import NvmeSession, ask, check_planned
from reprise.adapters.drives.firmware.nvme_watch import SanitizeWatch
from reprise.adapters.drives.firmware.step import WatchStep
from reprise.adapters.drives.passthrough.nvme_admin import KernelNvmeAdmin, NvmeAdmin
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import NotOpenedError
from reprise.adapters.drives.surface.record import Record
from reprise.domain.drives.capabilities import SanitizeState, Support
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method
from reprise.domain.report.events import CommandRan, ObservationKind, Update
from reprise.errors import ToolError
from reprise.ports import Job, StopFlag
from reprise.wire.nvme_erase import (
    SanitizeStatus,
    exit_failure_mode,
    parse_sanitize_status,
    sanitize,
    sanitize_status,
)
from reprise.wire.nvme_status import Refusal

# Generous: at a time-out the kernel resets the controller, which helps nobody.
_COMMAND_MS = 120_000
_LOG_MS = 60_000


class NvmeSanitize:
    """Implements firmware.witnessed.Procedure for block erase, crypto erase and overwrite."""

    def __init__(self, policy: Policy, admin: NvmeAdmin | None = None) -> None:
        self._stuck_after_s = policy.sanitize_stuck_after_s
        self._admin = admin or KernelNvmeAdmin()

    def check(self, device: BlockFile, job: Job) -> None:
        """See Procedure. A drive that sanitizes itself for somebody else is left alone."""
        check_planned(self._admin, device, job, format_=False)
        if job.reattach:
            return
        try:
            status = parse_sanitize_status(ask(self._admin, device, sanitize_status()).data)
        except ToolError as error:
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED, command=sanitize_status().name, error=str(error)
            ) from error
        if status.state is SanitizeState.RUNNING:
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED,
                command=sanitize_status().name,
                refusal=Refusal.SANITIZE_RUNNING.value,
                cdw10=f"{status.cdw10:#x}",
            )

    def recover(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, bool]:
        """See Recovering. After a sanitize that failed the drive takes no data until it is told
        to leave that mode; where the failed command did not allow that, until another one of its
        restricted kind has succeeded (Base 8.21, "Sanitize Operations")."""
        session, follower = self._session(device, record, stop)
        status, shown = yield from _look(session)
        if job.reattach or status is None or status.state is not SanitizeState.FAILED:
            return True
        yield shown
        answer = yield from session.run(exit_failure_mode(), _COMMAND_MS)
        if not isinstance(answer, OSError) and answer.ok:
            return True
        ended = yield from self._give_and_follow(session, follower, job, marked=False)
        if ended is None or ended.step is WatchStep.FINISHED:
            return ended is not None
        yield follower.unfinished(ended, "Sanitize")
        return False

    def run(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, bool]:
        """See Procedure."""
        session, follower = self._session(device, record, stop)
        ended = yield from self._give_and_follow(session, follower, job, marked=True)
        if ended is None:
            return False
        if ended.step is WatchStep.FINISHED:
            name = sanitize(job.attempt.technique).name
            facts = {**ended.facts, "percent": 100}
            yield from follower.finished(job, name, follower.meter.elapsed_s, facts)
            return True
        yield follower.unfinished(ended, "Sanitize")
        if ended.step is WatchStep.FAILED:  # so that a fallback can write to the drive
            yield from session.run(exit_failure_mode(), _COMMAND_MS)
        return False

    def _session(
        self, device: BlockFile, record: Record, stop: StopFlag
    ) -> tuple[NvmeSession, Follower]:
        meter = Meter(record.drive, record.phase, device.size_bytes)
        session = NvmeSession(self._admin, device, record, stop, meter)
        return session, Follower(record, meter, session.check_stop, device.size_bytes)

    def _give_and_follow(
        self, session: NvmeSession, follower: Follower, job: Job, *, marked: bool
    ) -> Generator[Update, None, StatusReading | None]:
        """The last look; None where the command was refused (which was told). `marked`: the marks
        stand, so that this command is the one that counts."""
        purge = marked and _must_purge(job)
        command = sanitize(job.attempt.technique, restricted=not marked, purge=purge)
        before: SanitizeStatus | None = None
        if not job.reattach:
            before, shown = yield from _look(session)
            yield shown
            answer = yield from session.run(command, _COMMAND_MS)
            if isinstance(answer, OSError) or not answer.ok:
                yield session.failed(command, answer)
                return None
            if marked:
                yield follower.record.observe(
                    ObservationKind.COMMAND_ACCEPTED, command=command.name
                )
        watch = SanitizeWatch(
            command.cdw10, before, self._stuck_after_s, time.monotonic(), earlier=job.reattach
        )
        return (yield from follower.follow(_Watched(session, watch)))


def _must_purge(job: Job) -> bool:
    """What is claimed to be a purge, of a drive that tells whether it was one."""
    nvme = job.capabilities.nvme if job.capabilities else None
    told = nvme is not None and nvme.sanitize_purge is Support.YES
    return told and job.attempt.claims is Method.PURGE


@dataclass(slots=True)
class _Watched:
    """Implements following.Watched. `last`: the log, as it could be read the last time."""

    session: NvmeSession
    watch: SanitizeWatch
    last: SanitizeStatus | None = None
    command: str = sanitize_status().name

    def look(self) -> Generator[Update, None, StatusReading]:
        now, shown = yield from _look(self.session)
        self.last = now or self.last
        step = self.watch.see(now, time.monotonic())
        running = now is not None and now.state is SanitizeState.RUNNING
        progress = now.progress if now is not None and running else None
        return StatusReading(step, shown, self.watch.seen_running, progress, _facts(self.last))


def _look(
    session: NvmeSession,
) -> Generator[Update, None, tuple[SanitizeStatus | None, CommandRan]]:
    """The log (None: it could not be read), and the event that shows it."""
    command = sanitize_status()
    answer = yield from session.send(command, _LOG_MS)
    shown = session.ran(command, answer)
    if isinstance(answer, OSError) or not answer.ok:
        return None, shown
    try:
        return parse_sanitize_status(answer.data), shown
    except ToolError:
        return None, shown  # the event carries what it was; without a log there is no end


def _facts(status: SanitizeStatus | None) -> Facts:
    if status is None:
        return {"state": SanitizeState.UNKNOWN.value}
    return {
        "state": status.state.value,
        "percent": percent(status.progress),
        "sstat": f"{status.sstat:#06x}",
        "cdw10": f"{status.cdw10:#010x}",
    }
